/** The state of the view in the address after `#`, so that a reload keeps it. */

import { ALL, RANGED, type Filters, type Span } from "../sounds/filter";
import { SORTS, type Order, type SortName } from "../sounds/sort";

export const VIEWS = ["both", "map", "list"] as const;
export type View = (typeof VIEWS)[number];

export interface ViewState {
  view: View;
  current: number | null;
  filters: Filters;
  order: Order;
}

export const START: ViewState = {
  view: "both",
  current: null,
  filters: ALL,
  order: { by: "path", descending: false },
};

const LISTS = {
  family: "families",
  label: "labels",
  pack: "packs",
  keyword: "keywords",
} as const;

export function written({ view, current, filters, order }: ViewState): string {
  const parts = new URLSearchParams();
  if (view !== START.view) parts.set("view", view);
  if (current !== null) parts.set("id", String(current));
  if (filters.search) parts.set("q", filters.search);
  for (const [key, name] of Object.entries(LISTS)) {
    for (const value of filters[name as keyof Filters] as string[]) parts.append(key, value);
  }
  for (const name of RANGED) {
    const span = filters[name];
    if (span) parts.set(name, span.map((end) => (end === Infinity ? "" : end)).join("-"));
  }
  if (filters.unsure) parts.set("unsure", "1");
  if (filters.corrected) parts.set("corrected", "1");
  if (filters.hidden) parts.set("hidden", "1");
  if (filters.recent) parts.set("recent", "1");
  if (filters.collection !== null) parts.set("collection", String(filters.collection));
  if (order.by !== "path" || order.descending)
    parts.set("sort", (order.descending ? "-" : "") + order.by);
  return parts.toString();
}

/** Ignores whatever makes no sense: an address may be old, or typed by hand. */
export function read(hash: string): ViewState {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const view = parts.get("view") as View;
  const sort = parts.get("sort") ?? "path";
  const by = sort.replace(/^-/, "") as SortName;
  return {
    view: VIEWS.includes(view) ? view : START.view,
    current: whole(parts.get("id")),
    filters: {
      search: parts.get("q") ?? "",
      families: parts.getAll("family"),
      labels: parts.getAll("label"),
      packs: parts.getAll("pack"),
      keywords: parts.getAll("keyword"),
      confidence: span(parts.get("confidence")),
      duration: span(parts.get("duration")),
      brightness: span(parts.get("brightness")),
      unsure: parts.has("unsure"),
      corrected: parts.has("corrected"),
      hidden: parts.has("hidden"),
      recent: parts.has("recent"),
      collection: whole(parts.get("collection")),
    },
    order: SORTS.includes(by) ? { by, descending: sort.startsWith("-") } : START.order,
  };
}

function whole(text: string | null): number | null {
  return text && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

function span(text: string | null): Span | null {
  const [low, high] = (text ?? "").split("-");
  if (!low || high === undefined) return null;
  const ends: Span = [Number(low), high ? Number(high) : Infinity];
  return ends[0] >= 0 && ends[1] >= ends[0] ? ends : null;
}
