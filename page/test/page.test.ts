import { describe, expect, it } from "vitest";
import { readPage } from "../src/sounds/page";
import { joined, merged, NOTHING } from "../src/sounds/sounds";
import { type Names } from "../src/sounds/names";
import { packed } from "./bytes";

const listed = (names: Names) => Array.from({ length: names.length }, (_, row) => names.at(row));

describe("a page of sounds", () => {
  it("comes back as it was sent", () => {
    const page = readPage(
      packed({
        names: ["a.wav", "snare.wav", "x"],
        columns: {
          id: [7, 4_000_000_000, 9],
          confidence: [0.5, 1, 0.25],
          pack: [1, 0, 1],
          folder: [0, 70_000, 1],
        },
      }),
    );
    expect(listed(page.names)).toEqual(["a.wav", "snare.wav", "x"]);
    expect([...page.columns.id]).toEqual([7, 4_000_000_000, 9]);
    expect([...page.columns.confidence]).toEqual([0.5, 1, 0.25]);
    expect([...page.columns.pack]).toEqual([1, 0, 1]);
    expect([...page.columns.folder]).toEqual([0, 70_000, 1]);
  });

  it("cuts names by bytes, not by letters", () => {
    const names = ["Größe 🥁.wav", "", "<img src=x>.wav", "日本.wav"];
    expect(listed(readPage(packed({ names })).names)).toEqual(names);
  });

  it("keeps NaN for what has no place", () => {
    const { columns } = readPage(packed({ names: ["a"], columns: { x: [Number.NaN] } }));
    expect(columns.x[0]).toBeNaN();
  });

  it("is refused where a column is missing", () => {
    const text = new TextDecoder("latin1").decode(packed({ names: ["a"] }));
    const broken = Uint8Array.from(text.replace('"pitch"', '"pitsh"'), (c) => c.charCodeAt(0));
    expect(() => readPage(broken.buffer)).toThrow("no column 'pitch'");
  });
});

describe("all sounds", () => {
  const first = readPage(packed({ names: ["a", "b"], columns: { id: [1, 2] } }));
  const second = readPage(packed({ names: ["c"], columns: { id: [3], label: [2] } }));

  it("are the pages one after the other", () => {
    const sounds = joined([first, second]);
    expect(sounds.count).toBe(3);
    expect(listed(sounds.names)).toEqual(["a", "b", "c"]);
    expect(sounds.rowOf.get(3)).toBe(2);
    expect(sounds.columns.label[2]).toBe(2);
    expect(sounds.folders[1]).toBe("Samples/Deep/Low Toms");
  });

  it("take changes in place and new ones at the end", () => {
    const before = joined([first, second]);
    const columns = { id: [9, 2], corrected: [0, 1] };
    const after = merged(before, readPage(packed({ version: 2, names: ["d", "b2"], columns })));
    expect(after.version).toBe(2);
    expect(listed(after.names)).toEqual(["a", "b2", "c", "d"]);
    expect([...after.columns.id]).toEqual([1, 2, 3, 9]);
    expect([...after.columns.corrected]).toEqual([0, 1, 0, 0]);
    expect(listed(before.names)).toEqual(["a", "b", "c"]);
  });

  it("begin with nothing", () => {
    expect(listed(merged(NOTHING, first).names)).toEqual(["a", "b"]);
  });
});
