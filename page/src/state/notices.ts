/** The latest error, the latest success, and whether the server is there. */

import { signal } from "@preact/signals";
import { NoResponse, Refusal } from "../api/client";

export interface Extra {
  /** One line for each that something is wrong with. */
  readonly more?: readonly string[];
  /** The sound that it is about, to show it. */
  readonly about?: number;
  /** Whether it can be undone. */
  readonly undo?: boolean;
  /** False where the same words may be told again, as news. */
  readonly again?: boolean;
}

export interface Notice extends Extra {
  readonly key: number;
  readonly kind: "error" | "done";
  readonly sentence: string;
  readonly more: readonly string[];
}

export const notices = signal<readonly Notice[]>([]);
/** Why the server does not respond, or empty. */
export const gone = signal("");

const STAYS_MS = { done: 6_000, error: 12_000 };
let last = 0;
/** Whether nobody can see the page. */
let away = false;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Show a notice in place of the last one of its kind; a repeated one only stays longer. */
export function tell(kind: Notice["kind"], sentence: string, extra: Extra = {}): void {
  const { more = [] } = extra;
  const before = notices.value.find((notice) => notice.kind === kind);
  const same =
    before?.sentence === sentence &&
    before.about === extra.about &&
    before.undo === extra.undo &&
    before.more.join("\n") === more.join("\n");
  const again = same && extra.again !== false;
  const notice = again ? before : { ...extra, key: ++last, kind, sentence, more };
  if (!again) {
    if (before) close(before.key);
    notices.value = [...notices.value, notice];
  }
  release(notice.key);
}

/** Something else was done since: what is undone now is not what these notices name. */
export function withoutUndo(): void {
  notices.value = notices.value.map((notice) => ({ ...notice, undo: undefined }));
}

/** Keep a notice while somebody reads it. */
export function hold(key: number): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
}

/** Let a notice go after a while; one with more to say waits to be closed. */
export function release(key: number): void {
  hold(key);
  const notice = notices.value.find((other) => other.key === key);
  if (!notice || notice.more.length || away) return;
  timers.set(
    key,
    setTimeout(() => close(key), STAYS_MS[notice.kind]),
  );
}

/** Keep all notices while nobody can see the page. */
export function whileHidden(hidden: boolean): void {
  away = hidden;
  for (const { key } of notices.value) release(key);
}

export function close(key: number): void {
  hold(key);
  notices.value = notices.value.filter((notice) => notice.key !== key);
}

/** Close the errors from before, or from elsewhere. */
export function forgetErrors(): void {
  for (const { key, kind } of notices.value) if (kind === "error") close(key);
}

/** Do the work; an error is shown, and gives undefined. */
export async function attempt<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch (error) {
    report(error);
    return undefined;
  }
}

export function report(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  if (error instanceof NoResponse) gone.value = error.message;
  else if (error instanceof Refusal && error.status === 403) gone.value = error.message;
  else tell("error", error instanceof Error ? error.message : String(error));
}
