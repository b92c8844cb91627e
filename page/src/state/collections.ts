/** Favourites and collections. */

import { computed, signal } from "@preact/signals";
import { api } from "../api/client";
import type { Collected } from "../api/types";
import { count } from "../sounds/words";
import type { Answered } from "./answer";
import { nameOf, refreshState, server } from "./library";
import { attempt, tell } from "./notices";
import { took } from "./steps";
import { inTurn } from "./turns";

export const FAVOURITES = 1;

const NONE: Answered = { ids: new Set(), ordered: false, asksHidden: false };
const sounds = signal<ReadonlyMap<number, Answered>>(new Map());
const filteredBy = signal<number | null>(null);
/** How many sounds of the filtered collection have no file any more. */
export const lost = signal(0);

/** All files that hold a favourite. */
export const favourites = signal<ReadonlySet<number>>(new Set());
/** What is in the filtered collection, or null. */
export const members = computed(() =>
  filteredBy.value === null ? null : (sounds.value.get(filteredBy.value) ?? NONE),
);

export async function fetchMembers(number: number): Promise<void> {
  const found = await attempt(() => api.collection(number));
  if (!found) return;
  const { ids, copies, ordered, asks_hidden: asksHidden } = found;
  if (number === FAVOURITES) favourites.value = new Set([...ids, ...copies]);
  sounds.value = new Map(sounds.value).set(number, { ids: new Set(ids), ordered, asksHidden });
  if (number === filteredBy.value) lost.value = found.missing;
}

/** Fetch again what the page shows of collections, once it changes none of them itself. */
export function refreshMembers(): Promise<void> {
  return inTurn("Looking at the collections", async () => {
    const shown = filteredBy.value;
    const there = collections.value.some(({ number }) => number === shown);
    await Promise.all([fetchMembers(FAVOURITES), shown !== null && there && fetchMembers(shown)]);
  });
}

let refreshing = false;
let again = false;

/** Count smart collections anew: what they find changes with the sounds. */
export async function refreshSmart(): Promise<void> {
  again = smart.value.length > 0;
  if (refreshing) return;
  refreshing = true;
  try {
    while (again) {
      again = false;
      await refreshState();
      await refreshMembers();
    }
  } finally {
    refreshing = false;
  }
}

/** Filter by a collection, or by none. */
export function show(number: number | null): void {
  filteredBy.value = number;
  lost.value = 0;
  if (number !== null) void fetchMembers(number);
}

/** Fetch a collection that changed, and how many each has. */
export async function refreshKept(number: number): Promise<void> {
  await Promise.all([fetchMembers(number), refreshState()]);
}

const them = (ids: readonly number[]) =>
  ids.length === 1 ? nameOf(ids[0]) : count(ids.length, "sound");

export function add(number: number, ids: number[]): Promise<void> {
  return inTurn(`Adding ${count(ids.length, "sound")}`, async () => {
    const done = await attempt(() => api.addTo(number, ids));
    if (!done) return;
    took(done.step, `${them(ids)} added to ${done.name}`);
    tell("done", added(done, ids.length, them(ids)), {
      more: done.failures,
      undo: done.step !== null,
    });
    await refreshKept(number);
  });
}

export function remove(number: number, ids: number[]): Promise<void> {
  return inTurn(`Taking out ${count(ids.length, "sound")}`, async () => {
    const done = await attempt(() => api.removeFrom(number, ids));
    if (!done) return;
    took(done.step, `${them(ids)} taken out of ${done.name}`);
    const who = ids.length === 1 ? them(ids) : count(done.changed, "sound");
    tell("done", `${who} taken out: ${now(done)}.`, {
      more: done.failures,
      undo: done.step !== null,
    });
    await refreshKept(number);
  });
}

/** How many of the sounds went in, and how many there are now. */
export function added(done: Collected, meant: number, name = count(meant, "sound")): string {
  if (done.changed === meant) return `${name} added: ${now(done)}.`;
  if (!done.changed && !done.failures.length) return `${name}: in ${done.name} already.`;
  const rest = done.failures.length ? "" : ", the others were in it";
  return `${done.changed.toLocaleString("en")} of ${count(meant, "sound")} added${rest}: ${now(done)}.`;
}

const now = (done: Collected) => `${done.name} has ${(done.count ?? 0).toLocaleString("en")}`;

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

/** The smart collection whose query is in the search box, to be changed and saved again. */
export const editing = signal("");

/** Save a query as a smart collection, or in place of the query of one. */
export async function save(name: string, query: string): Promise<number | null> {
  const made = await inTurn("Saving the query", () => attempt(() => api.saveQuery(name, query)));
  if (!made) return null;
  took(made.step, `${made.name} saved`);
  tell("done", `${made.name} is saved: ${count(made.count ?? 0, "sound")} now.`, { undo: true });
  await refreshState();
  return made.number;
}

export const collections = computed(() => server.value?.collections ?? []);
/** Those that are lists of sounds, favourites first. */
export const lists = computed(() => collections.value.filter(({ query }) => query === null));
/** Those that are queries. */
export const smart = computed(() => collections.value.filter(({ query }) => query !== null));
