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

/** When those that could not be fetched, or are flat, are tried again; and how long they rest then. */
const again = new Map<number, { at: number; rest: number }>();
const REST_MS = 2000;
const LONGEST_REST_MS = 60_000;
const flat = (drawn: Int8Array) => drawn.every((value) => value === 0);

/** The waveform, if it has arrived; otherwise it is fetched, and the calling component redrawn. */
export function outline(id: number): Int8Array | undefined {
  void came.value;
  const known = outlines.get(id);
  const rest = again.get(id);
  if (known && !rest) return known;
  if (!coming.has(id) && !(rest && Date.now() < rest.at)) {
    coming.add(id);
    queued.push(id);
    timer ||= window.setTimeout(() => void fetchQueued(), PAUSE_MS);
  }
  return known;
}

/** Try at once again what could not be fetched. */
export function retry(): void {
  again.clear();
  came.value = came.peek() + 1; // an effect that calls this must not wait for it
}

/** What these ids lead to now is something else. */
export function forget(ids: readonly number[]): void {
  for (const id of ids) outlines.forget(id);
  came.value = came.peek() + 1;
}

/** Fetch the newest first, and drop the rest: they were scrolled past. */
async function fetchQueued(): Promise<void> {
  const ids = queued.splice(-AT_ONCE);
  for (const old of queued.splice(0)) coming.delete(old);
  try {
    const all = await api.waveforms(ids, POINTS);
    ids.forEach((id, nth) => {
      const drawn = all.slice(nth * 2 * POINTS, (nth + 1) * 2 * POINTS);
      outlines.set(id, drawn);
      if (flat(drawn)) rest(id);
      else again.delete(id);
    });
  } catch {
    ids.forEach(rest); // an error shows when it is played
  }
  for (const id of ids) coming.delete(id);
  timer = 0;
  if (queued.length) timer = window.setTimeout(() => void fetchQueued(), PAUSE_MS);
  came.value++;
}

/** A file may be back soon: it is tried again after a while, which grows. */
function rest(id: number): void {
  const long = Math.min(LONGEST_REST_MS, 2 * (again.get(id)?.rest ?? REST_MS / 2));
  again.set(id, { at: Date.now() + long, rest: long });
  setTimeout(() => came.value++, long + 1);
}
