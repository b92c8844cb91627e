/** One sentence for each thing that went wrong, or was done; and whether the server is there. */

import { signal } from "@preact/signals";
import { NoAnswer, Refusal } from "../api/client";

export interface Notice {
  readonly key: number;
  readonly kind: "error" | "done";
  readonly sentence: string;
  readonly more: readonly string[];
}

export const notices = signal<readonly Notice[]>([]);
/** Why the server does not answer, or nothing. */
export const gone = signal("");

const STAYS_MS = 6000;
const MOST = 4;
let last = 0;

export function tell(kind: Notice["kind"], sentence: string, more: readonly string[] = []): void {
  if (notices.value.some((notice) => notice.sentence === sentence)) return;
  const notice = { key: ++last, kind, sentence, more };
  const kept = notices.value.filter((other) => other.kind === "error" || kind === "error");
  notices.value = [...kept.slice(1 - MOST), notice];
  if (kind === "done" && !more.length) setTimeout(() => close(notice.key), STAYS_MS);
}

export function close(key: number): void {
  notices.value = notices.value.filter((notice) => notice.key !== key);
}

/** Do it; what goes wrong is told, and gives undefined. */
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
  if (error instanceof NoAnswer) gone.value = error.message;
  else if (error instanceof Refusal && error.status === 403) gone.value = error.message;
  else tell("error", error instanceof Error ? error.message : String(error));
}
