/** Draws what is in view of a loop: its hits, and its waveform down to single samples. */

import { cuts, endOf, heardAt, type Opened } from "./state";
import { frameAt, left, pixelOf, scale } from "./zoom";

/** Seconds of a point of the outline. */
const POINT_S = 0.005;

interface Look {
  ink: string;
  middle: string;
  colourOf: (family: string) => string;
}

export function draw(
  canvas: HTMLCanvasElement,
  opened: Opened,
  size: [number, number],
  look: Look,
) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const [width, height] = size;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  // Drawn by the processor: so many small parts take a graphics card, or what stands in for one, longer.
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  hits(context, width, height, look);
  context.fillStyle = look.middle;
  context.fillRect(0, height / 2 - 0.5, width, 1);
  context.fillStyle = context.strokeStyle = look.ink;
  if (scale.value > 1) line(context, opened, width, height);
  else columns(context, opened, width, height);
}

function hits(context: CanvasRenderingContext2D, width: number, height: number, look: Look) {
  cuts.value.forEach(({ at, keep }, nth) => {
    const found = heardAt(nth);
    const [from, to] = [pixelOf(at) - left.value, pixelOf(endOf(nth)) - left.value];
    if (to < 0 || from > width || found === null) return;
    context.globalAlpha = keep ? 0.3 : 0.08;
    context.fillStyle = found ? look.colourOf(found.family) : look.middle;
    context.fillRect(from, 0, to - from, height);
  });
  context.globalAlpha = 1;
}

/** For each pixel the lowest and the highest sample. */
function columns(
  context: CanvasRenderingContext2D,
  opened: Opened,
  width: number,
  height: number,
): void {
  const { outline, blocks, loop } = opened;
  const perPoint = POINT_S * loop.rate;
  const fine = 1 / scale.value < perPoint;
  const middle = height / 2;
  const reach = (middle - 2) / loop.peak;
  context.beginPath();
  for (let x = 0; x < width; x++) {
    const start = Math.floor(frameAt(left.value + x));
    const end = Math.max(start + 1, Math.floor(frameAt(left.value + x + 1)));
    if (start >= loop.length) break;
    let [low, high] = [0, 0];
    const exact = fine ? blocks.extremes(start, Math.min(end, loop.length)) : undefined;
    if (exact) [low, high] = exact;
    else {
      const first = Math.floor(start / perPoint);
      const last = Math.min(outline.length / 2 - 1, Math.max(first, Math.ceil(end / perPoint) - 1));
      [low, high] = [127, -127];
      for (let point = first; point <= last; point++) {
        low = Math.min(low, outline[2 * point]);
        high = Math.max(high, outline[2 * point + 1]);
      }
      [low, high] = [(low / 127) * loop.peak, (high / 127) * loop.peak];
    }
    context.rect(x, middle - high * reach, 1, Math.max(1, (high - low) * reach));
  }
  context.fill();
}

/** Sample by sample. */
function line(
  context: CanvasRenderingContext2D,
  opened: Opened,
  width: number,
  height: number,
): void {
  const { blocks, loop } = opened;
  const first = Math.max(0, Math.floor(frameAt(left.value)));
  const last = Math.min(loop.length - 1, Math.ceil(frameAt(left.value + width)));
  const reach = (height / 2 - 2) / loop.peak;
  context.beginPath();
  for (let frame = first; frame <= last; frame++) {
    const found = blocks.extremes(frame, frame + 1);
    if (!found) return columns(context, opened, width, height);
    const y = height / 2 - ((found[0] + found[1]) / 2) * reach;
    const x = pixelOf(frame) - left.value;
    if (frame === first) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}
