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
  chosen(filters.families, sounds.families, columns.family);
  chosen(filters.labels, sounds.labels, columns.label);
  chosen(filters.packs, sounds.packs, columns.pack);
  for (const name of RANGED) {
    const span = filters[name];
    if (span) tests.push((row) => columns[name][row] >= span[0] && columns[name][row] <= span[1]);
  }
  if (filters.unsure) chosen(["unsure"], sounds.families, columns.family);
  if (filters.corrected) tests.push((row) => columns.corrected[row] === 1);
  if (members) tests.push((row) => members.has(columns.id[row]));
  tests.push(...filters.search.toLowerCase().split(/\s+/).filter(Boolean).map(searched(sounds)));
  return tests;
}

/** A word is somewhere in the name of the file, of its folder, of its pack or of its label. */
function searched(sounds: Sounds): (word: string) => Test {
  const lower = lowered(sounds);
  const { pack, folder, label } = sounds.columns;
  return (word) => {
    const having = (name: string) => name.toLowerCase().includes(word);
    const packs = sounds.packs.map(having);
    const folders = sounds.folders.map(having);
    const labels = sounds.labels.map((name) => `${name} ${spoken(name)}`.includes(word));
    return (row) =>
      packs[pack[row]] || folders[folder[row]] || labels[label[row]] || lower[row].includes(word);
  };
}

const lowercase = new WeakMap<readonly string[], string[]>();

/** The names in lower case, made once for each list of them. */
export function lowered({ names }: Sounds): string[] {
  let found = lowercase.get(names);
  if (!found) lowercase.set(names, (found = names.map((name) => name.toLowerCase())));
  return found;
}

/** How many filters are on, the search not counted. */
export function active(filters: Filters): number {
  const { families, labels, packs, unsure, corrected, collection } = filters;
  const lists = [families, labels, packs].filter((names) => names.length).length;
  const ranges = RANGED.filter((name) => filters[name]).length;
  return lists + ranges + Number(unsure) + Number(corrected) + Number(collection !== null);
}
