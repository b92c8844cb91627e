/** What was opened lately on this machine: kept with the settings, the latest first. */

import { computed, effect } from "@preact/signals";
import { library } from "./library";
import { settings } from "./settings";
import { current, filters } from "./view";
import { openedLast } from "./within";

const MOST = 60;
/** A sound that keys only pass by was not opened. */
const REST_MS = 900;

/** Those that are still in the library. */
export const recent = computed(() => {
  const known = library.value.rowOf;
  return settings.recent.value.filter((id) => typeof id === "number" && known.has(id));
});

function remember(id: number): void {
  const [latest] = settings.recent.value;
  if (id !== latest)
    settings.recent.value = [id, ...settings.recent.value.filter((other) => other !== id)].slice(
      0,
      MOST,
    );
}

/** Remember what stays the current sound; the list of them stays as it is while it is shown. */
export function followRecent(): void {
  effect(() => {
    const id = current.value;
    if (id === null) return;
    const timer = setTimeout(() => remember(id), REST_MS);
    return () => clearTimeout(timer);
  });
  effect(() => {
    const { recent: on } = filters.value;
    if (!on) openedLast.value = null;
    else openedLast.value ??= new Set(settings.recent.peek()); // the sounds may not be there yet
  });
}
