/** A page of sounds as the server packs it, to read back. */

import { COLUMNS } from "../src/api/types";
import { type ColumnName } from "../src/sounds/page";

const KINDS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
};

export interface Given {
  names: string[];
  version?: number;
  total?: number;
  columns?: Partial<Record<ColumnName, number[]>>;
}

export function packed({ names, version = 1, total, columns = {} }: Given): ArrayBuffer {
  const encoder = new TextEncoder();
  const texts = names.map((name) => encoder.encode(name));
  let end = 0;
  const ends = Uint32Array.from(texts, (text) => (end += text.length));
  const parts: [string, string, Uint8Array][] = Object.entries(COLUMNS).map(([name, type]) => {
    const values = columns[name as ColumnName] ?? names.map((_, row) => (name === "id" ? row : 0));
    return [name, type, new Uint8Array(KINDS[type].from(values).buffer)];
  });
  parts.push(["names", "uint8", Uint8Array.from(texts.flatMap((text) => [...text]))]);
  parts.push(["name_ends", "uint32", new Uint8Array(ends.buffer)]);
  let start = 0;
  const told = parts.map(([name, type, bytes]) => {
    const column = { name, type, start, length: bytes.length };
    start += Math.ceil(bytes.length / 4) * 4;
    return column;
  });
  const header = encoder.encode(
    JSON.stringify({
      version,
      total: total ?? names.length,
      offset: 0,
      count: names.length,
      families: ["kick", "snare", "unsure"],
      labels: ["kick", "snare", "closed_hat", "unsure"],
      packs: ["One", "Deep"],
      folders: ["Samples/One", "Samples/Deep/Low Toms"],
      columns: told,
    }),
  );
  const base = 4 + Math.ceil(header.length / 4) * 4;
  const all = new Uint8Array(base + start).fill(32, 4, base);
  new DataView(all.buffer).setUint32(0, base - 4, true);
  all.set(header, 4);
  told.forEach((column, nth) => all.set(parts[nth][2], base + column.start));
  return all.buffer;
}
