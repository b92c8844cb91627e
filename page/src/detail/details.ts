/** The details of the current sound. */

import { effect, signal } from "@preact/signals";
import { api, Refusal } from "../api/client";
import type { Details } from "../api/types";
import { collections } from "../state/collections";
import { library } from "../state/library";
import { report } from "../state/notices";
import { current } from "../state/view";

/** Holding a key to run down the list requests nothing. */
const STILL_MS = 90;

export const details = signal<Details | null>(null);

/** Fetch the details whenever the current sound, the sounds or the collections change. */
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
