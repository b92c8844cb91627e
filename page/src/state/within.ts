/** Sets of sounds that filters narrow the list down to, beside a collection; null where off. */

import { signal } from "@preact/signals";

/** The sounds that have one of the keywords filtered by. */
export const withKeyword = signal<ReadonlySet<number> | null>(null);
/** What was opened last when the filter was switched on, the latest first. */
export const openedLast = signal<ReadonlySet<number> | null>(null);
