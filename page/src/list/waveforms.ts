/** Waveforms for the list, fetched many at a time. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import { Recent } from "../audio/lru";

export const POINTS = 64;
const AT_ONCE = 60;
const KEPT = 4000;
const PAUSE_MS = 40;

const outlines = new Recent<number, Int8Array>(KEPT, () => 1);
/** Rises when some have arrived. */
const came = signal(0);
let queued: number[] = [];
let timer = 0;
const coming = new Set<number>();

/** The waveform, if it has arrived; otherwise it is fetched, and the calling component redrawn. */
export function outline(id: number): Int8Array | undefined {
  const known = outlines.get(id);
  if (known) return known;
  void came.value;
  if (!coming.has(id)) {
    coming.add(id);
    queued.push(id);
    timer ||= window.setTimeout(() => void fetchQueued(), PAUSE_MS);
  }
  return undefined;
}

/** Fetch the newest first, and drop the rest: they were scrolled past. */
async function fetchQueued(): Promise<void> {
  const ids = queued.splice(-AT_ONCE);
  for (const old of queued.splice(0)) coming.delete(old);
  try {
    const all = await api.waveforms(ids, POINTS);
    ids.forEach((id, nth) => outlines.set(id, all.slice(nth * 2 * POINTS, (nth + 1) * 2 * POINTS)));
  } catch {
    ids.forEach((id) => outlines.set(id, new Int8Array(2 * POINTS))); // an error shows when it is played
  }
  for (const id of ids) coming.delete(id);
  timer = 0;
  if (queued.length) timer = window.setTimeout(() => void fetchQueued(), PAUSE_MS);
  came.value++;
}
