/** Past sorts. */

import { computed, effect, signal } from "@preact/signals";
import { api } from "../api/client";
import type { Job, Run } from "../api/types";
import { job, run, running } from "./job";
import { attempt } from "./notices";

/** Jobs that are runs of the history. */
const KINDS: ReadonlySet<Job["kind"]> = new Set(["sort", "slice", "undo", "resume"]);

export const history = signal<readonly Run[]>([]);
/** Sorts that were cut off, to finish or to undo. */
export const unfinished = computed(() =>
  changing.value ? [] : history.value.filter((past) => past.state === "unfinished"),
);
/** Whether a job of the server is at work on a sort. */
const changing = computed(() => running.value && KINDS.has(job.value!.kind));

export async function refreshHistory(): Promise<void> {
  history.value = (await attempt(api.history)) ?? history.value;
}

export const undoRun = (id: string) => run(() => api.undoRun(id));
export const resumeRun = (id: string) => run(() => api.resumeRun(id));

/** Keep in step with jobs, of this page or another: what runs was not cut off, what ended is past. */
export function followHistory(): void {
  let before = "";
  effect(() => {
    const { number, kind, state } = job.value ?? {};
    const now = `${number} ${kind} ${state}`;
    if (kind && KINDS.has(kind) && now !== before) void refreshHistory();
    before = now;
  });
}
