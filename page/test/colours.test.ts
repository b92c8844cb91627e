import { describe, expect, it } from "vitest";
import { coloursOf } from "../src/sounds/families";
import { shapesOf } from "../src/sounds/shapes";
import { apart, EYES, lab, luminance } from "./seen";

const OWN = ["Vox", "Fx", "Foley", "Riser"];
const NAMES = [..."kick snare hat tom cymbal clap percussion other unsure".split(" "), ...OWN];
const GROUNDS = { dark: ["#0e1014", "#14171c", "#1d2128"], light: ["#eef0f3", "#ffffff"] };

describe("the distance of colours", () => {
  it("is that of the published pairs", () => {
    const pairs = [
      [50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425],
      [50, 2.5, 0, 73, 25, -18, 27.1492],
      [50, -0.001, 2.49, 50, 0.0011, -2.49, 4.7461],
      [50, 2.5, 0, 50, 0, -2.5, 4.3065],
      [22.7233, 20.0904, -46.694, 23.0331, 14.973, -42.5619, 2.0373],
      [2.0776, 0.0795, -1.135, 0.9033, -0.0636, -0.5514, 0.9082],
    ];
    for (const [l1, a1, b1, l2, a2, b2, far] of pairs)
      expect(apart([l1, a1, b1], [l2, a2, b2])).toBeCloseTo(far, 3);
  });
});

describe.each(["dark", "light"] as const)("colours in the %s theme", (theme) => {
  const colours = coloursOf(NAMES, theme === "dark");
  it.each(EYES)("are told apart by %s", (eyes) => {
    const near: string[] = [];
    colours.forEach((one, nth) =>
      colours.slice(0, nth).forEach((other, before) => {
        const far = apart(lab(one, eyes), lab(other, eyes));
        if (far < 10) near.push(`${NAMES[before]} ${NAMES[nth]} ${far.toFixed(1)}`);
      }),
    );
    expect(near).toEqual([]);
  });
  it("stand out from the ground", () => {
    for (const ground of GROUNDS[theme])
      colours.forEach((colour, nth) => {
        const [high, low] = [luminance(colour), luminance(ground)].sort((a, b) => b - a);
        const least = NAMES[nth] === "unsure" ? 2.2 : 3;
        expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(least);
      });
  });
});

it("families have a shape each", () => expect(new Set(shapesOf(NAMES)).size).toBe(NAMES.length));
