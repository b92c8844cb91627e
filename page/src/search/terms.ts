/** The terms of a query, as `drumsort find` parts them. */

const TERM = /(?:"[^"]*"?|[^\s"])+/g;

export interface Term {
  readonly text: string;
  readonly at: number;
}

/** The terms, without the commas that end some of them, and whether a comma follows. */
export function termsOf(text: string): (Term & { readonly last: boolean })[] {
  return Array.from(text.matchAll(TERM), ({ 0: found, index }) => {
    const last = found.endsWith(",");
    return { text: last ? found.slice(0, -1) : found, at: index, last };
  });
}

/** A text as the value of a field; null if no query can write it. */
export function quoted(text: string): string | null {
  if (text.includes('"')) return null;
  return /^[^\s",]+$/.test(text) ? text : `"${text}"`;
}
