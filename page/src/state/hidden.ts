/** What a person hid: sounds and packs that list, map and kits leave out. */

import { computed } from "@preact/signals";
import { api } from "../api/client";
import type { Sounds } from "../sounds/sounds";
import { count } from "../sounds/words";
import { follow, library, nameOf, refreshState, server } from "./library";
import { attempt, tell } from "./notices";
import { took } from "./steps";
import { inTurn } from "./turns";
import { anyHidden, filters } from "./view";

/** How many sounds are hidden. */
export const hiddenCount = computed(() =>
  library.value.columns.hidden.reduce((sum, hidden) => sum + hidden, 0),
);
export const hiddenPacks = computed(() => server.value?.hidden.packs ?? []);

export function isHidden(id: number): boolean {
  const row = library.value.rowOf.get(id);
  return row !== undefined && library.value.columns.hidden[row] === 1;
}

/** All sounds, for the map: what is hidden has no place there while it is not asked for. */
export const onMap = computed((): Sounds => {
  const sounds = library.value;
  if (!hiddenCount.value || filters.value.hidden || anyHidden.value) return sounds;
  const { x, y, hidden } = sounds.columns;
  const placed = (places: Float32Array) => places.map((at, row) => (hidden[row] ? NaN : at));
  return { ...sounds, columns: { ...sounds.columns, x: placed(x), y: placed(y) } };
});

export const hide = (ids: number[]) => change(true, ids, []);
export const unhide = (ids: number[]) => change(false, ids, []);
export const hidePacks = (packs: readonly string[]) => change(true, [], [...packs]);
export const unhidePacks = (packs: readonly string[]) => change(false, [], [...packs]);

function change(away: boolean, ids: number[], packs: string[]): Promise<void> {
  return inTurn(away ? "Hiding" : "Showing", async () => {
    const done = await attempt(() => (away ? api.hide : api.unhide)(ids, packs));
    if (!done) return;
    const pack = packs.length === 1 ? `the pack ${packs[0]}` : `${packs.length} packs`;
    const who = packs.length ? pack : ids.length === 1 ? nameOf(ids[0]) : null;
    const how = away ? "hidden" : "shown again";
    const what = `${who ?? count(done.changed, "sound")} ${how}`;
    took(done.step, what);
    const many = packs.length ? ` (${count(done.changed, "sound")})` : "";
    const text = `${what[0].toUpperCase()}${what.slice(1)}${many}`;
    tell("done", packs.length ? `${text}.` : `${what}.`, { undo: done.step !== null });
    await Promise.all([follow(done.version), refreshState()]);
  });
}
