/** Where each sound is in the list. */

import type { Sounds } from "./sounds";

export class Listed {
  /** By row: the index in the list + 1, or 0. */
  private readonly next: Uint32Array;

  constructor(
    private readonly sounds: Sounds,
    private readonly rows: Uint32Array,
  ) {
    this.next = new Uint32Array(sounds.count);
    for (let nth = 0; nth < rows.length; nth++) this.next[rows[nth]] = nth + 1;
  }

  /** The index of a sound, by its id. */
  get(id: number): number | undefined {
    const next = this.next[this.sounds.rowOf.get(id) ?? -1];
    return next ? next - 1 : undefined;
  }

  has(id: number): boolean {
    return this.get(id) !== undefined;
  }

  /** The ids, from the top. */
  *keys(): Iterable<number> {
    const { id } = this.sounds.columns;
    for (const row of this.rows) yield id[row];
  }
}
