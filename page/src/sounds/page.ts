/** One page of sounds as the server sends it: a JSON header, then columns (docs/page.md). */

import { COLUMNS, type PageHeader } from "../api/types";
import { Names } from "./names";
import type { Places } from "./sounds";

export type ColumnName = keyof typeof COLUMNS;
type ColumnType = "uint8" | "uint16" | "uint32" | "float32";
type Arrays = {
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  float32: Float32Array;
};
export type Columns = { [N in ColumnName]: Arrays[(typeof COLUMNS)[N]] };

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
};

export interface Page {
  header: PageHeader;
  columns: Columns;
  names: Names;
}

/** Throws if a column is missing, has another type, or is longer than the data. */
export function readPage(buffer: ArrayBuffer): Page {
  const { header, raw } = opened(buffer);
  const columns = Object.fromEntries(
    Object.entries(COLUMNS).map(([name, type]) => [name, raw(name, type)]),
  ) as unknown as Columns;
  const ends = raw("name_ends", "uint32") as Uint32Array;
  return { header, columns, names: new Names(raw("names", "uint8") as Uint8Array, ends) };
}

/** What the map needs of all sounds; throws as `readPage`. */
export function readPlaces(buffer: ArrayBuffer): Places {
  const { header, raw } = opened(buffer);
  const columns = Object.fromEntries(
    (["x", "y", "family"] as const).map((name) => [name, raw(name, COLUMNS[name])]),
  ) as unknown as Places["columns"];
  return { count: header.count, columns, families: header.families };
}

function opened(buffer: ArrayBuffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 4, length)),
  ) as PageHeader;
  const base = 4 + length;
  const raw = (name: string, type: ColumnType) => {
    const found = header.columns.find((column) => column.name === name);
    if (found?.type !== type) throw new Error(`The server sent no column '${name}'.`);
    const bytes = ARRAYS[type].BYTES_PER_ELEMENT;
    return new ARRAYS[type](buffer, base + found.start, found.length / bytes);
  };
  return { header, raw };
}

/** A zeroed array of a column's type. */
export function blank(name: ColumnName, rows: number): Arrays[ColumnType] {
  return new ARRAYS[COLUMNS[name]](rows);
}
