/** The order of the list. */

import type { Names } from "./names";
import { keyOfNumber, sortedBy } from "./radix";
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
  if (by === "path") return descending ? rows.slice().reverse() : rows;
  const keys = keysOf(sounds, by);
  return sortedBy(rows, (row) => keyOfNumber(keys[row], descending));
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

const { compare } = new Intl.Collator();

function ranked(names: readonly string[], codes: ArrayLike<number>): Float32Array {
  const order = names.map((_, code) => code).sort((a, b) => compare(names[a], names[b]));
  const rank = new Float32Array(names.length);
  order.forEach((code, nth) => (rank[code] = nth));
  return Float32Array.from(codes, (code) => rank[code]);
}

/** So many letters of each name are compared as numbers, two at a time. */
const LETTERS = 12;
const ranks = new WeakMap<Names, Float32Array>();

function ranksOfNames({ names }: Sounds): Float32Array {
  const known = ranks.get(names);
  if (known) return known;
  const { text, ends } = names.folded;
  const start = (row: number) => (row ? ends[row - 1] : 0);
  const letter = (row: number, nth: number) => {
    const at = start(row) + nth;
    return at < ends[row] ? text.charCodeAt(at) : 0;
  };
  let order: Uint32Array = Uint32Array.from(ends, (_, row) => row);
  for (let nth = LETTERS - 2; nth >= 0; nth -= 2)
    order = sortedBy(order, (row) => ((letter(row, nth) << 16) | letter(row, nth + 1)) >>> 0);
  const alike = (one: number, other: number) => {
    for (let nth = 0; nth < LETTERS; nth++)
      if (letter(one, nth) !== letter(other, nth)) return false;
    return true;
  };
  const whole = (row: number) => text.slice(start(row), ends[row]);
  for (let first = 0, last = 1; first < order.length; first = last++) {
    while (last < order.length && alike(order[first], order[last])) last++;
    if (last - first === 1 || ends[order[first]] - start(order[first]) < LETTERS) continue;
    const rows = Array.from(order.subarray(first, last), (row) => [whole(row), row] as const);
    rows.sort(([a, one], [b, other]) => (a < b ? -1 : a > b ? 1 : one - other));
    order.set(
      rows.map(([, row]) => row),
      first,
    );
  }
  const rank = new Float32Array(order.length);
  order.forEach((row, nth) => (rank[row] = nth));
  ranks.set(names, rank);
  return rank;
}
