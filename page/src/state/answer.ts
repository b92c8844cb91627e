/** What the server says to a query. */

import { signal } from "@preact/signals";
import type { Problem } from "../api/types";

export interface Answered {
  readonly ids: ReadonlySet<number>;
  /** Whether the query sorts: the ids are in its order. */
  readonly ordered: boolean;
  /** Whether the query says itself which of the hidden sounds it means. */
  readonly asksHidden: boolean;
}

/** To the last query that was understood; null while what is typed is words only. */
export const answer = signal<Answered | null>(null);
/** Why a query is not understood. */
export const refused = signal<(Problem & { readonly query: string }) | null>(null);
