/** The sounds, in step with the server. */

import { batch, computed, signal } from "@preact/signals";
import { api } from "../api/client";
import type { State } from "../api/types";
import { readPage, readPlaces, type Page } from "../sounds/page";
import { joined, merged, NOTHING, rewrittenBy, type Places, type Sounds } from "../sounds/sounds";
import { attempt } from "./notices";

export const library = signal<Sounds>(NOTHING);
/** Where all sounds are on the map, while the rest of what is known of them is on its way. */
export const earlyPlaces = signal<Places | null>(null);
export const server = signal<State | null>(null);

/** The ids of the sounds whose files were last found to hold other audio than before. */
export const rewritten = signal<readonly number[]>([]);

/** The name of a sound's file. */
export function nameOf(id: number): string {
  const row = library.value.rowOf.get(id);
  return row === undefined ? "a sound" : library.value.names.at(row);
}

/** Whether all sounds have been loaded once. */
export const loaded = signal(false);
/** How many there will be, while they are being fetched. */
export const total = signal(0);

/** The user's own classes, the oldest first. */
export const ownClasses = computed(() =>
  (server.value?.families ?? []).filter(({ own }) => own).map(({ name }) => name),
);

/** The first sounds come at once; the others in larger pieces. */
const FIRST = 20_000;
const PIECE = 100_000;
/** From so many on, the map is drawn before the rest has come. */
const MANY = 150_000;
const PATIENCE_MS = 1000;
/** A scan changes the sounds ten times a second; redrawing twice a second is enough. */
const REST_MS = 400;

let loading: Promise<void> | null = null;

/** Fetch all sounds, unless that is going on. */
export function load(): Promise<void> {
  return (loading ??= fetchAll().finally(() => (loading = null)));
}

async function fetchAll(): Promise<void> {
  await attempt(async () => {
    const pages = [readPage(await api.sounds(0, FIRST))];
    const count = (total.value = pages[0].header.total);
    if (count > MANY) {
      const places = api.places().then((all) => (earlyPlaces.value = readPlaces(all)));
      // A server that has just started takes longer: then the list is first.
      await Promise.race([places, new Promise((rest) => setTimeout(rest, PATIENCE_MS))]);
      library.value = joined(pages);
      await places;
    } else library.value = joined(pages);
    for (let offset = FIRST; offset < count; offset += PIECE) {
      pages.push(readPage(await api.sounds(offset, PIECE)));
    }
    batch(() => {
      if (pages.length > 1) library.value = joined(pages);
      earlyPlaces.value = null;
      loaded.value = true;
    });
    // While a scan goes on, each page may be newer than the one before.
    return follow(Math.max(wanted, pages[pages.length - 1].header.version));
  });
}

export async function refreshState(): Promise<void> {
  await attempt(async () => {
    server.value = await api.state();
  });
}

let wanted = 0;
let going = false;

/** Fetch what changed up to a version; a call meanwhile makes it fetch again. */
export async function follow(version: number): Promise<void> {
  wanted = version;
  if (!loaded.value) void load(); // it may have failed before
  if (going || !loaded.value) return;
  going = true;
  try {
    while (library.value.version !== wanted) {
      const buffer = await attempt(() => api.changes(library.value.version));
      if (!buffer) return;
      take(readPage(buffer));
      wanted = Math.max(wanted, library.value.version);
      if (library.value.version !== wanted) await new Promise((rest) => setTimeout(rest, REST_MS));
    }
  } finally {
    going = false;
  }
}

function take(page: Page): void {
  const before = library.value;
  batch(() => {
    library.value = page.header.whole ? joined([page]) : merged(before, page);
    const ids = rewrittenBy(before, page);
    if (ids.length) rewritten.value = ids;
  });
}
