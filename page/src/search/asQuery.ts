/** The search and the filters as one query, to be saved. */

import type { Collection } from "../api/types";
import { RANGED, type Filters, type Span } from "../sounds/filter";
import { quoted, termsOf } from "./terms";

type Choices = readonly (readonly string[])[];

/** Beyond so many choices, nobody could read it. */
const MOST = 40;
const FIELDS = { confidence: "confidence", duration: "length", brightness: "brightness" } as const;

/** Null where no query says the same; `fields` are the names of all fields. */
export function asQuery(
  filters: Filters,
  collections: readonly Collection[],
  fields: readonly string[],
): string | null {
  const search = parted(filters.search, fields);
  const parts: Choices[] = [search.choices];
  let { order } = search;
  const any = (field: string, values: readonly string[]) => {
    if (values.length) parts.push(values.map((value) => [`${field}:${quoted(value) ?? '""'}`]));
  };
  const { families, unsure } = filters;
  if (!unsure) any("family", families);
  else if (!families.includes("unsure")) any("guess", families);
  any("label", filters.labels);
  const exactly = (field: string, values: readonly string[]) => {
    if (values.length) parts.push(values.map((value) => [`${field}:="${value}"`]));
  };
  exactly("pack", filters.packs);
  exactly("keyword", filters.keywords);
  for (const name of RANGED) {
    const span = filters[name];
    if (span) parts.push([[`${FIELDS[name]}:${range(span)}`]]);
  }
  if (unsure) parts.push([["label:unsure"]]);
  if (filters.hidden) parts.push([["hidden:yes"]]);
  if (filters.recent) return null;
  if (filters.corrected) parts.push([["corrected:yes"]]);
  const shown = collections.find(({ number }) => number === filters.collection);
  if (shown?.query) {
    const smart = parted(shown.query, fields);
    parts.push(smart.choices);
    if (!order.length) ({ order } = smart);
  } else if (shown) exactly("collection", [shown.name]);
  if ([...filters.packs, shown?.query ? "" : (shown?.name ?? "")].some((one) => one.includes('"')))
    return null;
  const choices = parts.reduce<Choices>(
    (all, more) =>
      all.flatMap((one) => more.map((other) => [...new Set([...one, ...other])])).filter(possible),
    [[]],
  );
  if (!choices.length || choices.length > MOST) return null;
  const query = choices.map((terms) => terms.join(" ")).join(" , ");
  return [query, ...order].filter(Boolean).join(" ");
}

/** Whether no two terms ask for different labels or families of the same sound. */
function possible(terms: readonly string[]): boolean {
  const fields = terms.flatMap((term) => /^(label|family|guess):/i.exec(term)?.[1] ?? []);
  return new Set(fields).size === fields.length;
}

/** The choices of a query, and its sort keys. */
function parted(text: string, fields: readonly string[]): { choices: Choices; order: string[] } {
  const choices: string[][] = [[]];
  const order: string[] = [];
  for (const { text: term, last } of termsOf(text)) {
    const [, field] = /^([a-z_]+)[+-]$/i.exec(term) ?? [];
    if (field && fields.includes(field.toLowerCase())) order.push(term);
    else if (term) choices.at(-1)!.push(term);
    if (last) choices.push([]);
  }
  return { choices, order };
}

/** To as many digits as the filters have. */
function range([low, high]: Span): string {
  const text = (end: number) => (end === Infinity ? "" : String(Number(end.toPrecision(6))));
  return `${low > 0 ? text(low) : "0"}..${text(high)}`;
}
