/** Whether what is typed is words only: these are looked for here; the rest is for the server. */

import { QUARTERS } from "../api/types";
import { folded } from "../sounds/filter";

/** What may mean more than a word: not, quotes, a comma at the end, a field, an order. */
const MORE = /^[-^]|"|,$|^[a-z_]+:|^[a-z_]+[+-]$/i;

/** `named` are all collections and keywords: a word may name one, and the server knows its sounds. */
export function isPlain(text: string, named: readonly string[]): boolean {
  const names = named.map(folded);
  return text
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => {
      const plain = folded(word);
      return (
        !MORE.test(word) && !QUARTERS.includes(plain) && !names.some((name) => name.includes(plain))
      );
    });
}
