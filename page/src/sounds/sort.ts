/** The order of the list. */

import { foldedAll } from "./filter";
import type { Sounds } from "./sounds";

export const SORTS = [
  "path",
  "name",
  "label",
  "confidence",
  "pitch",
  "duration",
  "brightness",
  "pack",
] as const;
export type SortName = (typeof SORTS)[number];

export interface Order {
  readonly by: SortName;
  readonly descending: boolean;
}

/** Sorted rows; rows without a value (no pitch) always come last, equal rows stay in path order. */
export function sortRows(
  sounds: Sounds,
  rows: Uint32Array,
  { by, descending }: Order,
): Uint32Array {
  const sorted = rows.slice();
  if (by === "path") return descending ? sorted.reverse() : sorted;
  const keys = keysOf(sounds, by);
  const sign = descending ? -1 : 1;
  return sorted.sort((a, b) => {
    const [left, right] = [keys[a], keys[b]];
    if (left === right) return a - b;
    if (left !== left) return right !== right ? a - b : 1;
    if (right !== right) return -1;
    return left < right ? -sign : sign;
  });
}

/** Rows in the order of these ids; those that are not among them come last, in path order. */
export function inOrderOf(
  sounds: Sounds,
  rows: Uint32Array,
  ids: ReadonlySet<number>,
): Uint32Array {
  const left = new Uint8Array(sounds.count);
  for (const row of rows) left[row] = 1;
  const sorted = new Uint32Array(rows.length);
  let count = 0;
  for (const id of ids) {
    const row = sounds.rowOf.get(id);
    if (row === undefined || !left[row]) continue;
    sorted[count++] = row;
    left[row] = 0;
  }
  for (const row of rows) if (left[row]) sorted[count++] = row;
  return sorted;
}

function keysOf(sounds: Sounds, by: Exclude<SortName, "path">): ArrayLike<number> {
  const { columns, labels, packs } = sounds;
  if (by === "name") return ranksOfNames(sounds);
  if (by === "label") return ranked(labels, columns.label);
  if (by === "pack") return ranked(packs, columns.pack);
  return columns[by];
}

function ranked(names: readonly string[], codes: ArrayLike<number>): Float32Array {
  const order = names.map((_, code) => code).sort((a, b) => names[a].localeCompare(names[b]));
  const rank = new Float32Array(names.length);
  order.forEach((code, nth) => (rank[code] = nth));
  return Float32Array.from(codes, (code) => rank[code]);
}

const ranks = new WeakMap<readonly string[], Uint32Array>();

function ranksOfNames(sounds: Sounds): Uint32Array {
  const known = ranks.get(sounds.names);
  if (known) return known;
  const names = foldedAll(sounds.names);
  const order = Uint32Array.from(names, (_, row) => row);
  order.sort((a, b) => (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : a - b));
  const rank = new Uint32Array(order.length);
  order.forEach((row, nth) => (rank[row] = nth));
  ranks.set(sounds.names, rank);
  return rank;
}
