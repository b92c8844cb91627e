/** One page of sounds as the server sends it: a JSON header, then columns (docs/page.md). */

import { COLUMNS, type PageHeader } from "../api/types";

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
  names: string[];
}

/** Throws if a column is missing, has another type, or is longer than the data. */
export function readPage(buffer: ArrayBuffer): Page {
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
  const columns = Object.fromEntries(
    Object.entries(COLUMNS).map(([name, type]) => [name, raw(name, type)]),
  ) as unknown as Columns;
  const names = readNames(raw("names", "uint8") as Uint8Array, raw("name_ends", "uint32"));
  return { header, columns, names };
}

/** Names that are all ASCII are cut from one string, which is ten times faster. */
function readNames(bytes: Uint8Array, ends: ArrayLike<number>): string[] {
  const decoder = new TextDecoder();
  const all = decoder.decode(bytes);
  const plain = all.length === bytes.length;
  return Array.from(ends, (end, row) => {
    const start = row ? ends[row - 1] : 0;
    return plain ? all.slice(start, end) : decoder.decode(bytes.subarray(start, end));
  });
}

/** A zeroed array of a column's type. */
export function blank(name: ColumnName, rows: number): Arrays[ColumnType] {
  return new ARRAYS[COLUMNS[name]](rows);
}
