import { describe, expect, it } from "vitest";
import { active, ALL, filterRows, folded, type Filters } from "../src/sounds/filter";
import { readPage } from "../src/sounds/page";
import { sortRows, type SortName } from "../src/sounds/sort";
import { joined } from "../src/sounds/sounds";
import { packed } from "./bytes";

const NAN = Number.NaN;
const sounds = joined([
  readPage(
    packed({
      names: ["Boom.wav", "tick.wav", "Snap.wav", "boom 2.wav"],
      columns: {
        id: [10, 11, 12, 13],
        family: [0, 1, 2, 0],
        guess: [0, 1, 1, 0],
        label: [0, 2, 3, 0],
        pack: [0, 1, 1, 0],
        folder: [0, 1, 0, 0],
        confidence: [0.9, 0.5, 0.3, 0.7],
        corrected: [0, 0, 0, 1],
        hidden: [0, 0, 0, 0],
        duration: [1, 0.1, 0.5, 2],
        brightness: [100, 8000, 3000, 200],
        pitch: [50, NAN, 60, 40],
      },
    }),
  ),
]);
const found = (change: Partial<Filters>, members: Set<number> | null = null) => [
  ...filterRows(sounds, { ...ALL, ...change }, members).rows,
];

describe("filters", () => {
  it("let all pass where none is on", () => expect(found({})).toEqual([0, 1, 2, 3]));
  it("search names whatever the case", () => expect(found({ search: "bOOm" })).toEqual([0, 3]));
  it("search packs", () => expect(found({ search: "deep" })).toEqual([1, 2]));
  it("search folders", () => expect(found({ search: "deep/low" })).toEqual([1]));
  it("search labels as they are read", () => expect(found({ search: "closed" })).toEqual([1]));
  it("search names whatever their accents, and however these are written", () => {
    const accented = joined([
      readPage(packed({ names: ["Café.wav".normalize("NFC"), "CAFÉ.wav".normalize("NFD"), "a"] })),
    ]);
    for (const search of ["cafe", "Café".normalize("NFC"), "cafÉ".normalize("NFD")])
      expect([...filterRows(accented, { ...ALL, search }).rows]).toEqual([0, 1]);
    expect(["ﬁll", "İ", "Ａ１", "Большой"].map(folded)).toEqual(["fill", "i", "a1", "большои"]);
  });
  it("want every word", () => expect(found({ search: "boom 2" })).toEqual([3]));
  it("know families", () => expect(found({ families: ["kick"] })).toEqual([0, 3]));
  it("join families", () => expect(found({ families: ["kick", "snare"] })).toEqual([0, 1, 3]));
  it("know labels", () => expect(found({ labels: ["closed_hat"] })).toEqual([1]));
  it("know packs", () => expect(found({ packs: ["Deep"] })).toEqual([1, 2]));
  it("pass nothing for a name that is gone", () => expect(found({ packs: ["x"] })).toEqual([]));
  it("take both ends of a range", () => expect(found({ duration: [0.5, 1] })).toEqual([0, 2]));
  it("take a range without an end", () =>
    expect(found({ brightness: [1000, Infinity] })).toEqual([1, 2]));
  it("show the unsure", () => expect(found({ unsure: true })).toEqual([2]));
  it("show the unsure whose best guess is of a family", () => {
    expect(found({ unsure: true, families: ["snare"] })).toEqual([2]);
    expect(found({ unsure: true, families: ["kick"] })).toEqual([]);
    expect(found({ unsure: true, families: ["kick", "unsure"] })).toEqual([2]);
  });
  it("show the corrected", () => expect(found({ corrected: true })).toEqual([3]));
  it("show a collection", () => expect(found({}, new Set([11, 13]))).toEqual([1, 3]));
  it("all have to pass", () => expect(found({ families: ["kick"], search: "2" })).toEqual([3]));
  it("leave counts of what each of the other kinds lets pass", () => {
    const counts = (change: Partial<Filters>) => {
      const { families, labels, packs, unsure, corrected } = filterRows(sounds, {
        ...ALL,
        ...change,
      });
      const named = (names: readonly string[], numbers: Uint32Array) =>
        Object.fromEntries(names.map((name, code) => [name, numbers[code]]).filter(([, n]) => n));
      return {
        families: named(sounds.families, families),
        labels: named(sounds.labels, labels),
        packs: named(sounds.packs, packs),
        unsure,
        corrected,
      };
    };
    const all = counts({});
    expect([all.unsure, all.corrected]).toEqual([1, 1]);
    expect(filterRows(sounds, ALL).families.reduce((sum, n) => sum + n)).toBe(4);
    // Its own filter takes nothing from a family's count; the search does.
    expect(counts({ families: ["kick"] }).families).toEqual(all.families);
    expect(counts({ families: ["kick"] }).packs).not.toEqual(all.packs);
    expect(counts({ search: "boom" }).families).toEqual({ kick: 2 });
    expect(counts({ search: "boom" }).unsure).toBe(0);
    expect(counts({ packs: ["Deep"] }).packs).toEqual(all.packs);
    expect(counts({ packs: ["Deep"] }).families).not.toEqual(all.families);
    expect(counts({ corrected: true })).toMatchObject({ corrected: 1, families: { kick: 1 } });
  });
  describe("of what a person hid", () => {
    const away = { ...sounds, columns: { ...sounds.columns, hidden: Uint8Array.of(0, 1, 0, 1) } };
    const pass = (change: Partial<Filters>, anyHidden = false, sets: Set<number>[] = []) =>
      filterRows(away, { ...ALL, ...change }, null, undefined, { sets, anyHidden });
    it("leave it out, also of counts, and count it", () => {
      expect([...pass({}).rows]).toEqual([0, 2]);
      expect(pass({}).hidden).toBe(2);
      expect(pass({}).families.reduce((sum, n) => sum + n)).toBe(2);
      expect(pass({ search: "tick" }).hidden).toBe(1);
    });
    it("show nothing else when asked to", () =>
      expect([...pass({ hidden: true }).rows]).toEqual([1, 3]));
    it("let a query decide that asks for it", () =>
      expect([...pass({}, true).rows]).toEqual([0, 1, 2, 3]));
    it("want a sound in each of several sets", () =>
      expect([...pass({}, true, [new Set([10, 11]), new Set([11, 12])]).rows]).toEqual([1]));
  });
  it("are counted, without the search", () =>
    expect(active({ ...ALL, search: "x", families: ["kick"], duration: [0, 1] })).toBe(2));
});

describe("sorting", () => {
  const rows = Uint32Array.of(0, 1, 2, 3);
  const sorted = (by: SortName, descending = false) => [
    ...sortRows(sounds, rows, { by, descending }),
  ];
  it("is by path at first", () => expect(sorted("path")).toEqual([0, 1, 2, 3]));
  it("is by path turned round", () => expect(sorted("path", true)).toEqual([3, 2, 1, 0]));
  it("is by name whatever the case", () => expect(sorted("name")).toEqual([3, 0, 2, 1]));
  it("turns round", () => expect(sorted("confidence", true)).toEqual([0, 3, 1, 2]));
  it("puts what has no pitch last, either way", () => {
    expect(sorted("pitch")).toEqual([3, 0, 2, 1]);
    expect(sorted("pitch", true)).toEqual([2, 0, 3, 1]);
  });
  it("is by the name of a label, not its code", () =>
    expect(sorted("label")).toEqual([1, 0, 3, 2]));
  it("keeps equal ones in path order", () => expect(sorted("pack", true)).toEqual([0, 3, 1, 2]));
  it("leaves what it was given as it is", () => {
    sorted("name");
    expect([...rows]).toEqual([0, 1, 2, 3]);
  });
});
