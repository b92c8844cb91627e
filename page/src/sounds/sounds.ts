/** All sounds, as columns; a row is an index into them, an id is the server's number of a sound. */

import { COLUMNS } from "../api/types";
import { Names } from "./names";
import { blank, type ColumnName, type Columns, type Page } from "./page";
import { rowOfIds, type RowOf } from "./rowOf";

export interface Sounds {
  readonly version: number;
  readonly count: number;
  readonly columns: Columns;
  readonly names: Names;
  readonly families: readonly string[];
  readonly labels: readonly string[];
  readonly packs: readonly string[];
  readonly folders: readonly string[];
  readonly rowOf: RowOf;
}

/** What the map needs to know of sounds. */
export interface Places {
  readonly count: number;
  readonly columns: Pick<Columns, "x" | "y" | "family">;
  readonly families: readonly string[];
}

/** What follows from the audio alone. */
const MEASURED = ["duration", "loudness", "brightness"] as const;
const columnNames = Object.keys(COLUMNS) as ColumnName[];

export const NOTHING: Sounds = {
  version: 0,
  count: 0,
  columns: columnsOf(0),
  names: Names.NONE,
  families: [],
  labels: [],
  packs: [],
  folders: [],
  rowOf: new Map(),
};

/** Join pages, in order; what changed since the first of them was sent may be missing. */
export function joined(pages: readonly Page[]): Sounds {
  const count = pages.reduce((sum, page) => sum + page.header.count, 0);
  const columns = columnsOf(count);
  let at = 0;
  for (const page of pages) {
    for (const name of columnNames) columns[name].set(page.columns[name], at);
    at += page.header.count;
  }
  const names = Names.joined(pages.map((page) => page.names));
  const sounds = finished(pages[pages.length - 1], columns, names, rowOfIds(columns.id));
  return { ...sounds, version: pages[0].header.version };
}

/** Replace known rows where they are, and append new ones; a column in which nothing changes stays the same. */
export function merged(sounds: Sounds, page: Page): Sounds {
  const targets = new Uint32Array(page.header.count);
  let count = sounds.count;
  for (let row = 0; row < targets.length; row++) {
    targets[row] = sounds.rowOf.get(page.columns.id[row]) ?? count++;
  }
  const columns = { ...sounds.columns };
  for (const name of columnNames) {
    const [before, from] = [sounds.columns[name], page.columns[name]];
    if (count === sounds.count && targets.every((at, row) => Object.is(before[at], from[row])))
      continue;
    const into = blank(name, count);
    into.set(before);
    for (let row = 0; row < targets.length; row++) into[targets[row]] = from[row];
    Object.assign(columns, { [name]: into });
  }
  const rowOf = count === sounds.count ? sounds.rowOf : rowOfIds(columns.id);
  return finished(page, columns, sounds.names.with(targets, page.names), rowOf);
}

/** The ids of known sounds whose files hold other audio now, by what was measured of it. */
export function rewrittenBy({ columns: before, rowOf }: Sounds, { columns: now }: Page): number[] {
  return Array.from(now.id).filter((id, row) => {
    const at = rowOf.get(id);
    return (
      at !== undefined && MEASURED.some((name) => !Object.is(before[name][at], now[name][row]))
    );
  });
}

function columnsOf(count: number): Columns {
  return Object.fromEntries(
    columnNames.map((name) => [name, blank(name, count)]),
  ) as unknown as Columns;
}

function finished({ header }: Page, columns: Columns, names: Names, rowOf: RowOf): Sounds {
  const { version, families, labels, packs, folders } = header;
  return { version, count: names.length, columns, names, families, labels, packs, folders, rowOf };
}
