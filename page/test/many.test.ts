/** What makes a million sounds possible: names as bytes, arrays in place of maps, a picture of density. */

import { describe, expect, it } from "vitest";
import { densityOf } from "../src/map/density";
import { Near } from "../src/map/near";
import { BACK, SELECTED, SHOWN } from "../src/map/paint";
import { MOST, Window } from "../src/map/window";
import { filterRows, ALL } from "../src/sounds/filter";
import { Listed } from "../src/sounds/listed";
import { Names } from "../src/sounds/names";
import { readPage } from "../src/sounds/page";
import { keyOfNumber, sortedBy } from "../src/sounds/radix";
import { rowOfIds } from "../src/sounds/rowOf";
import { sortRows } from "../src/sounds/sort";
import { joined } from "../src/sounds/sounds";
import { packed } from "./bytes";

const NAN = Number.NaN;
const namesOf = (names: string[]) => readPage(packed({ names })).names;
const listed = (names: Names) => Array.from({ length: names.length }, (_, row) => names.at(row));
const soundsOf = (names: string[]) => joined([readPage(packed({ names }))]);

describe("names", () => {
  it("are joined and replaced as a list would be", () => {
    const joint = Names.joined([namesOf(["Kick", "Größe"]), namesOf([]), namesOf(["", "日本"])]);
    expect(listed(joint)).toEqual(["Kick", "Größe", "", "日本"]);
    const after = joint.with(Uint32Array.of(5, 1, 4, 0), namesOf(["f", "snare drum", "e", "K"]));
    expect(listed(after)).toEqual(["K", "snare drum", "", "日本", "e", "f"]);
    expect(joint.with(Uint32Array.of(2, 1), namesOf(["", "Größe"]))).toBe(joint);
  });

  it("are found where they contain a word, and not from one to the next", () => {
    const plain = namesOf(["Kick A", "B kick", "ki", "ck"]);
    expect([...plain.containing("kick")]).toEqual([1, 1, 0, 0]);
    const names = namesOf(["Größe", "e\u0301tude", "ein GROSSER"]);
    expect([...names.containing("gro")]).toEqual([1, 0, 1]);
    expect([...names.containing("etude")]).toEqual([0, 1, 0]);
  });

  it("sort by their letters, long ones that begin alike too", () => {
    const names = ["drum machine b", "Drum Machine A", "drum", "drum machine a", "日", "é", "a"];
    const sounds = soundsOf(names);
    const all = Uint32Array.from(names, (_, row) => row);
    const sorted = (descending: boolean) =>
      [...sortRows(sounds, all, { by: "name", descending })].map((row) => names[row]);
    const rising = ["a", "drum", "Drum Machine A", "drum machine a", "drum machine b", "é", "日"];
    expect(sorted(false)).toEqual([rising[0], rising[1], ...rising.slice(2)]);
    expect(sorted(true)[0]).toBe("日");
  });
});

describe("sorting by numbers", () => {
  const values = [3, NAN, -1.5, 0, -0, 3, 1e-30, -1e30, Infinity];
  const rows = Uint32Array.from(values, (_, row) => row);
  const sorted = (descending: boolean) => [
    ...sortedBy(rows, (row) => keyOfNumber(values[row], descending)),
  ];
  it("goes up", () => expect(sorted(false)).toEqual([7, 2, 3, 4, 6, 0, 5, 8, 1]));
  it("goes down; equal ones stay in their order, none comes last", () =>
    expect(sorted(true)).toEqual([8, 0, 5, 6, 3, 4, 2, 7, 1]));
});

describe("rows by id", () => {
  it.each([[[7, 0, 3]], [[4_000_000_000, 2, 9]]])("are found: %j", (ids) => {
    const rowOf = rowOfIds(Uint32Array.from(ids));
    expect(ids.map((id) => rowOf.get(id))).toEqual([0, 1, 2]);
    expect([rowOf.get(8), rowOf.has(8), rowOf.has(ids[1])]).toEqual([undefined, false, true]);
  });
  it("have a place in the list", () => {
    const listed = new Listed(soundsOf(["a", "b", "c"]), Uint32Array.of(2, 0));
    expect([0, 1, 2, 3].map((id) => listed.get(id))).toEqual([1, undefined, 0, undefined]);
    expect([[...listed.keys()], listed.has(1)]).toEqual([[2, 0], false]);
  });
});

describe("a collection", () => {
  it("may hold sounds that are not there", () => {
    const { rows } = filterRows(soundsOf(["a", "b"]), ALL, new Set([1, 77]));
    expect([...rows]).toEqual([1]);
  });
});

describe("the picture of density", () => {
  const places = (x: number[], y: number[], family: number[]) => ({
    count: x.length,
    columns: {
      x: Float32Array.from(x),
      y: Float32Array.from(y),
      family: Uint8Array.from(family),
    },
    families: ["kick", "snare"],
  });
  const colours = [
    [200, 0, 0],
    [0, 0, 100],
  ] as const;
  const box = { left: 0, right: 2, low: 0, high: 2 };
  const at = (pixels: Uint8ClampedArray, nth: number) => [...pixels.subarray(4 * nth, 4 * nth + 4)];

  it("has the mean colour of each cell, and is denser where there is more", () => {
    const x = [0.5, 0.6, 0.5, 1.5, 9, NAN];
    const drawn = places(x, [1.5, 1.5, 0.5, 0.5, 0, NAN], [0, 1, 0, 1, 0, 0]);
    const { pixels } = densityOf(drawn, null, box, [2, 2], colours, () => true);
    expect(at(pixels, 0).slice(0, 3)).toEqual([100, 0, 50]);
    expect(at(pixels, 1)).toEqual([0, 0, 0, 0]);
    expect(at(pixels, 2).slice(0, 3)).toEqual([200, 0, 0]);
    expect(at(pixels, 0)[3]).toBeGreaterThan(at(pixels, 2)[3]);
  });

  it("shows what is filtered out faintly, and only where nothing else is", () => {
    const drawn = places([0.5, 0.5, 0.5, 1.5], [0.5, 0.5, 0.5, 0.5], [1, 1, 0, 1]);
    const { pixels } = densityOf(drawn, null, box, [2, 2], colours, (row) => row === 2);
    expect(at(pixels, 2).slice(0, 3)).toEqual([200, 0, 0]);
    expect([at(pixels, 3)[3] > 0, at(pixels, 3)[3] < 60]).toEqual([true, true]);
  });
});

describe("what is drawn of many points", () => {
  const count = MOST + 1;
  const side = Math.ceil(Math.sqrt(count));
  const spread = (row: number) => ((row % side) / side) * 2 - 1;
  const columns = {
    x: Float32Array.from({ length: count }, (_, row) => spread(row)),
    y: Float32Array.from({ length: count }, (_, row) => spread(Math.floor(row / side))),
    family: new Uint8Array(count),
  };
  const places = { count, columns, families: ["kick"] };
  const near = new Near(places);
  const view = { width: 400, height: 400 };
  const far = { x: 0, y: 0, scale: 180 };
  const close = { x: 0.5, y: -0.5, scale: 2000 };
  const windowOf = (states: Uint8Array) =>
    new Window(places, () => near, states, -1, [[200, 0, 0]]);

  it("is a picture far out, and the points around the view near in", () => {
    const window = windowOf(new Uint8Array(count).fill(SHOWN));
    const whole = window.at(far, view);
    expect([whole.density !== null, whole.points.states.length]).toEqual([true, 0]);
    expect(window.at({ ...far, x: 0.01 }, view)).toBe(whole);
    const { density, points } = window.at(close, view);
    expect(density).toBeNull();
    for (let nth = 0; nth < points.states.length; nth++) {
      expect(Math.abs(points.places[2 * nth] - 0.5)).toBeLessThan(0.3);
      expect(Math.abs(points.places[2 * nth + 1] + 0.5)).toBeLessThan(0.3);
    }
    const shown = { left: 0.4, right: 0.6, low: -0.6, high: -0.4 };
    expect(points.states.length).toBeGreaterThanOrEqual(near.touching(shown).length);
  });

  it("is a few as points even far out: those that are shown, else those that are selected", () => {
    const states = new Uint8Array(count).fill(BACK);
    states.fill(SHOWN, 10, 30);
    const filtered = windowOf(states).at(far, view);
    expect([filtered.density !== null, filtered.points.states.length]).toEqual([true, 20]);
    states.fill(SHOWN);
    states.fill(SELECTED, 5, 8);
    expect([...windowOf(states).at(far, view).points.states]).toEqual(Array(3).fill(SELECTED));
  });

  it("is all points where they are not too many", () => {
    const few = { ...places, count: 3, columns: { ...columns, x: columns.x.slice(0, 3) } };
    const window = new Window(few, () => near, new Uint8Array(3).fill(SHOWN), -1, []);
    expect(window.at(close, view)).toBe(window.at(far, view));
    expect(window.at(far, view).points.states.length).toBe(3);
  });
});
