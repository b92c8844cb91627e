/** Favourites and collections. */

import { computed, signal } from "@preact/signals";
import { api } from "../api/client";
import { count } from "../sounds/words";
import { refreshState, server } from "./library";
import { attempt, tell } from "./notices";

export const FAVOURITES = 1;

const sounds = signal<ReadonlyMap<number, ReadonlySet<number>>>(new Map());
const shown = signal<number | null>(null);

export const favourites = computed(() => sounds.value.get(FAVOURITES) ?? new Set<number>());
/** The ids of the collection that is filtered by, or null. */
export const members = computed(() =>
  shown.value === null ? null : (sounds.value.get(shown.value) ?? new Set<number>()),
);

export async function fetchMembers(number: number): Promise<void> {
  const found = await attempt(() => api.collection(number));
  if (found) sounds.value = new Map(sounds.value).set(number, new Set(found.ids));
}

/** Filter by a collection, or by none. */
export function show(number: number | null): void {
  shown.value = number;
  if (number !== null) void fetchMembers(number);
}

async function changed(number: number): Promise<void> {
  await Promise.all([fetchMembers(number), refreshState()]);
}

export async function add(number: number, ids: number[]): Promise<void> {
  const done = await attempt(() => api.addTo(number, ids));
  if (!done) return;
  await changed(number);
  const failures = done.failures ?? [];
  const added = ids.length - failures.length;
  if (number !== FAVOURITES || failures.length)
    tell("done", `${count(added, "sound")} in ${done.name}.`, failures);
}

export async function remove(number: number, ids: number[]): Promise<void> {
  if (await attempt(() => api.removeFrom(number, ids))) await changed(number);
}

/** All are favourites already: then none is any more. */
export async function toggleFavourites(ids: number[]): Promise<void> {
  if (!ids.length) return;
  const all = ids.every((id) => favourites.value.has(id));
  await (all ? remove(FAVOURITES, ids) : add(FAVOURITES, ids));
}

export async function create(name: string, ids: number[]): Promise<void> {
  const made = await attempt(() => api.newCollection(name));
  if (!made) return;
  if (ids.length) await add(made.number, ids);
  else await refreshState();
}

export async function rename(number: number, name: string): Promise<void> {
  if (await attempt(() => api.renameCollection(number, name))) await refreshState();
}

export async function destroy(number: number): Promise<void> {
  if (await attempt(() => api.deleteCollection(number))) await refreshState();
}

export const collections = computed(() => server.value?.collections ?? []);
