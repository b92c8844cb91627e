/** What may come next in a query, while it is typed. */

import type { Language } from "../api/types";
import { folded } from "../sounds/filter";
import { quoted, termsOf, type Term } from "./terms";

export interface Vocabulary {
  readonly language: Language;
  readonly labels: readonly string[];
  readonly families: readonly string[];
  readonly packs: readonly string[];
  readonly collections: readonly string[];
  readonly keywords: readonly string[];
}

export interface Suggestion {
  /** What takes the place of the term. */
  readonly term: string;
  readonly about: string;
}

const MOST = 8;

/** The term that the caret is in or behind; an empty one between others. */
function termAt(text: string, caret: number): Term {
  const found = termsOf(text).find(
    (term) => term.at < caret && caret <= term.at + term.text.length,
  );
  return found ?? { text: "", at: caret };
}

/** The fields that a query may ask for, if `all`; else what the term may become. */
export function suggest(text: string, caret: number, known: Vocabulary, all = false): Suggestion[] {
  const term = termAt(text, caret);
  const [, sign, body] = /^([-^]?)(.*)$/s.exec(term.text.slice(0, caret - term.at))!;
  const [, field, value] = /^([a-z_]+):(.*)$/is.exec(body) ?? [];
  const found = field ? values(field.toLowerCase(), value, known) : words(body, known, all, !sign);
  return found
    .map(({ term, about }) => ({ term: sign + term, about }))
    .filter((one) => one.term !== term.text)
    .slice(0, all && !body ? undefined : MOST);
}

/** The text with the suggestion in place of the term, and where the caret is then. */
export function put(text: string, caret: number, { term }: Suggestion): [string, number] {
  const { at, text: before } = termAt(text, caret);
  const rest = text.slice(at + before.length);
  const ended = /[:.]$/.test(term) || /^[\s,]/.test(rest) ? term : `${term} `;
  return [text.slice(0, at) + ended + rest, at + ended.length];
}

/** A term for each of the texts in which this begins a word; where it begins the text comes first. */
function naming(
  field: string,
  begun: string,
  texts: readonly string[],
  about: string,
): Suggestion[] {
  const begins = (text: string) => folded(text).startsWith(begun);
  const within = (text: string) => !begins(text) && folded(text).includes(` ${begun}`);
  return [...texts.filter(begins), ...texts.filter(within)].slice(0, MOST).flatMap((text) => {
    const value = text && quoted(text);
    return value ? [{ term: `${field}:${value}`, about }] : [];
  });
}

function words(
  typed: string,
  { language, labels, families, packs, collections, keywords }: Vocabulary,
  all: boolean,
  mayOrder: boolean,
): Suggestion[] {
  const begun = folded(typed.replaceAll('"', ""));
  const { fields } = language;
  if (!begun) return all ? fields.map(({ name, about }) => ({ term: `${name}:`, about })) : [];
  const order = fields.filter(({ name }) => mayOrder && name === begun.replace(/[+-]$/, ""));
  return [
    ...fields
      .filter(({ name }) => name.startsWith(begun))
      .map(({ name, about }) => ({ term: `${name}:`, about })),
    ...order.flatMap(({ name }) => [
      { term: `${name}+`, about: "the lowest first" },
      { term: `${name}-`, about: "the highest first" },
    ]),
    ...language.words
      .filter(({ word }) => word.startsWith(begun))
      .map(({ word, about }) => ({ term: word, about })),
    ...naming("label", begun, labels, "label"),
    ...naming("family", begun, families, "family"),
    ...naming("keyword", begun, keywords, "keyword"),
    ...naming("collection", begun, collections, "collection"),
    ...naming("pack", begun, packs, "pack"),
  ];
}

function values(field: string, typed: string, known: Vocabulary): Suggestion[] {
  const asked = known.language.fields.find(({ name }) => name === field);
  if (!asked) return [];
  const begun = folded(typed.replaceAll('"', ""));
  if (asked.named)
    return naming(field, begun, field === "label" ? known.labels : known.families, asked.about);
  if (field === "pack") return naming(field, begun, known.packs, "pack");
  if (field === "collection") return naming(field, begun, known.collections, "collection");
  if (field === "keyword") return naming(field, begun, known.keywords, "keyword");
  if (field === "corrected" || field === "hidden")
    return naming(field, begun, ["yes", "no"], asked.about);
  return begun ? [] : [{ term: asked.example, about: asked.takes }];
}
