/** The cuts of a loop, and what can be done to them. A place is a frame of the file. */

export interface Cut {
  /** Where its hit begins. */
  readonly at: number;
  /** Whether the hit is to be kept. */
  readonly keep: boolean;
}

export type Cuts = readonly Cut[];

/** Seconds that two cuts are apart at least: what is shorter is no hit. */
export const LEAST_S = 0.005;

/** The places nearest to `at` and allowed between these cuts; null where there is no room. */
function between(
  at: number,
  before: number | undefined,
  after: number | undefined,
  length: number,
  least: number,
): number | null {
  const low = before === undefined ? 0 : before + least;
  const high = after === undefined ? length - least : after - least;
  return low > high ? null : Math.min(high, Math.max(low, Math.round(at)));
}

/** Move a cut, as far as its neighbours let it. */
export function moved(cuts: Cuts, nth: number, at: number, length: number, rate: number): Cuts {
  const least = Math.ceil(LEAST_S * rate);
  const to = between(at, cuts[nth - 1]?.at, cuts[nth + 1]?.at, length, least);
  if (to === null || to === cuts[nth].at) return cuts;
  return cuts.map((cut, index) => (index === nth ? { ...cut, at: to } : cut));
}

/** Add a cut, and say which it is; null where the hit that it would divide is too short. */
export function added(
  cuts: Cuts,
  at: number,
  length: number,
  rate: number,
): { cuts: Cuts; nth: number } | null {
  const nth = cuts.filter((cut) => cut.at <= at).length;
  const least = Math.ceil(LEAST_S * rate);
  const to = between(at, cuts[nth - 1]?.at, cuts[nth]?.at, length, least);
  if (to === null) return null;
  return { cuts: cuts.toSpliced(nth, 0, { at: to, keep: true }), nth };
}

export function removed(cuts: Cuts, nth: number): Cuts {
  return cuts.toSpliced(nth, 1);
}

export function ticked(cuts: Cuts, nth: number, keep: boolean): Cuts {
  return cuts.map((cut, index) => (index === nth ? { ...cut, keep } : cut));
}

/** The cut whose hit a place lies in, or -1 before the first one. */
export function nthAt(cuts: Cuts, at: number): number {
  return cuts.findLastIndex((cut) => cut.at <= at);
}

/** What the hit of a cut depends on: the cut before it, its own, the one after it. */
export function keyOf(cuts: Cuts, nth: number): string {
  return [nth - 1, nth, nth + 1].map((index) => cuts[index]?.at ?? "").join(":");
}

/** Indices that follow one another, `most` at a time. */
export function runs(indices: readonly number[], most: number): [first: number, count: number][] {
  const found: [number, number][] = [];
  for (const index of indices) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === index && last[1] < most) last[1]++;
    else found.push([index, 1]);
  }
  return found;
}
