/** What a person can do to sounds from anywhere on the page. */

import { api } from "../api/client";
import { player } from "../audio/player";
import { count } from "../sounds/words";
import { spoken } from "../sounds/families";
import { follow, library, refreshState } from "./library";
import { attempt, tell } from "./notices";
import { nthLeftBy } from "./list";
import { current, nthOf, rows, selection, targets } from "./view";

/** Where a selected range starts: at the sound chosen last. */
let anchor: number | null = null;

/** Make a sound the current one, and play it. */
export function look(id: number, since = performance.now()): void {
  current.value = id;
  void player.play(id, since);
}

/** Make a sound the current one, play it, and clear the selection. */
export function choose(id: number, since?: number): void {
  select([]);
  anchor = id;
  look(id, since);
}

/** Move down the list by so many sounds, and play the one there. */
export function step(by: number, extend: boolean): void {
  const last = rows.value.length - 1;
  if (last < 0) return;
  const here = nthIn(current.value);
  const gap = nthLeftBy(current.value);
  const from = here ?? (gap !== undefined && by > 0 ? gap - 1 : gap);
  const next = from === undefined ? 0 : Math.min(last, Math.max(0, from + by));
  if (extend && here !== undefined) extendTo(next);
  else goTo(next);
  player.preload([1, 2, 3, -1].flatMap((ahead) => idAt(next + ahead * Math.sign(by || 1)) ?? []));
}

export function goTo(nth: number): void {
  const id = idAt(nth);
  if (id !== undefined) choose(id);
}

export function idAt(nth: number): number | undefined {
  return library.value.columns.id[rows.value[nth]];
}

/** The ids in the list from one position to another, both included. */
export function between(one: number, other: number): number[] {
  const [first, last] = one < other ? [one, other] : [other, one];
  return Array.from({ length: last - first + 1 }, (_, nth) => idAt(first + nth)!);
}

export function select(ids: Iterable<number>, more = false): void {
  const next = new Set(more ? [...selection.value, ...ids] : ids);
  if (next.size || selection.value.size) selection.value = next;
}

/** Select from the sound chosen last to the n-th in the list. */
export function extendTo(nth: number, since?: number): void {
  const from = nthIn(anchor) ?? nthIn(current.value) ?? nth;
  anchor = idAt(from) ?? null;
  select(between(from, nth));
  look(idAt(nth)!, since);
}

/** Add a sound to the selection, or remove it; the first one added joins the current sound. */
export function toggleSelected(id: number, since?: number): void {
  const next = new Set(selection.value);
  const here = current.value;
  if (!next.size && here !== null && here !== id && nthOf.value.has(here)) next.add(here);
  anchor = id;
  if (!next.delete(id)) {
    next.add(id);
    look(id, since);
  }
  selection.value = next;
}

function nthIn(id: number | null): number | undefined {
  return id === null ? undefined : nthOf.value.get(id);
}

export function selectAll(): void {
  const { id } = library.value.columns;
  select(Array.from(rows.value, (row) => id[row]));
}

export async function correct(label: string, ids = targets()): Promise<void> {
  if (!ids.length) return tell("error", "Choose a sound first, then label it.");
  const done = await attempt(() => api.correct(ids, label));
  if (!done) return;
  tell("done", `${count(done.changed, "sound")} corrected to ${spoken(label)}.`, done.failures);
  await Promise.all([follow(done.version), refreshState()]);
}

export async function undo(): Promise<void> {
  const done = await attempt(api.undoCorrection);
  if (!done) return;
  tell(
    "done",
    done.taken_back
      ? `${count(done.taken_back, "correction")} taken back.`
      : "There is no correction to take back.",
  );
  await Promise.all([follow(done.version), refreshState()]);
}
