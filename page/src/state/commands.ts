/** What a person can do to sounds from anywhere on the page. */

import { api } from "../api/client";
import { player } from "../audio/player";
import { count } from "../sounds/words";
import { spoken } from "../sounds/families";
import { follow, library, nameOf, refreshState } from "./library";
import { attempt, tell } from "./notices";
import { nthLeftBy } from "./list";
import { settings } from "./settings";
import { took } from "./steps";
import { inTurn } from "./turns";
import { current, heard, nthOf, onSelection, rows, selection, targets } from "./view";

/** A sound becomes the current one when the pointer rests on it, not when it only passes. */
const REST_MS = 150;
/** Where a selected range starts: at the sound chosen last. */
let anchor: number | null = null;
let resting: ReturnType<typeof setTimeout> | undefined;
/** Whether the last sound was looked at in the list: after a label, the next one plays. */
let inList = false;

export interface Look {
  /** When the click or key came, in the time of performance.now(). */
  since?: number;
  /** Whether it is the list where it was looked at. */
  list?: boolean;
}

/** Make a sound the current one, and play it unless sounds play only when asked to. */
export function look(id: number, { since = performance.now(), list = false }: Look = {}): void {
  if (settings.autoplay.value === "off") player.stop();
  else void player.play(id, since);
  settle(id, list);
}

/** Make a sound the current one and play it, whatever the settings. */
export function hear(id: number, { since = performance.now(), list = inList }: Look = {}): void {
  void player.play(id, since);
  settle(id, list);
}

function settle(id: number, list: boolean): void {
  clearTimeout(resting);
  inList = list;
  onSelection.value = selection.value.has(id);
  heard.value = null;
  current.value = id;
}

/** The pointer is over a sound: it plays, and keys act on it; where it rests, it is the current one. */
export function point(id: number, since: number, { list = false, rest = true } = {}): void {
  if (settings.autoplay.value !== "hover") return;
  void player.play(id, since, { pointed: true });
  clearTimeout(resting);
  heard.value = id;
  onSelection.value = selection.value.has(id);
  if (rest) resting = setTimeout(() => settle(id, list), REST_MS);
}

/** The pointer is over no sound any more. */
export function unpoint(): void {
  clearTimeout(resting);
  player.leave();
  if (heard.value === null) return;
  heard.value = null;
  onSelection.value = selection.value.size > 0;
}

/** Make a sound the current one, play it, and clear the selection. */
export function choose(id: number, how?: Look): void {
  select([]);
  anchor = id;
  look(id, how);
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
  if (id !== undefined) choose(id, { list: true });
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
  onSelection.value = next.size > 0;
}

/** Select from the sound chosen last to the n-th in the list. */
export function extendTo(nth: number, since?: number): void {
  const from = nthIn(anchor) ?? nthIn(current.value) ?? nth;
  anchor = idAt(from) ?? null;
  select(between(from, nth));
  look(idAt(nth)!, { since, list: true });
}

/** Add a sound to the selection, or remove it; the first one added joins the current sound. */
export function toggleSelected(id: number, since?: number): void {
  const next = new Set(selection.value);
  const here = current.value;
  if (!next.size && here !== null && here !== id && nthOf.value.has(here)) next.add(here);
  anchor = id;
  const more = !next.delete(id);
  if (more) next.add(id);
  selection.value = next;
  if (more) look(id, { since });
  onSelection.value = next.size > 0;
}

function nthIn(id: number | null): number | undefined {
  return id === null ? undefined : nthOf.value.get(id);
}

export function selectAll(): void {
  const { id } = library.value.columns;
  select(Array.from(rows.value, (row) => id[row]));
}

/** Why keys have nothing to act on. */
function nothing(what: string): void {
  const id = heard.value ?? current.value;
  const hidden = id !== null && `The filters hide ${nameOf(id)}, so it stays as it is.`;
  tell("error", hidden || `Choose a sound first, then ${what}.`);
}

/** What a command of the page acts on, or nothing, with the reason told. */
export function aimed(what: string): readonly number[] {
  if (!targets.value.length) nothing(what);
  return targets.value;
}

/** Label what is heard or selected; in the list, the next sound plays. */
export function label(name: string): void {
  const ids = aimed("label it");
  if (!ids.length) return;
  const id = ids[0];
  const onwards = settings.next.value && inList && ids.length === 1 && nthOf.value.has(id);
  void correct(name, [...ids]);
  if (ids.length === 1) settle(id, inList);
  if (onwards && nthOf.value.get(id)! < rows.value.length - 1) step(1, false);
}

export function correct(name: string, ids: number[]): Promise<void> {
  const who = ids.length === 1 ? nameOf(ids[0]) : count(ids.length, "sound");
  return inTurn(`Correcting ${who}`, async () => {
    const done = await attempt(() => api.correct(ids, name));
    if (!done) return;
    const what = `${done.changed === ids.length ? who : count(done.changed, "sound")} corrected to ${spoken(name)}`;
    took(done.step, what);
    const about = ids.length === 1 ? ids[0] : undefined;
    tell("done", `${what}.`, { more: done.failures, about, undo: done.step !== null });
    await Promise.all([follow(done.version), refreshState()]);
  });
}

/** Take back the last corrections, of whatever visit. */
export function takeBackLast(): Promise<void> {
  return inTurn("Taking back", async () => {
    const done = await attempt(api.undoCorrection);
    if (!done) return;
    const what = `${count(done.taken_back, "correction")} taken back`;
    took(done.step, what);
    tell("done", done.taken_back ? `${what}.` : "There is no correction to take back.", {
      undo: done.step !== null,
    });
    await Promise.all([follow(done.version), refreshState()]);
  });
}
