/** Which rows of a long list to draw; all have one height. */

export interface Slice {
  readonly first: number;
  readonly last: number;
}

const SPARE = 6;

export function visible(top: number, height: number, row: number, count: number): Slice {
  const first = Math.max(0, Math.floor(top / row) - SPARE);
  return { first, last: Math.min(count, Math.ceil((top + height) / row) + SPARE) };
}

/** Where to scroll so that the n-th row is fully visible, moving as little as possible. */
export function scrolledTo(nth: number, top: number, height: number, row: number): number {
  const start = nth * row;
  if (start < top) return start;
  return Math.max(top, start + row - height);
}
