/** Draws over the points: names of regions, rings, the lasso. */

import { spokenFamily } from "../sounds/families";
import { toScreen, type Camera, type Extent } from "./camera";
import type { Region } from "./regions";

export interface Over {
  regions: readonly Region[];
  families: readonly string[];
  /** Whether the points of a family are. */
  faint: (family: number) => boolean;
  /** In map units; the first is the current sound, the second the one pointed at. */
  rings: readonly (readonly [number, number] | null)[];
  lasso: readonly (readonly [number, number])[];
  ink: string;
  paper: string;
  radius: number;
}

export function drawOver(
  context: CanvasRenderingContext2D,
  camera: Camera,
  view: Extent,
  over: Over,
): void {
  const ratio = context.canvas.width / Math.max(1, view.width);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const screen = ([x, y]: readonly [number, number]) => toScreen(camera, view, x, y);
  drawLasso(context, over, over.lasso.map(screen));
  over.rings.forEach((place, nth) => {
    if (place)
      drawRing(context, over, screen(place), nth === 0 ? over.radius + 5 : over.radius + 2);
  });
  drawNames(context, over, screen);
}

function drawRing(
  context: CanvasRenderingContext2D,
  { ink, paper }: Over,
  [x, y]: [number, number],
  radius: number,
): void {
  for (const [colour, width] of [
    [paper, 5],
    [ink, 2],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

function drawLasso(
  context: CanvasRenderingContext2D,
  { ink }: Over,
  line: readonly [number, number][],
): void {
  if (line.length < 2) return;
  context.beginPath();
  line.forEach(([x, y], nth) => (nth ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.globalAlpha = 0.08;
  context.fillStyle = ink;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}

/** Bright names before faint ones, then larger regions first; a name that would overlap another is left out. */
function drawNames(
  context: CanvasRenderingContext2D,
  over: Over,
  screen: (place: readonly [number, number]) => [number, number],
): void {
  context.font = "600 13px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const taken: [number, number, number][] = [];
  const [clear, faint] = [false, true].map((as) =>
    over.regions.filter(({ family }) => over.faint(family) === as),
  );
  for (const { family, x, y } of [...clear, ...faint]) {
    const name = spokenFamily(over.families[family]);
    const [left, top] = screen([x, y]);
    const wide = context.measureText(name).width + 12;
    if (taken.some(([l, t, w]) => Math.abs(l - left) < (w + wide) / 2 && Math.abs(t - top) < 20))
      continue;
    taken.push([left, top, wide]);
    context.globalAlpha = over.faint(family) ? 0.25 : 1;
    context.strokeStyle = over.paper;
    context.lineWidth = 4;
    context.strokeText(name, left, top);
    context.fillStyle = over.ink;
    context.fillText(name, left, top);
  }
  context.globalAlpha = 1;
}
