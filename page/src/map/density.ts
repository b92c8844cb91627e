/** How dense the points are, as a picture: for more points than can be told apart, or drawn. */

import type { Places } from "../sounds/sounds";
import type { Box } from "./near";
import type { Colour } from "./paint";

export interface Density extends Box {
  /** In cells. */
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each cell, the highest line first. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** What stays back counts so little that any point that does not outweighs it. */
const BACK = 2 ** -16;
const FAINT = 34;
/** The opacity of a cell with one point; from there on it grows with the logarithm of their number. */
const LEAST = 90;
/** The points of a cell that is fully opaque: so many times those of the mean used cell. */
const FULL = 6;

/**
 * The picture of some points.
 * @param rows - the points; null for all
 * @param clear - whether a point does not stay back
 */
export function densityOf(
  { count, columns: { x, y, family } }: Places,
  rows: Uint32Array | null,
  box: Box,
  [width, height]: readonly [number, number],
  colours: readonly Colour[],
  clear: (row: number) => boolean,
): Density {
  const sums = new Float32Array(4 * width * height);
  const [across, up] = [width / (box.right - box.left), height / (box.high - box.low)];
  const all = rows?.length ?? count;
  for (let nth = 0; nth < all; nth++) {
    const row = rows ? rows[nth] : nth;
    const column = Math.floor((x[row] - box.left) * across);
    const line = Math.floor((box.high - y[row]) * up);
    if (!(column >= 0 && column < width && line >= 0 && line < height)) continue;
    const at = 4 * (line * width + column);
    const weight = clear(row) ? 1 : BACK;
    const [red, green, blue] = colours[family[row]];
    sums[at] += weight * red;
    sums[at + 1] += weight * green;
    sums[at + 2] += weight * blue;
    sums[at + 3] += weight;
  }
  return { ...box, width, height, pixels: toned(sums) };
}

function toned(sums: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  let [used, points] = [0, 0];
  for (let at = 3; at < sums.length; at += 4) {
    if (sums[at] < 1) continue;
    used++;
    points += sums[at];
  }
  const full = Math.log1p((FULL * points) / Math.max(1, used));
  const pixels = new Uint8ClampedArray(sums.length);
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at + 3];
    if (!weight) continue;
    for (let part = 0; part < 3; part++) pixels[at + part] = sums[at + part] / weight;
    pixels[at + 3] =
      weight < 1 ? FAINT : LEAST + (255 - LEAST) * Math.min(1, Math.log(weight) / full);
  }
  return pixels;
}
