/** Which points are near a position: a grid of cells, and the points of each one after the other. */

import type { Places } from "../sounds/sounds";
import { within, type Line } from "./lasso";

/** The grid reaches so far from the middle; points beyond are in its outermost cells. */
const EDGE = 1.25;
const POINTS_IN_CELL = 4;
const SIDES = [8, 1024] as const;

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

export class Near {
  private readonly side: number;
  /** Where the points of each cell start, line by line. */
  private readonly starts: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly x: Float32Array;
  private readonly y: Float32Array;

  constructor({ columns: { x, y } }: { columns: Pick<Places["columns"], "x" | "y"> }) {
    this.x = x;
    this.y = y;
    const wanted = Math.ceil(Math.sqrt(x.length / POINTS_IN_CELL));
    this.side = Math.min(SIDES[1], Math.max(SIDES[0], wanted));
    const ends = new Uint32Array(this.side ** 2 + 1);
    const cells = new Int32Array(x.length);
    for (let row = 0; row < x.length; row++) {
      const placed = x[row] === x[row];
      cells[row] = placed ? this.nth(y[row]) * this.side + this.nth(x[row]) : -1;
      if (placed) ends[cells[row] + 1]++;
    }
    for (let cell = 1; cell < ends.length; cell++) ends[cell] += ends[cell - 1];
    this.starts = ends.slice();
    this.rows = new Uint32Array(ends[ends.length - 1]);
    for (let row = 0; row < x.length; row++)
      if (cells[row] >= 0) this.rows[ends[cells[row]]++] = row;
  }

  /** The nearest row within a distance that passes the filters. */
  nearest(x: number, y: number, far: number, passes: (row: number) => boolean): number | undefined {
    for (let reach = Math.min(far, EDGE / this.side); ; reach = Math.min(far, 2 * reach)) {
      let [found, least]: [number | undefined, number] = [undefined, reach ** 2];
      this.each({ left: x - reach, right: x + reach, low: y - reach, high: y + reach }, (row) => {
        const distance = (this.x[row] - x) ** 2 + (this.y[row] - y) ** 2;
        if (distance <= least && (found === undefined || distance < least) && passes(row))
          [found, least] = [row, distance];
      });
      if (found !== undefined || reach >= far) return found;
    }
  }

  /** Rows within a closed line that pass the filters. */
  inside(line: Line, passes: (row: number) => boolean): number[] {
    const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
    const found: number[] = [];
    const box = {
      left: Math.min(...xs),
      right: Math.max(...xs),
      low: Math.min(...ys),
      high: Math.max(...ys),
    };
    this.each(box, (row) => {
      if (passes(row) && within(line, this.x[row], this.y[row])) found.push(row);
    });
    return found;
  }

  /** The rows in the cells that a box touches. */
  touching(box: Box): Uint32Array {
    const runs: Uint32Array[] = [];
    let count = 0;
    this.runs(box, (start, end) => {
      runs.push(this.rows.subarray(start, end));
      count += end - start;
    });
    const found = new Uint32Array(count);
    let at = 0;
    for (const run of runs) {
      found.set(run, at);
      at += run.length;
    }
    return found;
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
    return this.nearest(x, y, 6, fits);
  }

  private each(box: Box, visit: (row: number) => void): void {
    this.runs(box, (start, end) => {
      for (let nth = start; nth < end; nth++) visit(this.rows[nth]);
    });
  }

  /** The runs of points in the cells that a box touches, one for each line of the grid. */
  private runs({ left, right, low, high }: Box, visit: (start: number, end: number) => void): void {
    const [first, last] = [this.nth(left), this.nth(right)];
    for (
      let line = this.nth(low) * this.side;
      line <= this.nth(high) * this.side;
      line += this.side
    )
      visit(this.starts[line + first], this.starts[line + last + 1]);
  }

  /** The column or line of the grid that a coordinate falls into. */
  private nth(value: number): number {
    const nth = Math.floor(((value + EDGE) / (2 * EDGE)) * this.side);
    return nth < 0 ? 0 : nth < this.side ? nth : this.side - 1;
  }
}
