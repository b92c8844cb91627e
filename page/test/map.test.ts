import { describe, expect, it } from "vitest";
import { Ahead } from "../src/map/ahead";
import { fitted, panned, revealed, toMap, toScreen, zoomed } from "../src/map/camera";
import { within } from "../src/map/lasso";
import { BACK, painted, SELECTED, SHOWN } from "../src/map/paint";
import { Near } from "../src/map/near";
import { regionsOf } from "../src/map/regions";
import { readPage } from "../src/sounds/page";
import { joined } from "../src/sounds/sounds";
import { packed } from "./bytes";

const NAN = Number.NaN;
const at = (x: number[], y: number[], family: number[] = x.map(() => 0)) =>
  joined([readPage(packed({ names: x.map(String), columns: { x, y, family } }))]);
const all = () => true;
const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value));

describe("the camera", () => {
  const view = { width: 400, height: 200 };
  const camera = { x: 0.2, y: -0.1, scale: 150 };
  it("goes to the screen and back", () =>
    expect(toMap(camera, view, ...toScreen(camera, view, 0.6, 0.3))).toEqual(close([0.6, 0.3])));
  it("has y upwards", () => expect(toScreen(camera, view, 0.2, 0)[1]).toBeLessThan(100));
  it("zooms about the pointer", () => {
    const before = toMap(camera, view, 300, 40);
    expect(toMap(zoomed(camera, view, 2, 300, 40), view, 300, 40)).toEqual(close(before));
  });
  it("pans with the pointer", () =>
    expect(toMap(panned(camera, 30, -20), view, 130, 80)).toEqual(
      close(toMap(camera, view, 100, 100)),
    ));
  it("moves no further than a point needs", () => {
    expect(revealed(camera, view, 0.3, -0.2, 30)).toEqual(camera);
    const [x, y] = toMap(camera, view, 450, -20);
    expect(toScreen(revealed(camera, view, x, y, 30), view, x, y)).toEqual(close([370, 30]));
    const [left] = toMap(camera, view, 5, 100);
    expect(toScreen(revealed(camera, view, left, camera.y, 30), view, left, camera.y)).toEqual(
      close([30, 100]),
    );
  });
  it("fits all that has a place", () => {
    const found = fitted(view, [-1, 1, NAN], [0, 0.5, NAN]);
    for (const place of [
      [-1, 0],
      [1, 0.5],
    ]) {
      const [left, top] = toScreen(found, view, place[0], place[1]);
      expect(left > 0 && left < 400 && top > 0 && top < 200).toBe(true);
    }
  });
  it("fits nothing without fail", () => expect(fitted(view, [], []).scale).toBeGreaterThan(0));
});

describe("the lasso", () => {
  const dented = [
    [0, 0],
    [4, 0],
    [4, 4],
    [2, 2],
    [0, 4],
  ] as const;
  it("has what is inside", () => expect(within(dented, 1, 1)).toBe(true));
  it("leaves out what is in a dent", () => expect(within(dented, 2, 3)).toBe(false));
  it("leaves out what is beside", () => expect(within(dented, 5, 1)).toBe(false));
});

describe("what is near", () => {
  const near = new Near(at([0, 0.1, 0.2, NAN, 0.1], [0, 0, 0.05, NAN, -0.4]));
  it("is the nearest, and what has no place is not", () => {
    expect(near.nearest(0.09, 0, 0.3, all)).toBe(1);
    expect(near.nearest(5, 5, 0.3, all)).toBeUndefined();
  });
  it("passes", () => expect(near.nearest(0.09, 0, 0.3, (row) => row !== 1)).toBe(0));
  it("lies in a direction", () => {
    expect(near.towards(0, [1, 0], all)).toBe(1);
    expect(near.towards(1, [0, -1], all)).toBe(4);
    expect(near.towards(0, [-1, 0], all)).toBeUndefined();
  });
  it("lies within a line", () => {
    const box = [
      [-0.05, -0.05],
      [0.15, -0.05],
      [0.15, 0.1],
      [-0.05, 0.1],
    ] as const;
    expect(near.inside(box, all).sort()).toEqual([0, 1]);
  });
});

describe("where the pointer may be next", () => {
  it("is onwards, then around", () => {
    const ahead = new Ahead();
    ahead.of(100, 50);
    const places = ahead.of(103, 48);
    expect(places.slice(0, 2)).toEqual([
      [106, 46],
      [109, 44],
    ]);
    expect(places.some(([left, top]) => left < 100 && top > 48)).toBe(true);
  });
});

describe("how points look", () => {
  const colours = [
    [10, 20, 30],
    [40, 50, 60],
  ] as const;
  const paint = { colours, ink: colours[0], shapes: [0, 3], opacity: 0.5, lit: -1 };
  const places = Float32Array.of(0, 0, NAN, NAN, 1, 1, 1, 1);
  const states = Uint8Array.of(SHOWN, SHOWN, BACK, SELECTED);
  const families = Uint8Array.of(1, 1, 0, 0);
  it("is by family, state and place", () => {
    const { colours, radii, lines, shapes } = painted(places, families, states, paint);
    expect([...shapes]).toEqual([...families].map((family, row) => (row === 1 ? 0 : 3 * family)));
    expect([...colours.slice(0, 4)]).toEqual([40, 50, 60, 127]);
    expect([...radii].map((radius) => radius > 0)).toEqual([true, false, true, true]);
    expect(colours[11]).toBeLessThan(60);
    expect([...lines].map((line) => line > 0)).toEqual([false, false, false, true]);
  });
  it("is faint beside a family that is lit, but for what is selected", () => {
    const { colours } = painted(places, families, states, { ...paint, lit: 0 });
    expect([colours[3] < 60, colours[15]]).toEqual([true, 255]);
  });
});

describe("regions", () => {
  it("are named at the middle of each dense part", () => {
    const x = [...Array(20).fill(-0.8), ...Array(20).fill(0.8), 0];
    const y = [...Array(20).fill(0.5), ...Array(20).fill(-0.5), 0];
    const regions = regionsOf(at(x, y, [...Array(40).fill(0), 1]));
    expect(regions.map(({ family, count }) => [family, count])).toEqual([
      [0, 20],
      [0, 20],
    ]);
    expect(regions.map((region) => region.x).sort()).toEqual(close([-0.8, 0.8]));
  });
  it("are none for what is unsure", () =>
    expect(regionsOf(at(Array(9).fill(0), Array(9).fill(0), Array(9).fill(2)))).toEqual([]));
});
