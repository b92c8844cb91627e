/** Where to write the name of a family on the map: in the middle of its dense parts. */

import type { Places } from "../sounds/sounds";

export interface Region {
  family: number;
  x: number;
  y: number;
  count: number;
}

const CELLS = 12;
const SMALLEST_SHARE = 0.18;
/** How finely the middle of a part is found, across the map. */
const STEPS = 480;

interface Part {
  readonly family: number;
  /** How many of its points lie at each step across, and up. */
  readonly xs: Uint32Array;
  readonly ys: Uint32Array;
}

const stepOf = (value: number, steps: number) =>
  Math.min(steps - 1, Math.max(0, Math.floor(((value + 1) / 2) * steps)));

/** Dense parts of each family: neighbouring grid cells that hold more than most, largest first. */
export function regionsOf({ columns, count, families }: Places): Region[] {
  const { x, y, family } = columns;
  const cells = families.map(() => new Uint32Array(CELLS * CELLS));
  const cellOf = (row: number) => stepOf(y[row], CELLS) * CELLS + stepOf(x[row], CELLS);
  const placed = (row: number) => x[row] === x[row];
  for (let row = 0; row < count; row++) if (placed(row)) cells[family[row]][cellOf(row)]++;
  const part = new Int16Array(families.length * CELLS * CELLS).fill(-1);
  const parts: Part[] = [];
  cells.forEach((counts, code) => grow(counts, code, part, parts));
  for (let row = 0; row < count; row++) {
    if (!placed(row)) continue;
    const found = part[family[row] * CELLS * CELLS + cellOf(row)];
    if (found < 0) continue;
    parts[found].xs[stepOf(x[row], STEPS)]++;
    parts[found].ys[stepOf(y[row], STEPS)]++;
  }
  return largest(
    parts.map(({ family, xs, ys }) => ({
      family,
      x: middle(xs),
      y: middle(ys),
      count: xs.reduce((sum, held) => sum + held, 0),
    })),
    families,
  );
}

/** Join neighbouring cells of a family that hold at least half as much as its mean used cell. */
function grow(counts: Uint32Array, family: number, part: Int16Array, parts: Part[]): void {
  const used = counts.filter((held) => held > 0);
  const enough = Math.max(2, (used.reduce((sum, held) => sum + held, 0) / used.length) * 0.5);
  const base = family * CELLS * CELLS;
  for (let start = 0; start < counts.length; start++) {
    if (counts[start] < enough || part[base + start] >= 0) continue;
    const [xs, ys] = [new Uint32Array(STEPS), new Uint32Array(STEPS)];
    const number = parts.push({ family, xs, ys }) - 1;
    const waiting = [start];
    part[base + start] = number;
    while (waiting.length) {
      for (const next of around(waiting.pop()!)) {
        if (counts[next] < enough || part[base + next] >= 0) continue;
        part[base + next] = number;
        waiting.push(next);
      }
    }
  }
}

function around(cell: number): number[] {
  const [column, line] = [cell % CELLS, Math.floor(cell / CELLS)];
  const found: number[] = [];
  for (let l = Math.max(0, line - 1); l <= Math.min(CELLS - 1, line + 1); l++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(CELLS - 1, column + 1); c++) {
      if (l !== line || c !== column) found.push(l * CELLS + c);
    }
  }
  return found;
}

function largest(regions: Region[], families: readonly string[]): Region[] {
  const total = new Map<number, number>();
  for (const { family, count } of regions) total.set(family, (total.get(family) ?? 0) + count);
  return regions
    .filter(
      ({ family, count }) =>
        families[family] !== "unsure" && count >= 4 && count >= total.get(family)! * SMALLEST_SHARE,
    )
    .sort((a, b) => b.count - a.count);
}

/** The median, to a step. */
function middle(counts: Uint32Array): number {
  let left = counts.reduce((sum, held) => sum + held, 0) >> 1;
  const step = counts.findIndex((held) => (left -= held) < 0);
  return ((step + 0.5) / STEPS) * 2 - 1;
}
