/** What becomes of the selection, and of the place in the list, when what is shown changes. */

import { effect } from "@preact/signals";
import { current, filters, order, placeOf, selection } from "./view";

type Places = ReadonlyMap<number, number>;

let left: { id: number; place: number } | null = null;

/** Where the sound was that has left the list under the same filters: the next one is there now. */
export function placeLeftBy(id: number | null): number | undefined {
  return left?.id === id ? left?.place : undefined;
}

/** How many of the sounds that were listed before this one are still listed. */
export function placeLeft(id: number, before: Places, now: Places): number {
  let place = 0;
  for (const other of before.keys()) {
    if (other === id) break;
    if (now.has(other)) place++;
  }
  return place;
}

export function followShown(): void {
  let before = { places: placeOf.peek(), filters: filters.peek(), order: order.peek() };
  effect(() => {
    const now = { places: placeOf.value, filters: filters.value, order: order.value };
    const id = current.peek();
    if (now.filters !== before.filters || now.order !== before.order) left = null;
    else if (id !== null && before.places.has(id) && !now.places.has(id))
      left = { id, place: placeLeft(id, before.places, now.places) };
    before = now;

    const kept = [...selection.peek()].filter((id) => now.places.has(id));
    if (kept.length < selection.peek().size) selection.value = new Set(kept);
  });
}
