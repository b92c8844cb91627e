import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** Pairs of lowest and highest value, -127 to 127. */
  outline: Int8Array | undefined;
  colour: string;
  width: number;
  height: number;
}

/** A waveform on a canvas. */
export function Wave({ outline, colour, width, height }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    const ratio = Math.min(2, devicePixelRatio || 1);
    canvas.current!.width = width * ratio;
    canvas.current!.height = height * ratio;
    if (!outline) return;
    const points = outline.length / 2;
    const [step, middle] = [(width * ratio) / points, (height * ratio) / 2];
    context.fillStyle = colour;
    for (let point = 0; point < points; point++) {
      const high = (outline[2 * point + 1] / 127) * middle;
      const low = (outline[2 * point] / 127) * middle;
      const tall = Math.max(ratio, high - low);
      context.fillRect(point * step, middle - high, Math.max(1, step * 0.8), tall);
    }
  }, [outline, colour, width, height]);
  return (
    <canvas
      ref={canvas}
      class="wave"
      style={{ width: `${width}px`, height: `${height}px` }}
      aria-hidden="true"
    />
  );
}
