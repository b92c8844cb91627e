/** Past sorts. */

import { computed, signal } from "@preact/signals";
import { api } from "../api/client";
import type { Run } from "../api/types";
import { run } from "./job";
import { attempt } from "./notices";

export const history = signal<readonly Run[]>([]);
/** Sorts that were cut off, to finish or to undo. */
export const unfinished = computed(() =>
  history.value.filter((past) => past.state === "unfinished"),
);

export async function refreshHistory(): Promise<void> {
  history.value = (await attempt(api.history)) ?? history.value;
}

export async function undoRun(id: string): Promise<void> {
  await run(() => api.undoRun(id));
  await refreshHistory();
}

export async function resumeRun(id: string): Promise<void> {
  await run(() => api.resumeRun(id));
  await refreshHistory();
}
