/** Which sounds are shown. */

import type { Sounds } from "./sounds";
import { spoken } from "./families";
import { folded, foldedAll } from "./folded";

export { folded } from "./folded";

export type Span = readonly [lowest: number, highest: number];
export type Ranged = "confidence" | "duration" | "brightness";

export interface Filters {
  readonly search: string;
  readonly families: readonly string[];
  readonly labels: readonly string[];
  readonly packs: readonly string[];
  readonly keywords: readonly string[];
  readonly confidence: Span | null;
  readonly duration: Span | null;
  readonly brightness: Span | null;
  readonly unsure: boolean;
  readonly corrected: boolean;
  /** Whether only what is hidden is shown; else that is left out. */
  readonly hidden: boolean;
  /** Whether only what was opened last is shown. */
  readonly recent: boolean;
  readonly collection: number | null;
}

export const ALL: Filters = {
  search: "",
  families: [],
  labels: [],
  packs: [],
  keywords: [],
  confidence: null,
  duration: null,
  brightness: null,
  unsure: false,
  corrected: false,
  hidden: false,
  recent: false,
  collection: null,
};

export const RANGED: readonly Ranged[] = ["confidence", "duration", "brightness"];

/** What the search lets pass: sounds with these words, or those that the server found. */
export type Basis =
  | { readonly words: string }
  | {
      readonly ids: ReadonlySet<number>;
      readonly ordered: boolean;
      readonly asksHidden: boolean;
    };

/** What else narrows the list down, beside the filters by what sounds are. */
export interface Beside {
  /** A sound must be in each of these. */
  readonly sets: readonly ReadonlySet<number>[];
  /** Whether hidden sounds pass, as a query says which of them it means. */
  readonly anyHidden: boolean;
}

type Test = (row: number) => boolean;

/** A filter that has counts beside it, as a bit: what it leaves out is counted without it. */
const FAMILY = 1;
const LABEL = 2;
const PACK = 4;
const UNSURE = 8;
const CORRECTED = 16;
const OTHER = 32;
const AWAY = 64;

export interface Found {
  /** The rows that pass every filter, in row order. */
  readonly rows: Uint32Array;
  /** How many sounds each family, label or pack has that pass all filters of other kinds. */
  readonly families: Uint32Array;
  readonly labels: Uint32Array;
  readonly packs: Uint32Array;
  readonly unsure: number;
  readonly corrected: number;
  readonly hidden: number;
}

/** What passes the filters and the search; `members` are the ids of the collection. */
export function filterRows(
  sounds: Sounds,
  filters: Filters,
  members: ReadonlySet<number> | null = null,
  basis: Basis = { words: filters.search },
  { sets, anyHidden }: Beside = { sets: [], anyHidden: false },
): Found {
  const within = members ? [members, ...sets] : sets;
  const tests = testsOf(sounds, filters, within, basis);
  const { family, guess, label, pack, corrected, hidden } = sounds.columns;
  if (!anyHidden) tests.unshift([AWAY, (row) => (hidden[row] === 1) === filters.hidden]);
  const rows = new Uint32Array(sounds.count);
  const families = new Uint32Array(sounds.families.length);
  const labels = new Uint32Array(sounds.labels.length);
  const packs = new Uint32Array(sounds.packs.length);
  const unsure = sounds.families.indexOf("unsure");
  const meant = filters.unsure ? guess : family;
  let [found, notSure, byPerson, away] = [0, 0, 0, 0];
  for (let row = 0; row < sounds.count; row++) {
    let failed = 0;
    for (const [kind, test] of tests) {
      if (!(failed & kind) && !test(row)) failed |= kind;
      if (failed & OTHER) break;
    }
    if (failed & OTHER) continue;
    if (!failed) rows[found++] = row;
    if (!(failed & ~(FAMILY | LABEL))) families[meant[row]]++;
    if (!(failed & ~LABEL)) labels[label[row]]++;
    if (!(failed & ~PACK)) packs[pack[row]]++;
    if (!(failed & ~UNSURE) && family[row] === unsure) notSure++;
    if (!(failed & ~CORRECTED) && corrected[row] === 1) byPerson++;
    if (!(failed & ~AWAY) && hidden[row] === 1) away++;
  }
  const counts = { families, labels, packs, unsure: notSure, corrected: byPerson, hidden: away };
  return { rows: rows.subarray(0, found), ...counts };
}

function testsOf(
  sounds: Sounds,
  filters: Filters,
  within: readonly ReadonlySet<number>[],
  basis: Basis,
): [kind: number, test: Test][] {
  const { columns } = sounds;
  const tests: [number, Test][] = [];
  const chosen = (
    kind: number,
    names: readonly string[],
    all: readonly string[],
    codes: ArrayLike<number>,
  ) => {
    if (!names.length) return;
    const wanted = Uint8Array.from(all, (name) => Number(names.includes(name)));
    tests.push([kind, (row) => wanted[codes[row]] === 1]);
  };
  const words = "words" in basis ? folded(basis.words).split(/\s+/).filter(Boolean) : [];
  const others: Test[] = words.map(searched(sounds));
  if ("ids" in basis) others.push(among(sounds, basis.ids));
  for (const name of RANGED) {
    const span = filters[name];
    if (span) others.push((row) => columns[name][row] >= span[0] && columns[name][row] <= span[1]);
  }
  for (const ids of within) others.push(among(sounds, ids));
  tests.push(...others.map((test): [number, Test] => [OTHER, test]));
  if (!filters.unsure) chosen(FAMILY, filters.families, sounds.families, columns.family);
  else if (!filters.families.includes("unsure"))
    chosen(FAMILY, filters.families, sounds.families, columns.guess);
  chosen(LABEL, filters.labels, sounds.labels, columns.label);
  chosen(PACK, filters.packs, sounds.packs, columns.pack);
  if (filters.unsure) chosen(UNSURE, ["unsure"], sounds.families, columns.family);
  if (filters.corrected) tests.push([CORRECTED, (row) => columns.corrected[row] === 1]);
  return tests;
}

function among({ count, rowOf }: Sounds, ids: Iterable<number>): Test {
  const within = new Uint8Array(count);
  for (const id of ids) within[rowOf.get(id) ?? count] = 1; // behind the last: ignored
  return (row) => within[row] === 1;
}

/** Every word must occur in the name of the file, its folder, its pack, its label or its family. */
function searched(sounds: Sounds): (word: string) => Test {
  const { pack, folder, label, family } = sounds.columns;
  return (word) => {
    const having = (text: string) => text.includes(word);
    const names = sounds.names.containing(word);
    const packs = foldedAll(sounds.packs).map(having);
    const folders = foldedAll(sounds.folders).map(having);
    const labels = sounds.labels.map((name) => having(folded(`${name} ${spoken(name)}`)));
    const families = sounds.families.map((name) => having(folded(name)));
    return (row) =>
      names[row] === 1 ||
      packs[pack[row]] ||
      folders[folder[row]] ||
      labels[label[row]] ||
      families[family[row]];
  };
}

/** How many filters are on, not counting the search. */
export function active(filters: Filters): number {
  const { families, labels, packs, keywords, collection } = filters;
  const lists = [families, labels, packs, keywords].filter((names) => names.length).length;
  const ranges = RANGED.filter((name) => filters[name]).length;
  const { unsure, corrected, hidden, recent } = filters;
  const switched = [unsure, corrected, hidden, recent, collection !== null].filter(Boolean).length;
  return lists + ranges + switched;
}
