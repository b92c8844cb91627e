/** Outlines of sounds for the list, fetched many at a time. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import { Recent } from "../audio/lru";

export const POINTS = 64;
const AT_ONCE = 60;
const KEPT = 4000;
const PAUSE_MS = 40;

const outlines = new Recent<number, Int8Array>(KEPT, () => 1);
/** Rises when some have come. */
const came = signal(0);
let asked: number[] = [];
let timer = 0;
const coming = new Set<number>();

/** The outline, if it is there; else it is fetched, and who asked within a component is drawn anew. */
export function outline(id: number): Int8Array | undefined {
  const known = outlines.get(id);
  if (known) return known;
  void came.value;
  if (!coming.has(id)) {
    coming.add(id);
    asked.push(id);
    timer ||= window.setTimeout(() => void fetchAsked(), PAUSE_MS);
  }
  return undefined;
}

/** The newest wishes first: what was scrolled past can wait. */
async function fetchAsked(): Promise<void> {
  const ids = asked.splice(-AT_ONCE);
  for (const old of asked.splice(0)) coming.delete(old);
  try {
    const all = await api.waveforms(ids, POINTS);
    ids.forEach((id, nth) => outlines.set(id, all.slice(nth * 2 * POINTS, (nth + 1) * 2 * POINTS)));
  } catch {
    ids.forEach((id) => outlines.set(id, new Int8Array(2 * POINTS))); // playing it says what is wrong
  }
  for (const id of ids) coming.delete(id);
  timer = 0;
  if (asked.length) timer = window.setTimeout(() => void fetchAsked(), PAUSE_MS);
  came.value++;
}
