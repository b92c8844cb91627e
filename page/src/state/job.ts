/** The running job, how fast it is, and what to do when it ends. */

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
let announced = 0;

/** Take the server's job; the end of a job that was seen running is announced once. */
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
    announced = 0;
    return;
  }
  const ended = waiting.get(now.number);
  const seen = before?.number === now.number && before.state === "running";
  if ((seen || ended) && announced !== now.number) {
    announced = now.number;
    if (now.sentence) tell(now.state === "failed" ? "error" : "done", now.sentence, now.failures);
    void refreshState();
  }
  waiting.delete(now.number);
  ended?.(now);
}

/** Start a job, and return it once it ends; undefined if it was refused or lost. */
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
