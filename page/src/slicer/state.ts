/** The loop that is taken apart: its cuts, what was heard in each hit, what is chosen. */

import { batch, computed, signal } from "@preact/signals";
import { api } from "../api/client";
import type { CutHit, Loop, Near } from "../api/types";
import { attempt, tell } from "../state/notices";
import { Blocks } from "./blocks";
import { added, keyOf, moved, nthAt, removed, runs, ticked, type Cuts } from "./cuts";
import { Edits } from "./edits";
import { play, stop } from "./voice";

export interface Opened {
  readonly id: number;
  readonly loop: Loop;
  /** Lowest and highest sample of each 5 ms, -127 to 127 at the peak. */
  readonly outline: Int8Array;
  readonly blocks: Blocks;
}

/** What was heard in a hit; null where there is only silence. */
export type Heard = CutHit | null;

/** The id of the sound whose loop is open, or null. */
export const slicing = signal<number | null>(null);
export const opened = signal<Opened | null>(null);
export const cuts = signal<Cuts>([]);
/** The cut that keys act on. */
export const chosen = signal(0);
/** Where the next cut would be added, in frames; null where nothing was pointed at. */
export const cursor = signal<number | null>(null);
/** What was heard so far, by what a hit depends on. */
const known = signal<ReadonlyMap<string, Heard>>(new Map());
/** How many hits are still to be heard. */
export const unheard = computed(
  () => cuts.value.filter((_, nth) => heardAt(nth) === undefined).length,
);
/** The numbers of the hits that would be kept. */
export const kept = computed(() =>
  cuts.value.flatMap(({ keep }, nth) => (keep && heardAt(nth) !== null ? [nth + 1] : [])),
);
/** Whether something can be undone, and redone. */
export const can = signal({ undo: false, redo: false });

/** Hits are heard again once nothing was changed for so long. */
const REST_MS = 250;
const AT_ONCE = 32;
let edits = new Edits();
let timer: ReturnType<typeof setTimeout> | undefined;
/** Rises with each loop that is opened: what comes later for another one counts no more. */
let visit = 0;

/** What was heard in a hit; undefined while that is not known. */
export function heardAt(nth: number): Heard | undefined {
  return known.value.get(keyOf(cuts.value, nth));
}

/** Where a hit ends, in frames: in silence, or where the next one begins. */
export function endOf(nth: number): number {
  const { at } = cuts.value[nth];
  const found = heardAt(nth);
  if (found) return at + found.length;
  return cuts.value[nth + 1]?.at ?? opened.value!.loop.length;
}

/** Open a loop; one that was open before is as it was left. */
export async function takeApart(id: number): Promise<void> {
  slicing.value = id;
  if (opened.value?.id === id) return;
  const mine = ++visit;
  clearTimeout(timer);
  opened.value = null;
  const found = await attempt(async () => {
    const loop = await api.loop(id);
    return { loop, outline: await api.loopOutline(id) };
  });
  if (mine !== visit) return;
  if (!found) {
    slicing.value = null;
    return;
  }
  edits = new Edits();
  batch(() => {
    opened.value = { id, ...found, blocks: new Blocks(id, Math.min(2, channelsOf(found.loop))) };
    cuts.value = found.loop.cuts.map((at) => ({ at, keep: true }));
    known.value = new Map();
    chosen.value = 0;
    cursor.value = null;
    can.value = { undo: false, redo: false };
  });
  void hear();
}

/** Of more than two channels, the server gives their mean. */
const channelsOf = ({ channels }: Loop) => (channels > 2 ? 1 : channels);

export function leave(): void {
  stop();
  slicing.value = null;
}

function change(after: Cuts, name: string | null = null, nth = chosen.value): void {
  if (after === cuts.value) return;
  edits.took(cuts.value, after, name);
  take(after, nth);
}

function take(after: Cuts, nth: number): void {
  batch(() => {
    cuts.value = after;
    chosen.value = Math.max(0, Math.min(nth, after.length - 1));
    can.value = { undo: edits.canUndo, redo: edits.canRedo };
  });
  clearTimeout(timer);
  timer = setTimeout(() => void hear(), REST_MS);
}

/** Ask again for what could not be had: the server was away, or something went wrong. */
export function goOn(): void {
  const now = opened.value;
  if (!now) return;
  now.blocks.again();
  void hear();
}

/** Hear the hits that are not known yet, one request after the other. */
async function hear(): Promise<void> {
  const [mine, now, id] = [visit, cuts.value, opened.value!.id];
  const missing = now.flatMap((_, nth) => (heardAt(nth) === undefined ? [nth] : []));
  const places = now.map(({ at }) => at);
  for (const [first, count] of runs(missing, AT_ONCE)) {
    const found = await attempt(() => api.loopHits(id, places, first + 1, count));
    if (mine !== visit || !found) return;
    const byNumber = new Map(found.hits.map((hit) => [hit.number, hit]));
    const more = Array.from({ length: count }, (_, more): [string, Heard] => [
      keyOf(now, first + more),
      byNumber.get(first + more + 1) ?? null,
    ]);
    known.value = new Map([...known.value, ...more]);
    if (cuts.value !== now) return; // what is there now is heard once it rests
  }
}

/** Move a cut to a frame; `name` makes one step of what is dragged, or of keys in a row. */
export function move(nth: number, at: number, name: string | null = null): void {
  const { length, rate } = opened.value!.loop;
  change(moved(cuts.value, nth, at, length, rate), name, nth);
}

/** What is moved next is a step of its own. */
export const settle = () => edits.settle();

export function add(at: number): void {
  const { length, rate } = opened.value!.loop;
  const more = added(cuts.value, at, length, rate);
  if (!more) return tell("error", "There is no room for a cut here: hits take 5 ms at least.");
  change(more.cuts, null, more.nth);
}

/** Add a cut where the cursor is, or in the middle of the chosen hit. */
export function addHere(): void {
  const { length } = opened.value!.loop;
  const here = cursor.value;
  if (here !== null) add(here);
  else if (!cuts.value.length) add(0);
  else {
    const start = cuts.value[chosen.value].at;
    add((start + (cuts.value[chosen.value + 1]?.at ?? length)) / 2);
  }
  cursor.value = null;
}

export function remove(nth: number): void {
  if (cuts.value[nth]) change(removed(cuts.value, nth), null, nth);
}

export function tick(nth: number, keep: boolean): void {
  if (cuts.value[nth]) change(ticked(cuts.value, nth, keep), null, nth);
}

export function tickAll(keep: boolean): void {
  if (cuts.value.some((cut) => cut.keep !== keep))
    change(cuts.value.map((cut) => ({ ...cut, keep })));
}

/** Move a cut to the nearest zero crossing, or to where the sound rises. */
export async function snap(nth: number, to: Near["to"]): Promise<void> {
  const [mine, now, cut] = [visit, opened.value!, cuts.value[nth]];
  if (!cut) return;
  const place = await attempt(() => api.loopSnap(now.id, cut.at, to));
  if (place && mine === visit && cuts.value[nth]?.at === cut.at) move(nth, place.at);
}

/** All cuts as they were found. */
export function findAgain(): void {
  const found = opened.value!.loop.cuts;
  const same =
    cuts.value.length === found.length && cuts.value.every(({ at }, nth) => at === found[nth]);
  if (!same)
    change(
      found.map((at) => ({ at, keep: true })),
      null,
      0,
    );
}

export function undo(): void {
  const before = edits.undo();
  if (before) take(before, chosen.value);
}

export function redo(): void {
  const after = edits.redo();
  if (after) take(after, chosen.value);
}

/** Make a hit the one that keys act on, and play it. */
export function choose(nth: number): void {
  if (!cuts.value[nth]) return;
  chosen.value = nth;
  hearHit(nth);
}

export function hearHit(nth: number): void {
  const now = opened.value;
  if (now && cuts.value[nth]) void play(now, cuts.value[nth].at, endOf(nth));
}

/** Point at a place: its hit is chosen and plays. */
export function pointAt(at: number): void {
  cursor.value = Math.round(at);
  const nth = nthAt(cuts.value, at);
  if (nth >= 0) choose(nth);
}
