/**
 * What is drawn: all points, where the graphics card can take them. Of more, those around the view if
 * they are few enough, else a picture of how dense they are, and what stands out as points on it.
 */

import type { Places } from "../sounds/sounds";
import { toMap, type Camera, type Extent } from "./camera";
import { densityOf, type Density } from "./density";
import type { Box, Near } from "./near";
import { SELECTED, SHOWN, type Colour } from "./paint";

/** So many points are drawn at once, wherever the view is. */
export const MOST = 150_000;
/** So many are drawn of those around a view. */
const MOST_NEAR = 40_000;
/** How far beyond the view it reaches, as a share of the view. */
const MARGIN = 0.4;
/** The picture is made anew once it is drawn so much larger. */
const STRETCH = 1.5;
const CELL_PX = 2;

export interface Points {
  /** x and y of each, in map units. */
  readonly places: Float32Array;
  readonly families: Uint8Array;
  readonly states: Uint8Array;
}

export interface Drawn {
  readonly points: Points;
  readonly density: Density | null;
}

export class Window {
  private drawn: (Drawn & { box: Box; scale: number }) | null = null;

  /**
   * @param states - of each point: `BACK`, `SHOWN` or `SELECTED`
   * @param lit - the family that stands out, or -1
   */
  constructor(
    private readonly places: Places,
    private readonly near: () => Near,
    private readonly states: Uint8Array,
    private readonly lit: number,
    private readonly colours: readonly Colour[],
  ) {}

  /** What to draw for a view: the same object as long as it will do. */
  at(camera: Camera, view: Extent): Drawn {
    if (!this.drawn || !this.does(camera, view)) this.drawn = this.made(camera, view);
    return this.drawn;
  }

  private does(camera: Camera, view: Extent): boolean {
    const { box, scale, density } = this.drawn!;
    const shown = boxOf(camera, view, 0);
    const inside =
      box.left <= shown.left &&
      box.right >= shown.right &&
      box.low <= shown.low &&
      box.high >= shown.high;
    return inside && (!density || camera.scale < STRETCH * scale);
  }

  private made(camera: Camera, view: Extent): Drawn & { box: Box; scale: number } {
    const { count } = this.places;
    if (count <= MOST) return { points: this.gathered(null), density: null, box: ALL, scale: 0 };
    const box = boxOf(camera, view, MARGIN);
    const rows = this.holds(box) ? null : this.near().touching(box);
    const made = { box, scale: camera.scale };
    if (rows && rows.length <= MOST_NEAR)
      return { ...made, points: this.gathered(rows), density: null };
    const selected = this.those(rows, this.isSelected);
    const clear = this.those(rows, this.isClear);
    const points = clear ?? selected ?? NONE;
    const bright = selected ? this.isClear : this.isSelected;
    const size = [view.width, view.height].map((pixels) =>
      Math.max(1, Math.ceil((pixels * (1 + 2 * MARGIN)) / CELL_PX)),
    );
    const density = densityOf(
      this.places,
      rows,
      box,
      size as [number, number],
      this.colours,
      bright,
    );
    return { ...made, points: this.gathered(points), density };
  }

  private readonly isSelected = (row: number) => this.states[row] === SELECTED;
  private readonly isClear = (row: number) =>
    this.states[row] === SELECTED ||
    (this.states[row] === SHOWN && (this.lit < 0 || this.places.columns.family[row] === this.lit));

  /** Whether a box is around all points. */
  private holds(box: Box): boolean {
    return box.left <= -1 && box.right >= 1 && box.low <= -1 && box.high >= 1;
  }

  /** Those of the rows that are like this, unless they are too many. */
  private those(
    rows: Uint32Array | null,
    like: (row: number) => boolean,
  ): Uint32Array<ArrayBuffer> | null {
    const found = new Uint32Array(MOST_NEAR);
    let count = 0;
    const all = rows?.length ?? this.places.count;
    for (let nth = 0; nth < all; nth++) {
      const row = rows ? rows[nth] : nth;
      if (!like(row)) continue;
      if (count === MOST_NEAR) return null;
      found[count++] = row;
    }
    return found.subarray(0, count);
  }

  private gathered(rows: Uint32Array | null): Points {
    const { x, y, family } = this.places.columns;
    const count = rows?.length ?? x.length;
    const places = new Float32Array(2 * count);
    for (let nth = 0; nth < count; nth++) {
      const row = rows ? rows[nth] : nth;
      places[2 * nth] = x[row];
      places[2 * nth + 1] = y[row];
    }
    if (!rows) return { places, families: family, states: this.states };
    return {
      places,
      families: Uint8Array.from(rows, (row) => family[row]),
      states: Uint8Array.from(rows, (row) => this.states[row]),
    };
  }
}

const ALL: Box = { left: -Infinity, right: Infinity, low: -Infinity, high: Infinity };
const NONE = new Uint32Array(0);

/** The part of the map in a view, and a share of it more on each side. */
function boxOf(camera: Camera, view: Extent, more: number): Box {
  const [left, high] = toMap(camera, view, -more * view.width, -more * view.height);
  const [right, low] = toMap(camera, view, (1 + more) * view.width, (1 + more) * view.height);
  return { left, right, low, high };
}
