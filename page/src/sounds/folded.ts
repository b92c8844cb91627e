/** Text as it is searched and sorted. */

const NOT_ASCII = /[^\x00-\x7f]/;

/** In lower case and without accents, in either Unicode form: some disks store `é` as two characters. */
export function folded(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
}

const known = new WeakMap<readonly string[], string[]>();

/** Computed once for each list of names. */
export function foldedAll(names: readonly string[]): string[] {
  let found = known.get(names);
  if (!found) known.set(names, (found = names.map(folded)));
  return found;
}
