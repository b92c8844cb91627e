/** What is shown, current and selected. */

import { computed, signal } from "@preact/signals";
import { isPlain } from "../search/plain";
import { ALL, filterRows, type Basis, type Filters } from "../sounds/filter";
import { Listed } from "../sounds/listed";
import { inOrderOf, sortRows, type Order } from "../sounds/sort";
import { answer } from "./answer";
import { collections, members } from "./collections";
import { read, type View } from "./hash";
import { library, server } from "./library";
import { openedLast, withKeyword } from "./within";

const start = read(location.hash);

export const view = signal<View>(start.view);
export const filters = signal<Filters>(start.filters);
export const order = signal<Order>(start.order);
/** The id of the current sound, or null. */
export const current = signal<number | null>(start.current);
/** The id of the sound that the pointer is over and that is heard; null while it is over none. */
export const heard = signal<number | null>(null);
/** The ids of the selected sounds. */
export const selection = signal<ReadonlySet<number>>(new Set());
/** A family that the legend points at, or -1. */
export const lit = signal(-1);
/** On a phone: whether the details are open. */
export const sheet = signal(false);

export type Panel =
  | "sort"
  | "teach"
  | "history"
  | "help"
  | "filters"
  | "more"
  | "scan"
  | "sound"
  | "find"
  | "keywords";
export const panel = signal<Panel | null>(null);

/** A word may name one of these, and the server knows their sounds. */
const names = computed(() =>
  [...collections.value, ...(server.value?.keywords ?? [])].map(({ name }) => name),
);
/** Whether the search is a query, which the server answers. */
export const asking = computed(() => !isPlain(filters.value.search, names.value));
let latest: Basis = { words: "" };
/** What the search lets pass; until a query is answered, and understood, what it let pass before. */
export const basis = computed((): Basis => {
  const { search } = filters.value;
  if (asking.value) latest = answer.value ?? latest;
  else if (!("words" in latest) || latest.words !== search) latest = { words: search };
  return latest;
});
let beside: Filters = ALL;
/** The filters beside the search: while a query is typed, nothing is found anew. */
const others = computed(() => {
  const { search, ...rest } = filters.value;
  const names = Object.keys(rest) as (keyof typeof rest)[];
  if (names.some((name) => rest[name] !== beside[name])) beside = filters.value;
  return beside;
});
/** Whether a query says which of the hidden sounds it means, so that none is left out. */
export const anyHidden = computed(
  () =>
    ("asksHidden" in basis.value && basis.value.asksHidden) || (members.value?.asksHidden ?? false),
);
/** Which sounds pass the filters, and how many more would with one filter less. */
export const found = computed(() => {
  const sets = [withKeyword.value, openedLast.value].filter((ids) => ids !== null);
  const beside = { sets, anyHidden: anyHidden.value };
  return filterRows(library.value, others.value, members.value?.ids ?? null, basis.value, beside);
});
const filtered = computed(() => found.value.rows);
/** The ids in the order that a query asks for; null where the list has an order of its own. */
const ranking = computed(() => {
  if (order.value.by !== "path" || order.value.descending) return null;
  for (const each of [basis.value, members.value])
    if (each && "ids" in each && each.ordered) return each.ids;
  return openedLast.value;
});
/** Whether a query sorts the list. */
export const sortedByQuery = computed(() => ranking.value !== null);
/** The rows that pass the filters, in the order of the list. */
export const rows = computed(() =>
  ranking.value
    ? inOrderOf(library.value, filtered.value, ranking.value)
    : sortRows(library.value, filtered.value, order.value),
);
/** Id to index in the list. */
export const nthOf = computed(() => new Listed(library.value, rows.value));

export function filter(change: Partial<Filters>): void {
  filters.value = { ...filters.value, ...change };
}

export function clearFilters(): void {
  filters.value = ALL;
}

/** Whether keys act on the selection: false while a sound outside of it is what was heard last. */
export const onSelection = signal(false);

/** What keys act on: what is heard, or the selection that it is in; nothing that is hidden. */
export const targets = computed<readonly number[]>(() => {
  const id = heard.value ?? current.value;
  if (selection.value.size && (onSelection.value || id === null)) return [...selection.value];
  return id !== null && nthOf.value.has(id) ? [id] : [];
});

export function toggleIn(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}
