/** What a person can do to sounds from anywhere on the page. */

import { api } from "../api/client";
import { player } from "../audio/player";
import { count } from "../sounds/words";
import { spoken } from "../sounds/families";
import { follow, library, refreshState } from "./library";
import { attempt, tell } from "./notices";
import { current, placeOf, rows, selection, targets } from "./view";

/** Look at a sound, and hear it. */
export function choose(id: number, since = performance.now()): void {
  current.value = id;
  void player.play(id, since);
}

/** Look at the sound so many places further down the list, and hear it. */
export function step(by: number, extend: boolean): void {
  const last = rows.value.length - 1;
  if (last < 0) return;
  const here = current.value === null ? undefined : placeOf.value.get(current.value);
  const next = here === undefined ? 0 : Math.min(last, Math.max(0, here + by));
  if (extend && here !== undefined) select(between(here, next), true);
  goTo(next);
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
  selection.value = more ? new Set([...selection.value, ...ids]) : new Set(ids);
}

export function toggleSelected(id: number): void {
  const next = new Set(selection.value);
  if (!next.delete(id)) next.add(id);
  selection.value = next;
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
