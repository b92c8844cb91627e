/** Favourites and collections. */

import { computed, signal } from "@preact/signals";
import { api } from "../api/client";
import type { Collected } from "../api/types";
import { count } from "../sounds/words";
import { nameOf, refreshState, server } from "./library";
import { attempt, tell } from "./notices";
import { took } from "./steps";
import { inTurn } from "./turns";

export const FAVOURITES = 1;

const sounds = signal<ReadonlyMap<number, ReadonlySet<number>>>(new Map());
const filteredBy = signal<number | null>(null);
/** How many sounds of the filtered collection have no file any more. */
export const lost = signal(0);

export const favourites = computed(() => sounds.value.get(FAVOURITES) ?? new Set<number>());
/** The ids in the filtered collection, or null. */
export const members = computed(() =>
  filteredBy.value === null ? null : (sounds.value.get(filteredBy.value) ?? new Set<number>()),
);

export async function fetchMembers(number: number): Promise<void> {
  const found = await attempt(() => api.collection(number));
  if (!found) return;
  sounds.value = new Map(sounds.value).set(number, new Set(found.ids));
  if (number === filteredBy.value) lost.value = found.missing;
}

/** Fetch again what the page shows of collections. */
export async function refreshMembers(): Promise<void> {
  const shown = filteredBy.value;
  const there = collections.value.some(({ number }) => number === shown);
  await Promise.all([fetchMembers(FAVOURITES), shown !== null && there && fetchMembers(shown)]);
}

/** Filter by a collection, or by none. */
export function show(number: number | null): void {
  filteredBy.value = number;
  lost.value = 0;
  if (number !== null) void fetchMembers(number);
}

async function changed(number: number): Promise<void> {
  await Promise.all([fetchMembers(number), refreshState()]);
}

const them = (ids: readonly number[]) =>
  ids.length === 1 ? nameOf(ids[0]) : count(ids.length, "sound");

export function add(number: number, ids: number[]): Promise<void> {
  return inTurn(`Adding ${count(ids.length, "sound")}`, async () => {
    const done = await attempt(() => api.addTo(number, ids));
    if (!done) return;
    took(done.step, `${them(ids)} added to ${done.name}`);
    tell("done", added(done, ids.length, them(ids)), { more: done.failures, undo: true });
    await changed(number);
  });
}

export function remove(number: number, ids: number[]): Promise<void> {
  return inTurn(`Taking out ${count(ids.length, "sound")}`, async () => {
    const done = await attempt(() => api.removeFrom(number, ids));
    if (!done) return;
    took(done.step, `${them(ids)} taken out of ${done.name}`);
    const who = ids.length === 1 ? them(ids) : count(done.changed, "sound");
    tell("done", `${who} taken out: ${now(done)}.`, { more: done.failures, undo: true });
    await changed(number);
  });
}

/** How many of the sounds went in, and how many there are now. */
export function added(done: Collected, meant: number, name = count(meant, "sound")): string {
  if (done.changed === meant) return `${name} added: ${now(done)}.`;
  if (!done.changed && !done.failures.length) return `${name}: in ${done.name} already.`;
  const rest = done.failures.length ? "" : ", the others were in it";
  return `${done.changed.toLocaleString("en")} of ${count(meant, "sound")} added${rest}: ${now(done)}.`;
}

const now = (done: Collected) => `${done.name} has ${done.count.toLocaleString("en")}`;

/** Put a sound in, or take it out if it is in. */
export async function toggle(number: number, id: number, within: boolean): Promise<void> {
  await (within ? remove(number, [id]) : add(number, [id]));
}

/** Make all of them favourites, or none if all are already. */
export async function toggleFavourites(ids: number[]): Promise<void> {
  if (!ids.length) return;
  const all = ids.every((id) => favourites.value.has(id));
  await (all ? remove(FAVOURITES, ids) : add(FAVOURITES, ids));
}

export async function create(name: string, ids: number[]): Promise<void> {
  const made = await inTurn("Making a collection", () => attempt(() => api.newCollection(name)));
  if (!made) return;
  took(made.step, `${made.name} made`);
  if (ids.length) await add(made.number, ids);
  else {
    tell("done", `${made.name} is empty: select sounds, then “Add to…”.`);
    await refreshState();
  }
}

export async function rename(number: number, name: string): Promise<void> {
  const done = await inTurn("Renaming", () => attempt(() => api.renameCollection(number, name)));
  if (!done) return;
  took(done.step, `a collection renamed to ${done.name}`);
  await refreshState();
}

export async function destroy(number: number, name: string): Promise<void> {
  const done = await inTurn("Deleting", () => attempt(() => api.deleteCollection(number)));
  if (!done) return;
  took(done.step, `${name} deleted`);
  tell("done", `${name} is deleted; its sounds stay.`, { undo: true });
  await refreshState();
}

export const collections = computed(() => server.value?.collections ?? []);
