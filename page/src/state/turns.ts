/** Changes are made one after the other, in the order in which they were asked for. */

import { signal } from "@preact/signals";

/** What takes longer than a moment, or empty. */
export const busy = signal("");

const MOMENT_MS = 250;
let last: Promise<unknown> = Promise.resolve();

/** Do the work once all that was asked for before is done. */
export function inTurn<R>(what: string, work: () => Promise<R>): Promise<R> {
  const mine = last.then(async () => {
    const timer = setTimeout(() => (busy.value = what), MOMENT_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      busy.value = "";
    }
  });
  last = mine.catch(() => undefined);
  return mine;
}
