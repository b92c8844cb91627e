/** Which points are near a position. */

import KDBush from "kdbush";
import type { Sounds } from "../sounds/sounds";
import { within, type Line } from "./lasso";

export class Near {
  private readonly index: KDBush;
  private readonly rows: Uint32Array;
  private readonly x: Float32Array;
  private readonly y: Float32Array;

  constructor({ columns: { x, y } }: Pick<Sounds, "columns">) {
    this.x = x;
    this.y = y;
    this.rows = Uint32Array.from(x.keys()).filter((row) => x[row] === x[row]);
    this.index = new KDBush(this.rows.length, 64, Float32Array);
    for (const row of this.rows) this.index.add(x[row], y[row]);
    this.index.finish();
  }

  /** The nearest row within a distance that passes the filters. */
  nearest(x: number, y: number, far: number, passes: (row: number) => boolean): number | undefined {
    let [found, least]: [number | undefined, number] = [undefined, Infinity];
    for (const nth of this.index.within(x, y, far)) {
      const row = this.rows[nth];
      const distance = this.distance(row, x, y);
      if (distance < least && passes(row)) [found, least] = [row, distance];
    }
    return found;
  }

  /** Rows within a closed line that pass the filters. */
  inside(line: Line, passes: (row: number) => boolean): number[] {
    const xs = line.map(([x]) => x);
    const ys = line.map(([, y]) => y);
    return this.index
      .range(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys))
      .map((nth) => this.rows[nth])
      .filter((row) => passes(row) && within(line, this.x[row], this.y[row]));
  }

  /** The nearest row in a direction from another, within 45 degrees; undefined at the edge. */
  towards(
    from: number,
    [right, up]: readonly [number, number],
    passes: (row: number) => boolean,
  ): number | undefined {
    const [x, y] = [this.x[from], this.y[from]];
    const ahead = (row: number) => (this.x[row] - x) * right + (this.y[row] - y) * up;
    const aside = (row: number) => Math.abs((this.x[row] - x) * up - (this.y[row] - y) * right);
    const fits = (row: number) =>
      row !== from && ahead(row) > 0 && aside(row) <= ahead(row) && passes(row);
    for (let far = 0.02; far < 6; far *= 2) {
      const nearest = this.nearest(x, y, far, fits);
      if (nearest !== undefined) return nearest;
    }
    return undefined;
  }

  private distance(row: number, x: number, y: number): number {
    return (this.x[row] - x) ** 2 + (this.y[row] - y) ** 2;
  }
}
