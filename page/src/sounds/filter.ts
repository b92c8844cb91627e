/** Which sounds are shown. */

import type { Sounds } from "./sounds";
import { spoken } from "./families";

export type Span = readonly [lowest: number, highest: number];
export type Ranged = "confidence" | "duration" | "brightness";

export interface Filters {
  readonly search: string;
  readonly families: readonly string[];
  readonly labels: readonly string[];
  readonly packs: readonly string[];
  readonly confidence: Span | null;
  readonly duration: Span | null;
  readonly brightness: Span | null;
  readonly unsure: boolean;
  readonly corrected: boolean;
  readonly collection: number | null;
}

export const ALL: Filters = {
  search: "",
  families: [],
  labels: [],
  packs: [],
  confidence: null,
  duration: null,
  brightness: null,
  unsure: false,
  corrected: false,
  collection: null,
};

export const RANGED: readonly Ranged[] = ["confidence", "duration", "brightness"];

type Test = (row: number) => boolean;

/** The rows that pass every filter, in row order; `members` are the ids of the collection. */
export function filterRows(
  sounds: Sounds,
  filters: Filters,
  members: ReadonlySet<number> | null = null,
): Uint32Array {
  const tests = testsOf(sounds, filters, members);
  const rows = new Uint32Array(sounds.count);
  let found = 0;
  for (let row = 0; row < sounds.count; row++) {
    if (tests.every((test) => test(row))) rows[found++] = row;
  }
  return rows.subarray(0, found);
}

function testsOf(sounds: Sounds, filters: Filters, members: ReadonlySet<number> | null): Test[] {
  const { columns } = sounds;
  const tests: Test[] = [];
  const chosen = (names: readonly string[], all: readonly string[], codes: ArrayLike<number>) => {
    if (!names.length) return;
    const wanted = new Set(names.map((name) => all.indexOf(name)));
    tests.push((row) => wanted.has(codes[row]));
  };
  if (!filters.unsure) chosen(filters.families, sounds.families, columns.family);
  else if (!filters.families.includes("unsure"))
    chosen(filters.families, sounds.families, columns.guess);
  chosen(filters.labels, sounds.labels, columns.label);
  chosen(filters.packs, sounds.packs, columns.pack);
  for (const name of RANGED) {
    const span = filters[name];
    if (span) tests.push((row) => columns[name][row] >= span[0] && columns[name][row] <= span[1]);
  }
  if (filters.unsure) chosen(["unsure"], sounds.families, columns.family);
  if (filters.corrected) tests.push((row) => columns.corrected[row] === 1);
  if (members) tests.push((row) => members.has(columns.id[row]));
  tests.push(...folded(filters.search).split(/\s+/).filter(Boolean).map(searched(sounds)));
  return tests;
}

/** Every word must occur in the name of the file, its folder, its pack or its label. */
function searched(sounds: Sounds): (word: string) => Test {
  const names = foldedAll(sounds.names);
  const { pack, folder, label } = sounds.columns;
  return (word) => {
    const having = (name: string) => name.includes(word);
    const packs = foldedAll(sounds.packs).map(having);
    const folders = foldedAll(sounds.folders).map(having);
    const labels = sounds.labels.map((name) => having(folded(`${name} ${spoken(name)}`)));
    return (row) =>
      packs[pack[row]] || folders[folder[row]] || labels[label[row]] || having(names[row]);
  };
}

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

/** How many filters are on, not counting the search. */
export function active(filters: Filters): number {
  const { families, labels, packs, unsure, corrected, collection } = filters;
  const lists = [families, labels, packs].filter((names) => names.length).length;
  const ranges = RANGED.filter((name) => filters[name]).length;
  return lists + ranges + Number(unsure) + Number(corrected) + Number(collection !== null);
}
