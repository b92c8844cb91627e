/** Asks the server whatever the search box has that is more than words. */

import { computed, effect } from "@preact/signals";
import { api } from "../api/client";
import { answer, refused } from "./answer";
import { editing } from "./collections";
import { returned, said } from "./events";
import { library } from "./library";
import { attempt } from "./notices";
import { asking, filters } from "./view";

/** Why what is typed is not understood, or null. */
export const problem = computed(() =>
  refused.value?.query === filters.value.search ? refused.value : null,
);

let wanted: string | null = null;
let going = false;

/** Ask now, or once the question before is answered; only the latest one counts. */
async function ask(query: string): Promise<void> {
  wanted = query;
  if (going) return;
  going = true;
  try {
    while (wanted !== null) {
      const text: string = wanted;
      wanted = null;
      const told = await attempt(() => api.find(text));
      if (!told || text !== filters.peek().search) continue;
      refused.value = told.problem && { ...told.problem, query: text };
      const { ordered, asks_hidden: asksHidden } = told;
      if (!told.problem) answer.value = { ids: new Set(told.ids), ordered, asksHidden };
    }
  } finally {
    going = false;
  }
}

/** Keep in step with what is typed, the sounds, and what a person said of them. */
export function followSearch(): void {
  const typed = computed(() => filters.value.search);
  effect(() => {
    const search = typed.value;
    if (!search) editing.value = "";
    void [library.value.version, said.value, returned.value];
    if (asking.value) void ask(search);
    else {
      wanted = answer.value = refused.value = null;
    }
  });
}
