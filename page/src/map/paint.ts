/** How each point looks, computed for all points at once. */

export type Colour = readonly [red: number, green: number, blue: number];

export interface Paint {
  readonly colours: readonly Colour[];
  /** The number of each family's shape. */
  readonly shapes: readonly number[];
  /** Of the rings around selected sounds. */
  readonly ink: Colour;
  readonly opacity: number;
  /** The family that stands out, or -1. */
  readonly lit: number;
}

/** Filtered out, so it is in the background. */
export const BACK = 0;
export const SHOWN = 1;
export const SELECTED = 2;

const FAINT = 34;
const RING_PX = 2.5;

/** Red, green, blue and opacity of each point, its radius (1 is normal), the width of its ring and its shape. */
export function painted(
  places: Float32Array,
  families: Uint8Array,
  states: Uint8Array,
  { colours, shapes, opacity, lit }: Paint,
): { colours: Uint8Array; radii: Float32Array; lines: Float32Array; shapes: Float32Array } {
  const count = states.length;
  const found = {
    colours: new Uint8Array(4 * count),
    radii: new Float32Array(count),
    lines: new Float32Array(count),
    shapes: new Float32Array(count),
  };
  for (let row = 0; row < count; row++) {
    if (places[2 * row] !== places[2 * row]) continue;
    const state = states[row];
    const family = families[row];
    const faint = state === BACK || (lit >= 0 && lit !== family && state !== SELECTED);
    found.colours.set(colours[family], 4 * row);
    found.colours[4 * row + 3] = faint ? FAINT : state === SELECTED ? 255 : 255 * opacity;
    found.radii[row] = state === BACK ? 0.6 : 1;
    found.shapes[row] = shapes[family];
    found.lines[row] = state === SELECTED ? RING_PX : 0;
  }
  return found;
}
