/** Where to write the name of a family on the map: in the middle of its dense parts. */

import type { Sounds } from "../sounds/sounds";

export interface Region {
  family: number;
  x: number;
  y: number;
  count: number;
}

const CELLS = 12;
const SMALLEST_SHARE = 0.18;

/** Dense parts of each family: neighbouring grid cells that hold more than most, largest first. */
export function regionsOf({ columns, count, families }: Sounds): Region[] {
  const { x, y, family } = columns;
  const cells = families.map(() => new Uint32Array(CELLS * CELLS));
  const cellOf = (value: number) =>
    Math.min(CELLS - 1, Math.max(0, Math.floor(((value + 1) / 2) * CELLS)));
  const placed = (row: number) => x[row] === x[row];
  for (let row = 0; row < count; row++) {
    if (placed(row)) cells[family[row]][cellOf(y[row]) * CELLS + cellOf(x[row])]++;
  }
  const part = new Int16Array(families.length * CELLS * CELLS).fill(-1);
  const parts: { family: number; xs: number[]; ys: number[] }[] = [];
  cells.forEach((counts, code) => grow(counts, code, part, parts));
  for (let row = 0; row < count; row++) {
    if (!placed(row)) continue;
    const found = part[family[row] * CELLS * CELLS + cellOf(y[row]) * CELLS + cellOf(x[row])];
    if (found >= 0) {
      parts[found].xs.push(x[row]);
      parts[found].ys.push(y[row]);
    }
  }
  return largest(
    parts.map(({ family, xs, ys }) => ({ family, x: median(xs), y: median(ys), count: xs.length })),
    families,
  );
}

/** Join neighbouring cells of a family that hold at least half as much as its mean used cell. */
function grow(
  counts: Uint32Array,
  family: number,
  part: Int16Array,
  parts: { family: number; xs: number[]; ys: number[] }[],
): void {
  const used = counts.filter((held) => held > 0);
  const enough = Math.max(2, (used.reduce((sum, held) => sum + held, 0) / used.length) * 0.5);
  const base = family * CELLS * CELLS;
  for (let start = 0; start < counts.length; start++) {
    if (counts[start] < enough || part[base + start] >= 0) continue;
    const number = parts.push({ family, xs: [], ys: [] }) - 1;
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

function median(values: number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1];
}
