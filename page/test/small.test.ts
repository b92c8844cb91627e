import { describe, expect, it } from "vitest";
import { Recent } from "../src/audio/lru";
import { MAGMA } from "../src/detail/magma";
import { deeper } from "../src/list/columns";
import { scrolledTo, visible } from "../src/list/window";
import { nested } from "../src/panels/nested";
import { coloursOf, spoken, spokenFamily } from "../src/sounds/families";
import { clock, decibels, hertz, note, seconds } from "../src/sounds/words";
import { Pace } from "../src/state/pace";
import { moved, nearer } from "../src/ui/thumbs";

describe("what was used last", () => {
  it("stays, the rest is forgotten by weight", () => {
    const recent = new Recent<string, number>(10, (weight) => weight);
    recent.set("a", 4);
    recent.set("b", 4);
    recent.get("a");
    recent.set("c", 4);
    expect(["a", "b", "c"].map((key) => recent.has(key))).toEqual([true, false, true]);
  });
  it("keeps one that is heavier than all", () => {
    const recent = new Recent<string, number>(10, (weight) => weight);
    recent.set("a", 50);
    expect(recent.get("a")).toBe(50);
    recent.set("b", 1);
    expect([recent.has("a"), recent.has("b")]).toEqual([false, true]);
  });
});

describe("the pace of a job", () => {
  it("is that of the last seconds", () => {
    const pace = new Pace();
    const done = (second: number) => (second < 50 ? second : 50 * (second - 49));
    for (let second = 0; second <= 60; second++) pace.at(1, done(second), second);
    expect(pace.rate()).toBeCloseTo(50, 0);
    expect(pace.left(1050)).toBeCloseTo(10, 0);
  });
  it("is not known at once, nor when another began", () => {
    const pace = new Pace();
    pace.at(1, 0, 0);
    expect(pace.rate()).toBeNull();
    pace.at(1, 10, 1);
    expect(pace.rate()).toBeCloseTo(10);
    pace.at(2, 0, 2);
    expect([pace.rate(), pace.left(100)]).toEqual([null, null]);
  });
});

describe("the window of the list", () => {
  it("has what is to be seen and a little more", () => {
    const { first, last } = visible(3600, 360, 36, 1000);
    expect(first).toBeLessThanOrEqual(100);
    expect(last).toBeGreaterThanOrEqual(110);
    expect(last - first).toBeLessThan(30);
  });
  it("ends with the list", () => expect(visible(0, 360, 36, 3)).toEqual({ first: 0, last: 3 }));
  it("scrolls as little as possible", () => {
    expect(scrolledTo(5, 100, 200, 36)).toBe(100);
    expect(scrolledTo(1, 100, 200, 36)).toBe(36);
    expect(scrolledTo(20, 100, 200, 36)).toBe(21 * 36 - 200);
  });
});

describe("the path beside a pack", () => {
  it("is what the pack does not say", () =>
    expect(
      [
        ["Samples/Big/Toms/Low", "Big"],
        ["Samples/Big", "Big"],
        ["Samples", "Samples"],
        ["Big/Big/Toms", "Big"],
        ["Samples/x", "another"],
      ].map(([folder, pack]) => deeper(folder, pack)),
    ).toEqual(["Toms/Low", "", "", "Toms", "Samples/x"]));
});

describe("two thumbs", () => {
  it("come to a click, the nearer one; of two at one place, the one that can", () => {
    expect([10, 44, 46, 90].map((step) => nearer([20, 70], step))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([40, 60].map((step) => nearer([50, 50], step))).toEqual([true, false]);
  });
  it("do not pass each other", () => {
    expect(moved([20, 60], true, 70, null)).toEqual([60, 60]);
    expect(moved([20, 60], false, 10, null)).toEqual([20, 20]);
    expect(moved([20, 60], true, 30, null)).toEqual([30, 60]);
  });
  it("go apart either way, whichever of them lies on top", () => {
    for (const first of [true, false]) {
      expect(moved([60, 60], first, 30, 60)).toEqual([30, 60]);
      expect(moved([30, 60], first, 80, 60)).toEqual([60, 80]);
    }
  });
});

describe("words", () => {
  it("name notes", () =>
    expect([440, 55, 261.63, 0, Number.NaN].map(note)).toEqual(["A4", "A1", "C4", "", ""]));
  it("have units", () => {
    expect([0.078, 1.5].map(seconds)).toEqual(["78 ms", "1.50 s"]);
    expect([440, 2429, 18_364].map(hertz)).toEqual(["440 Hz", "2.4 kHz", "18 kHz"]);
    expect([5, 65, 3725].map(clock)).toEqual(["0:05", "1:05", "1:02:05"]);
  });
  it("write labels as people do, and own classes as they are", () =>
    expect(["closed_hat", "other", "Vox"].map(spoken)).toEqual([
      "closed hat",
      "other sound",
      "Vox",
    ]));
  it("tell the family that is no drum from its label", () =>
    expect(["other", "hat", "Vox"].map(spokenFamily)).toEqual(["not a drum", "hat", "Vox"]));
  it("are as exact on both sides of ten kilohertz", () =>
    expect([9949, 9960, 10_040].map(hertz)).toEqual(["9.9 kHz", "10 kHz", "10 kHz"]));
  it("know no nothing that is less than nothing", () =>
    expect([-0.04, 0, -6.25].map(decibels)).toEqual(["0.0 dB", "0.0 dB", "−6.2 dB"]));
});

describe("colours", () => {
  const names = "kick snare hat tom cymbal clap percussion Vox Fx other unsure".split(" ");
  it("differ between families, own classes included", () => {
    for (const dark of [true, false])
      expect(new Set(coloursOf(names, dark)).size).toBe(names.length);
  });
  it("of magma grow brighter", () => {
    const bright = (level: number) =>
      MAGMA[level * 3] + MAGMA[level * 3 + 1] + MAGMA[level * 3 + 2];
    for (let level = 16; level < 256; level += 16)
      expect(bright(level)).toBeGreaterThan(bright(level - 16));
  });
});

describe("the tree of a plan", () => {
  it("has the folders above, with all that is in them", () => {
    const lines = nested([
      { path: "hat/open", count: 2, examples: ["a", "b"] },
      { path: "hat/closed", count: 3, examples: ["c"] },
      { path: "kick", count: 1, examples: ["d"] },
    ]);
    expect(lines.map(({ name, depth, count }) => [name, depth, count])).toEqual([
      ["hat", 0, 5],
      ["open", 1, 2],
      ["closed", 1, 3],
      ["kick", 0, 1],
    ]);
  });
});
