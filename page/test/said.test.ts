import { describe, expect, it } from "vitest";
import type { Details } from "../src/api/types";
import { likely, verdict } from "../src/detail/verdict";
import { added } from "../src/state/collections";
import { above, keep, toExport, toScan, toSort } from "../src/state/folders";

const FAMILIES = [
  { name: "kick", labels: ["kick"] },
  { name: "percussion", labels: ["shaker", "cowbell"] },
  { name: "other", labels: ["other", "loop"] },
  { name: "unsure", labels: ["unsure"] },
];
const sound = (facts: Partial<Details>): Details => ({
  id: 1,
  name: "a.wav",
  path: "/a.wav",
  pack: "",
  size: 1,
  missing: false,
  correction: null,
  keywords: [],
  hidden: false,
  collections: [],
  ...facts,
});

describe("a verdict", () => {
  it("is as sure as its family", () => {
    const said = verdict(sound({ family: "kick", label: "kick", confidence: 0.92 }), FAMILIES);
    expect(said).toEqual({ label: "kick", sure: "92% sure", reason: "" });
  });
  it("that is unsure is not sure of anything", () => {
    const reason = "cut short; best guess shaker at 0.63, below 0.68; as you taught it";
    const facts = { family: "unsure", label: "unsure", guess: "shaker", confidence: 0.63, reason };
    expect(verdict(sound(facts), FAMILIES)).toEqual({
      label: "unsure",
      sure: "best guess shaker",
      reason: "percussion 63%, too little to be sure; cut short; as you taught it",
    });
  });
  it("of a person needs no reason", () => {
    const facts = { label: "loop", confidence: 1, correction: "loop", reason: "you said so" };
    expect(verdict(sound(facts), FAMILIES)).toEqual({
      label: "loop",
      sure: "you said so",
      reason: "",
    });
  });
  it("is none where nothing was heard", () => {
    const said = verdict(sound({ reason: "It is silent." }), FAMILIES);
    expect(said).toEqual({ label: "not heard", sure: "", reason: "It is silent." });
  });
});

describe("what it could be", () => {
  it("has the sum of a family before its labels", () => {
    const { family, labels } = likely({ kick: 0.4, shaker: 0.35, cowbell: 0.25 }, FAMILIES);
    expect(family).toMatchObject({ name: "percussion", score: 0.6 });
    expect(labels.map(({ name, family }) => [name, family])).toEqual([
      ["kick", "kick"],
      ["shaker", "percussion"],
      ["cowbell", "percussion"],
    ]);
  });
  it("has no sum of one label", () =>
    expect(likely({ kick: 0.9, shaker: 0.1 }, FAMILIES).family).toBeNull());
});

describe("what went into a collection", () => {
  const kit = {
    number: 2,
    name: "dusty",
    count: 12,
    changed: 7,
    step: 1,
    query: null,
    kit: false,
    failures: [],
  };
  it("is counted as it is", () => {
    expect(added(kit, 7)).toBe("7 sounds added: dusty has 12.");
    expect(added({ ...kit, changed: 1 }, 7)).toBe(
      "1 of 7 sounds added, the others were in it: dusty has 12.",
    );
    expect(added({ ...kit, changed: 0 }, 7)).toBe("7 sounds: in dusty already.");
    expect(added({ ...kit, changed: 6, query: null, failures: ["a.wav is gone."] }, 7)).toBe(
      "6 of 7 sounds added: dusty has 12.",
    );
  });
});

describe("a folder to begin at", () => {
  it("is by what was scanned and sorted", () => {
    const scanned = ["/music/Samples", "/music/Sorted"];
    const run = (into: string) => [
      {
        id: "1",
        action: "copy" as const,
        into,
        made_at: "",
        state: "finished" as const,
        count: 1,
        files: 1,
      },
    ];
    expect(toScan([])).toBe("");
    expect(toScan(scanned)).toBe("/music/Samples");
    expect(toSort([], [])).toBe("");
    expect(toSort(scanned, [])).toBe("/music/Samples sorted");
    expect(toSort(scanned, run("/elsewhere"))).toBe("/elsewhere");
    const undone = run("/undone").map((past) => ({ ...past, state: "undone" as const }));
    expect(toSort(scanned, [...undone, ...run("/elsewhere")])).toBe("/elsewhere");
    expect(toSort(scanned, undone)).toBe("/music/Samples sorted");
    expect(toSort(scanned, run("/music/Sorted/deep"))).toBe("/music/Samples sorted");
    expect(toExport(scanned)).toBe("/music");
  });
  it("is the one that was used last", () => {
    keep("export", "/kits");
    expect(toExport(["/music/Samples"])).toBe("/kits");
  });
  it("is in the one above", () =>
    expect(["/a/b", "/a/b/", "/a", "/", "C:\\a\\b"].map(above)).toEqual([
      "/a",
      "/a",
      "/",
      "/",
      "C:\\a",
    ]));
});
