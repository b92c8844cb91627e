/** Keywords: words of their own that a person gives sounds. */

import { computed, effect, signal } from "@preact/signals";
import { api } from "../api/client";
import { count } from "../sounds/words";
import { said } from "./events";
import { nameOf, refreshState, server } from "./library";
import { attempt, tell } from "./notices";
import { took } from "./steps";
import { inTurn } from "./turns";
import { filters } from "./view";
import { withKeyword } from "./within";

/** All of them, in the order of their names. */
export const keywords = computed(() => server.value?.keywords ?? []);

const them = (ids: readonly number[]) =>
  ids.length === 1 ? nameOf(ids[0]) : count(ids.length, "sound");

export const give = (word: string, ids: number[]) => change(word, ids, true);
export const take = (word: string, ids: number[]) => change(word, ids, false);

function change(word: string, ids: number[], more: boolean): Promise<void> {
  return inTurn(`Keyword ${word}`, async () => {
    const done = await attempt(() => (more ? api.addKeyword : api.removeKeyword)(ids, word));
    if (!done) return;
    const { keyword, changed } = done;
    const who = ids.length === 1 ? them(ids) : count(changed, "sound");
    const what = more ? `${who}: keyword ${keyword}` : `${who}: without the keyword ${keyword}`;
    took(done.step, what);
    if (changed) tell("done", `${what}.`, { undo: true });
    else tell("done", `${them(ids)}: ${more ? `${keyword} already` : `no keyword ${keyword}`}.`);
    await Promise.all([refreshState(), fetchSounds()]);
  });
}

const chosen = signal<readonly string[]>([]);

/** Fetch which sounds have the keywords that are filtered by. */
async function fetchSounds(): Promise<void> {
  const names = chosen.peek();
  if (!names.length) {
    withKeyword.value = null;
    return;
  }
  const found = await attempt(() => api.soundsWith([...names]));
  if (found && names === chosen.peek()) withKeyword.value = new Set(found.ids);
}

/** Keep in step with the filter, and with what is said elsewhere. */
export function followKeywords(): void {
  effect(() => {
    const { keywords } = filters.value;
    if (keywords !== chosen.peek()) chosen.value = keywords;
  });
  effect(() => {
    void [chosen.value, said.value];
    void fetchSounds();
  });
}
