/** Keeps the selection, and the position in the list, when the list changes. */

import { effect, untracked } from "@preact/signals";
import { basis, current, filters, order, nthOf, selection } from "./view";

type Listed = {
  has(id: number): boolean;
  /** The ids, from the top. */
  keys(): Iterable<number>;
};

let left: { id: number; nth: number } | null = null;

/** Where a sound was that left the list under the same filters; the next sound is there now. */
export function nthLeftBy(id: number | null): number | undefined {
  return left?.id === id ? left?.nth : undefined;
}

/** How many of the sounds that were listed before this one are still listed. */
export function nthLeft(id: number, before: Listed, now: Listed): number {
  let nth = 0;
  for (const other of before.keys()) {
    if (other === id) break;
    if (now.has(other)) nth++;
  }
  return nth;
}

export function followList(): void {
  const seen = () => [filters.value, order.value, basis.value] as const;
  let before = { listed: nthOf.peek(), seen: untracked(seen) };
  effect(() => {
    const now = { listed: nthOf.value, seen: seen() };
    const id = current.peek();
    if (now.seen.some((part, nth) => part !== before.seen[nth])) left = null;
    else if (id !== null && before.listed.has(id) && !now.listed.has(id))
      left = { id, nth: nthLeft(id, before.listed, now.listed) };
    before = now;

    const kept = [...selection.peek()].filter((id) => now.listed.has(id));
    if (kept.length < selection.peek().size) selection.value = new Set(kept);
  });
}
