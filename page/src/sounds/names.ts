/**
 * The names of the files. They stay bytes, and all of them are folded into one text that is searched as
 * a whole: a million strings would take the browser a second and 100 MB.
 */

import { folded } from "./folded";

interface Folded {
  /** All names, one right after the other. */
  readonly text: string;
  /** Where each ends in it. */
  readonly ends: Uint32Array;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class Names {
  static readonly NONE = new Names(new Uint8Array(0), new Uint32Array(0));
  private known: Folded | null = null;

  /** Bytes in UTF-8, and where each name ends in them. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly ends: Uint32Array,
  ) {}

  get length(): number {
    return this.ends.length;
  }

  /** The name of a row; empty where there is none. */
  at(row: number): string {
    return decoder.decode(this.bytes.subarray(this.start(row), this.ends[row] ?? 0));
  }

  static joined(parts: readonly Names[]): Names {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
    const ends = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let [start, row] = [0, 0];
    for (const part of parts) {
      bytes.set(part.bytes, start);
      for (const end of part.ends) ends[row++] = start + end;
      start += part.bytes.length;
    }
    return new Names(bytes, ends);
  }

  /** The same names but for some rows; rows behind the last are new. */
  with(rows: Uint32Array, others: Names): Names {
    if (rows.every((row, nth) => row < this.length && this.at(row) === others.at(nth))) return this;
    const count = rows.reduce((most, row) => Math.max(most, row + 1), this.length);
    const from = new Int32Array(count).fill(-1);
    rows.forEach((row, nth) => (from[row] = nth));
    const ends = new Uint32Array(count);
    let total = 0;
    for (let row = 0; row < count; row++) {
      total += from[row] < 0 ? this.size(row) : others.size(from[row]);
      ends[row] = total;
    }
    const bytes = new Uint8Array(total);
    let first = 0; // of a run of names that stay
    for (let row = 0; row <= count; row++) {
      if (row < count && from[row] < 0) continue;
      const kept = this.bytes.subarray(this.start(first), this.start(row));
      bytes.set(kept, first ? ends[first - 1] : 0);
      if (row < count) bytes.set(others.part(from[row]), row ? ends[row - 1] : 0);
      first = row + 1;
    }
    return new Names(bytes, ends);
  }

  /** Which names contain a text that is folded: 1 for each row that does. */
  containing(word: string): Uint8Array {
    const { text, ends } = this.folded;
    const found = new Uint8Array(ends.length);
    let row = 0;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at)) {
      while (ends[row] <= at) row++;
      if (at + word.length <= ends[row]) {
        found[row] = 1;
        at = ends[row];
      } else at++; // it goes on into the next name
    }
    return found;
  }

  get folded(): Folded {
    return (this.known ??= this.fold());
  }

  private fold(): Folded {
    const all = decoder.decode(this.bytes);
    if (all.length === this.bytes.length) return { text: all.toLowerCase(), ends: this.ends };
    let total = 0;
    const parts: string[] = [];
    const ends = new Uint32Array(this.length);
    for (let row = 0; row < this.length; row++) {
      parts.push(folded(this.at(row)));
      ends[row] = total += parts[row].length;
    }
    return { text: parts.join(""), ends };
  }

  private start(row: number): number {
    return row ? (this.ends[row - 1] ?? this.bytes.length) : 0;
  }

  private size(row: number): number {
    return this.ends[row] - this.start(row);
  }

  private part(row: number): Uint8Array {
    return this.bytes.subarray(this.start(row), this.ends[row]);
  }
}
