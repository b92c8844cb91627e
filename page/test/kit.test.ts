import { describe, expect, it } from "vitest";
import { chokedBy, padOfKey, PADS, ROLES, ROWS } from "../src/kit/pads";
import {
  lasts,
  MOST_STEPS,
  nextVelocity,
  SILENCE,
  STARTS,
  struck,
  timeOf,
} from "../src/kit/pattern";

describe("pads", () => {
  it("have a note and a key each, and lie in four rows", () => {
    expect(PADS).toBe(16);
    for (const of of ["note", "key"] as const)
      expect(new Set(ROLES.map((role) => role[of])).size).toBe(16);
    expect(ROWS.flat().toSorted((a, b) => a - b)).toEqual([...Array(16).keys()]);
    expect(ROLES.map((role) => padOfKey(role.key.toUpperCase()))).toEqual([...Array(16).keys()]);
    expect(padOfKey("p")).toBeUndefined();
  });
  it("of hats cut each other off", () => {
    const hats = ROLES.flatMap(({ name }, pad) => (name.endsWith("hat") ? [pad] : []));
    for (const hat of hats) expect(chokedBy(hat)).toEqual(hats.filter((other) => other !== hat));
    expect(chokedBy(0)).toEqual([]);
  });
});

describe("a beat", () => {
  it("is in time, with every second step late where it swings", () => {
    const straight = { tempo: 120, swing: 0 };
    expect([0, 1, 2, 4].map((step) => timeOf(step, straight))).toEqual([0, 0.125, 0.25, 0.5]);
    const triplet = { tempo: 120, swing: 1 };
    expect(timeOf(1, triplet)).toBeCloseTo((0.25 * 2) / 3);
    expect(timeOf(2, triplet)).toBe(0.25);
    expect(lasts({ ...SILENCE, ...triplet, length: 16 })).toBeCloseTo(2);
  });
  it("changes at one step of one pad", () => {
    const changed = struck(SILENCE, 3, 5, 0.5);
    expect(changed.hits.flat().filter(Boolean)).toEqual([0.5]);
    expect(changed.hits[3][5]).toBe(0.5);
    expect(SILENCE.hits.flat().some(Boolean)).toBe(false);
  });
  it("goes from none to hard to soft", () =>
    expect([0, 1, 0.5].map(nextVelocity)).toEqual([1, 0.5, 0]));
  it("to start from there are six, of whole bars, each with a kick", () => {
    const starts = Object.values(STARTS);
    expect(starts.length).toBe(6);
    for (const { length, hits } of starts) {
      expect(length % 16).toBe(0);
      expect(hits.length).toBe(PADS);
      for (const row of hits) expect(row.length).toBe(MOST_STEPS);
      expect(hits[0].slice(0, length).some(Boolean)).toBe(true);
      expect(hits.every((row) => row.slice(length).every((hit) => hit === 0))).toBe(true);
    }
  });
});
