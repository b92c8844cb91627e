/** The running job, how fast it is, and what to do when it ends. */

import { computed, signal } from "@preact/signals";
import { api } from "../api/client";
import type { Job } from "../api/types";
import { refreshState } from "./library";
import { attempt, tell } from "./notices";
import { Pace } from "./pace";

export const job = signal<Job | null>(null);
/** Whether it is at work. */
export const running = computed(() => job.value?.state === "running");
export const pace = new Pace();

interface Waiting {
  ended: (job: Job | undefined) => void;
  /** Whether whoever waits says itself what came of it. */
  says: () => boolean;
}
const waiting = new Map<number, Waiting>();
let announced = 0;

/** Take the server's job; the end of a job that was seen running is announced once. */
export function takeJob(now: Job | null): void {
  const before = job.value;
  job.value = now;
  for (const [number, { ended }] of waiting) {
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
  const waiter = waiting.get(now.number);
  const seen = before?.number === now.number && before.state === "running";
  if ((seen || waiter) && announced !== now.number) {
    announced = now.number;
    if (now.sentence && !waiter?.says())
      tell(now.state === "failed" ? "error" : "done", now.sentence, { more: now.failures });
    void refreshState();
  }
  waiting.delete(now.number);
  waiter?.ended(now);
}

/**
 * Start a job, and return it once it ends; undefined if it was refused or lost. What came of it is
 * told, unless the caller says it: asked at the end, for its panel may be closed by then.
 */
export async function run(
  begin: () => Promise<Job>,
  says: () => boolean = () => false,
): Promise<Job | undefined> {
  const begun = await attempt(begin);
  if (!begun) return undefined;
  return new Promise((ended) => {
    const latest = job.value?.number === begun.number ? job.value : begun;
    waiting.set(begun.number, { ended, says });
    takeJob(latest);
  });
}

export const stop = () => attempt(api.stop);
