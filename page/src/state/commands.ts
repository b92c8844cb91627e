/** What a person can do to sounds from anywhere on the page. */

import { api } from "../api/client";
import { player } from "../audio/player";
import { count } from "../sounds/words";
import { spoken } from "../sounds/families";
import { follow, library, refreshState } from "./library";
import { attempt, tell } from "./notices";
import { placeLeftBy } from "./shown";
import { current, placeOf, rows, selection, targets } from "./view";

/** Where a range that is selected begins: at the sound that was chosen last. */
let anchor: number | null = null;

/** Look at a sound, and hear it. */
export function look(id: number, since = performance.now()): void {
  current.value = id;
  void player.play(id, since);
}

/** Look at a sound, and at no others: what was selected is not any more. */
export function choose(id: number, since?: number): void {
  select([]);
  anchor = id;
  look(id, since);
}

/** Look at the sound so many places further down the list, and hear it. */
export function step(by: number, extend: boolean): void {
  const last = rows.value.length - 1;
  if (last < 0) return;
  const here = placed(current.value);
  const gap = placeLeftBy(current.value);
  const from = here ?? (gap !== undefined && by > 0 ? gap - 1 : gap);
  const next = from === undefined ? 0 : Math.min(last, Math.max(0, from + by));
  if (extend && here !== undefined) extendTo(next);
  else goTo(next);
  player.preload([1, 2, 3, -1].flatMap((ahead) => idAt(next + ahead * Math.sign(by || 1)) ?? []));
}

export function goTo(place: number): void {
  const id = idAt(place);
  if (id !== undefined) choose(id);
}

export function idAt(place: number): number | undefined {
  return library.value.columns.id[rows.value[place]];
}

/** The ids of the list from one place to another, both included. */
export function between(one: number, other: number): number[] {
  const [first, last] = one < other ? [one, other] : [other, one];
  return Array.from({ length: last - first + 1 }, (_, nth) => idAt(first + nth)!);
}

export function select(ids: Iterable<number>, more = false): void {
  const next = new Set(more ? [...selection.value, ...ids] : ids);
  if (next.size || selection.value.size) selection.value = next;
}

/** Select from the sound that was chosen last to a place in the list. */
export function extendTo(place: number, since?: number): void {
  const from = placed(anchor) ?? placed(current.value) ?? place;
  anchor = idAt(from) ?? null;
  select(between(from, place));
  look(idAt(place)!, since);
}

/** One more, or one less; the first one more joins the sound that is looked at. */
export function toggleSelected(id: number, since?: number): void {
  const next = new Set(selection.value);
  const here = current.value;
  if (!next.size && here !== null && here !== id && placeOf.value.has(here)) next.add(here);
  anchor = id;
  if (!next.delete(id)) {
    next.add(id);
    look(id, since);
  }
  selection.value = next;
}

function placed(id: number | null): number | undefined {
  return id === null ? undefined : placeOf.value.get(id);
}

export function selectAll(): void {
  const { id } = library.value.columns;
  select(Array.from(rows.value, (row) => id[row]));
}

export async function correct(label: string, ids = targets()): Promise<void> {
  if (!ids.length) return tell("error", "Choose a sound first, then say what it is.");
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
