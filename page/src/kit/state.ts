/** The kit: which sound is on which pad, the beat, and what is kept of both. */

import { batch, effect, signal } from "@preact/signals";
import { api } from "../api/client";
import type { HeardBeat } from "../api/types";
import { player } from "../audio/player";
import { refreshKept } from "../state/collections";
import { library, nameOf } from "../state/library";
import { attempt, tell } from "../state/notices";
import { settings } from "../state/settings";
import { rows } from "../state/view";
import { inTurn } from "../state/turns";
import { took, tookHere } from "../state/steps";
import { count } from "../sounds/words";
import { soundsOf, stepsOf } from "./fromBeat";
import { PADS, ROLES } from "./pads";
import { LENGTHS, MOST_STEPS, SILENCE, type Beat } from "./pattern";

/** The id of the sound on each pad. */
export const pads = signal<readonly (number | null)[]>(Array(PADS).fill(null));
/** The pad that is chosen. */
export const chosen = signal(0);
export const beat = signal<Beat>(SILENCE);
export const open = signal(false);
/** What the kit was last kept or opened as. */
export const kitName = signal("");

/** What a pad's sound is swapped with: the first one, and sounds like it. */
const ways = new Map<number, readonly number[]>();
let seed = 0;

export function put(pad: number, id: number | null): void {
  ways.delete(pad);
  const what = id === null ? "emptied" : `is ${nameOf(id)}`;
  place(pad, id, `pad ${ROLES[pad].name} ${what}`);
}

/** Put a sound on one pad, as a step that can be undone; in a run of the same name, one step. */
function place(pad: number, id: number | null, what: string, run = ""): void {
  const before = pads.value[pad];
  set(pad, id);
  tookHere(
    what,
    () => set(pad, before),
    () => set(pad, id),
    run,
  );
}

/** Change the beat, as a step that can be undone; in a run of the same name, one step. */
export function setBeat(what: string, after: Beat, run = ""): void {
  const before = beat.value;
  beat.value = after;
  tookHere(
    what,
    () => (beat.value = before),
    () => (beat.value = after),
    run,
  );
}

/** Change the pads, as a step that can be undone; `rest` sets what else is to go back and again. */
function changed(what: string, change: () => void, rest?: (back: boolean) => void): void {
  const before = pads.value;
  change();
  rest?.(false);
  const after = pads.value;
  const go = (to: typeof before, back: boolean) => () => {
    pads.value = to;
    rest?.(back);
  };
  tookHere(what, go(before, true), go(after, false));
}

function set(pad: number, id: number | null): void {
  pads.value = pads.value.map((now, nth) => (nth === pad ? id : now));
  if (id !== null) player.preload([id]);
}

/** Fill the pads that are empty, or all of them, with sounds that go together. */
export function makeKit(anew: boolean): Promise<void> {
  return inTurn("Choosing sounds that go together", async () => {
    const { count, columns } = library.value;
    const all = rows.value.length === count || !rows.value.length;
    const ids = all ? null : Array.from(rows.value, (row) => columns.id[row]);
    const kept = anew ? Array<null>(PADS).fill(null) : [...pads.value];
    seed = (seed + 1 + Math.floor(Math.random() * 1e6)) % 1e9;
    const made = await attempt(() => api.makeKit(kept, seed, ids));
    if (!made) return;
    // The pads change once they can be struck.
    await player.load(made.ids.filter((id) => id !== null));
    ways.clear();
    changed(anew ? "a kit made" : "empty pads filled", () => (pads.value = made.ids));
    const empty = made.ids.filter((id) => id === null).length;
    if (empty === PADS) tell("error", "There is no sound here for a kit: show more sounds first.");
    else if (empty) tell("done", `No sound fits ${empty} of the 16 pads.`);
  });
}

/** Put what a beat of the mouth means on pads and steps, as one step. */
export async function fillFrom(heard: HeardBeat): Promise<void> {
  const found = soundsOf(heard);
  if (!found.size)
    return tell("error", "Your library has no kick, snare or hat: listen to a folder with some.");
  await player.load([...found.values()].map(([first]) => first));
  const steps = stepsOf(heard);
  const before = beat.value;
  const after = steps ?? before;
  changed(
    "the kit filled from a beat",
    () => (pads.value = pads.value.map((id, pad) => found.get(pad)?.[0] ?? id)),
    (back) => (beat.value = back ? before : after),
  );
  found.forEach((ids, pad) => ways.set(pad, ids));
  const what = `${count(heard.hits.length, "hit")} on ${count(found.size, "pad")}`;
  const rhythm = steps ? `at ${steps.tempo} beats a minute` : "but the hits keep to no tempo";
  tell("done", `${what}, ${rhythm}.`, { undo: true });
}

/** Put the next or the one before of the sounds that are most like a pad's first one. */
export async function swap(pad: number, by: 1 | -1): Promise<number | null> {
  const id = pads.value[pad];
  if (id === null) return null;
  let way = ways.get(pad);
  if (!way?.includes(id)) {
    const row = library.value.rowOf.get(id);
    const { families, columns } = library.value;
    const family = row === undefined ? undefined : families[columns.family[row]];
    const known = family === "unsure" ? undefined : family;
    const found = await attempt(() => api.similar(id, 40, { family: known }));
    if (!found || pads.value[pad] !== id) return null;
    way = [id, ...found.map((one) => one.id)];
    ways.set(pad, way);
  }
  const at = way.indexOf(id) + by;
  const from = (nth: number) => way.at(nth % way.length)!;
  place(pad, from(at), `pad ${ROLES[pad].name} swapped`, `swap ${pad}`);
  player.preload([1, 2, -1].map((more) => from(at + more)));
  return from(at);
}

/** Keep pads and beat as a collection, or in place of the kit of this name. */
export function keepKit(name: string): Promise<void> {
  return inTurn("Keeping the kit", async () => {
    const made = await attempt(() => api.keepKit(name, pads.value, JSON.stringify(beat.value)));
    if (!made) return;
    kitName.value = made.name;
    took(made.step, `${made.name} kept`);
    tell("done", `${made.name} is kept, with its beat.`, { undo: true });
    await refreshKept(made.number);
  });
}

/** Put a kit that was kept on the pads, with its beat. */
export function openKit(number: number): Promise<void> {
  return inTurn("Opening the kit", async () => {
    const kept = await attempt(() => api.kit(number));
    if (!kept) return;
    const there = kept.pads.filter((id) => id !== null);
    await player.load(there);
    const before = { beat: beat.value, name: kitName.value };
    const after = { beat: readBeat(kept.beat) ?? before.beat, name: kept.name };
    ways.clear();
    changed(
      `${kept.name} opened`,
      () => (pads.value = Array.from({ length: PADS }, (_, pad) => kept.pads[pad] ?? null)),
      (back) => {
        ({ beat: beat.value, name: kitName.value } = back ? before : after);
      },
    );
    open.value = true;
  });
}

function readBeat(text: string): Beat | null {
  try {
    const read = JSON.parse(text) as Beat;
    return isBeat(read) ? read : null;
  } catch {
    return null;
  }
}

export const padName = (pad: number) => {
  const id = pads.value[pad];
  return id === null ? "empty" : nameOf(id);
};

export const titleOf = (pad: number) => `${ROLES[pad].name}, note ${ROLES[pad].note}`;

/** Take the kit that was kept, then keep every change. */
export function followKit(): void {
  const kept = settings.kit.value as Partial<Kept> | null;
  if (kept && typeof kept === "object")
    batch(() => {
      if (Array.isArray(kept.pads) && kept.pads.length === PADS)
        pads.value = kept.pads.map((id) => (Number.isInteger(id) ? id : null));
      if (isBeat(kept.beat)) beat.value = kept.beat;
      open.value = kept.open === true;
      if (typeof kept.name === "string") kitName.value = kept.name;
    });
  effect(() => {
    settings.kit.value = {
      pads: pads.value,
      beat: beat.value,
      open: open.value,
      name: kitName.value,
    } satisfies Kept;
  });
}

interface Kept {
  pads: readonly (number | null)[];
  beat: Beat;
  open: boolean;
  name: string;
}

function isBeat(given: Beat | null | undefined): given is Beat {
  return (
    !!given &&
    (LENGTHS as readonly number[]).includes(given.length) &&
    given.tempo >= 30 &&
    given.tempo <= 300 &&
    given.swing >= 0 &&
    given.swing <= 1 &&
    given.hits?.length === PADS &&
    given.hits.every((row) => row.length === MOST_STEPS)
  );
}
