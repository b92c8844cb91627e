/** All sounds, as columns; a row is an index into them, an id is the server's number of a sound. */

import { COLUMNS } from "../api/types";
import { blank, type ColumnName, type Columns, type Page } from "./page";

export interface Sounds {
  readonly version: number;
  readonly count: number;
  readonly columns: Columns;
  readonly names: readonly string[];
  readonly families: readonly string[];
  readonly labels: readonly string[];
  readonly packs: readonly string[];
  readonly folders: readonly string[];
  /** id to row */
  readonly rowOf: ReadonlyMap<number, number>;
}

export const NOTHING: Sounds = {
  version: 0,
  count: 0,
  columns: columnsOf(0),
  names: [],
  families: [],
  labels: [],
  packs: [],
  folders: [],
  rowOf: new Map(),
};

/** Join pages of one version, in order. */
export function joined(pages: readonly Page[]): Sounds {
  const count = pages.reduce((sum, page) => sum + page.header.count, 0);
  const columns = columnsOf(count);
  let at = 0;
  for (const page of pages) {
    for (const name of columnNames) columns[name].set(page.columns[name], at);
    at += page.header.count;
  }
  return finished(
    pages[pages.length - 1],
    columns,
    pages.flatMap((page) => page.names),
  );
}

/** Replace known rows where they are, and append new ones. */
export function merged(sounds: Sounds, page: Page): Sounds {
  const targets = new Uint32Array(page.header.count);
  let count = sounds.count;
  for (let row = 0; row < targets.length; row++) {
    targets[row] = sounds.rowOf.get(page.columns.id[row]) ?? count++;
  }
  const columns = columnsOf(count);
  for (const name of columnNames) {
    const into = columns[name];
    const from = page.columns[name];
    into.set(sounds.columns[name]);
    for (let row = 0; row < targets.length; row++) into[targets[row]] = from[row];
  }
  const names = sounds.names.slice();
  page.names.forEach((name, row) => (names[targets[row]] = name));
  return finished(page, columns, names);
}

const columnNames = Object.keys(COLUMNS) as ColumnName[];

function columnsOf(count: number): Columns {
  return Object.fromEntries(
    (Object.keys(COLUMNS) as ColumnName[]).map((name) => [name, blank(name, count)]),
  ) as unknown as Columns;
}

function finished({ header }: Page, columns: Columns, names: string[]): Sounds {
  const rowOf = new Map<number, number>();
  columns.id.forEach((id, row) => rowOf.set(id, row));
  const { version, families, labels, packs, folders } = header;
  const count = names.length;
  return { version, count, columns, names, families, labels, packs, folders, rowOf };
}
