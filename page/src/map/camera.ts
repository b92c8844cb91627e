/** Between map units (x right, y up) and pixels. */

export interface Camera {
  /** The middle of the view, in map units. */
  readonly x: number;
  readonly y: number;
  /** Pixels per map unit. */
  readonly scale: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

const SMALLEST = 60;
const LARGEST = 40_000;

export function toScreen(camera: Camera, view: Extent, x: number, y: number): [number, number] {
  return [
    view.width / 2 + (x - camera.x) * camera.scale,
    view.height / 2 - (y - camera.y) * camera.scale,
  ];
}

export function toMap(camera: Camera, view: Extent, left: number, top: number): [number, number] {
  return [
    camera.x + (left - view.width / 2) / camera.scale,
    camera.y - (top - view.height / 2) / camera.scale,
  ];
}

/** Zoom; what is under the pointer stays there. */
export function zoomed(
  camera: Camera,
  view: Extent,
  factor: number,
  left: number,
  top: number,
): Camera {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  const [x, y] = toMap(camera, view, left, top);
  return {
    scale,
    x: x - (left - view.width / 2) / scale,
    y: y + (top - view.height / 2) / scale,
  };
}

export function panned(camera: Camera, right: number, down: number): Camera {
  return { ...camera, x: camera.x - right / camera.scale, y: camera.y + down / camera.scale };
}

/** The nearest view that keeps a point this many pixels away from its edges. */
export function revealed(camera: Camera, view: Extent, x: number, y: number, edge: number): Camera {
  const [left, top] = toScreen(camera, view, x, y);
  const beyond = (at: number, size: number) => {
    const within = Math.min(edge, size / 2);
    return at - Math.min(size - within, Math.max(within, at));
  };
  return panned(camera, -beyond(left, view.width), -beyond(top, view.height));
}

/** The view that shows all of these points, with a margin. */
export function fitted(view: Extent, xs: ArrayLike<number>, ys: ArrayLike<number>): Camera {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let row = 0; row < xs.length; row++) {
    if (xs[row] !== xs[row]) continue;
    left = Math.min(left, xs[row]);
    right = Math.max(right, xs[row]);
    low = Math.min(low, ys[row]);
    high = Math.max(high, ys[row]);
  }
  if (!(right >= left)) [left, right, low, high] = [-1, 1, -1, 1];
  const across = Math.max(view.width - 48, 80) / Math.max(right - left, 0.05);
  const up = Math.max(view.height - 48, 80) / Math.max(high - low, 0.05);
  return { x: (left + right) / 2, y: (low + high) / 2, scale: Math.min(across, up, LARGEST) };
}
