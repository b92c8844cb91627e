/** What is known of the sound that is looked at. */

import { effect, signal } from "@preact/signals";
import { api, Refusal } from "../api/client";
import type { Details } from "../api/types";
import { collections } from "../state/collections";
import { library } from "../state/library";
import { report } from "../state/notices";
import { current } from "../state/view";

/** So that running down the list with a key held asks for nothing. */
const STILL_MS = 90;

export const details = signal<Details | null>(null);

/** Fetch them whenever another sound is looked at, or the sounds or collections have changed. */
export function followDetails(): void {
  effect(() => {
    const id = current.value;
    void library.value.version;
    void collections.value;
    if (id === null) {
      details.value = null;
      return;
    }
    const ending = new AbortController();
    const timer = setTimeout(() => {
      api.details(id, ending.signal).then(
        (found) => (details.value = found),
        (error) => {
          if (error instanceof Refusal && error.status === 404) details.value = null;
          report(error);
        },
      );
    }, STILL_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  });
}
