/** The job that runs, how fast it is, and what to do when it ends. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import type { Job } from "../api/types";
import { refreshState } from "./library";
import { attempt, tell } from "./notices";
import { Pace } from "./pace";

export const job = signal<Job | null>(null);
export const pace = new Pace();

type Ended = (job: Job | undefined) => void;
const waiting = new Map<number, Ended>();
let told = 0;

/** Take what the server says of its job; the end of one that was seen running is told once. */
export function takeJob(now: Job | null): void {
  const before = job.value;
  job.value = now;
  for (const [number, ended] of waiting) {
    if (number < (now?.number ?? Infinity)) {
      waiting.delete(number);
      ended(undefined);
    }
  }
  if (!now) return;
  pace.at(now.number, now.done, performance.now() / 1000);
  if (now.state === "running") {
    told = 0;
    return;
  }
  const ended = waiting.get(now.number);
  const seen = before?.number === now.number && before.state === "running";
  if ((seen || ended) && told !== now.number) {
    told = now.number;
    if (now.sentence) tell(now.state === "failed" ? "error" : "done", now.sentence, now.failures);
    void refreshState();
  }
  waiting.delete(now.number);
  ended?.(now);
}

/** Begin a job; what became of it, once it ends: undefined where it was refused or got lost. */
export async function run(begin: () => Promise<Job>): Promise<Job | undefined> {
  const begun = await attempt(begin);
  if (!begun) return undefined;
  return new Promise((resolve) => {
    const latest = job.value?.number === begun.number ? job.value : begun;
    waiting.set(begun.number, resolve);
    takeJob(latest);
  });
}

export const stop = () => attempt(api.stop);
