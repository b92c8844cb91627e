import { effect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { dark } from "../state/theme";
import { colourOf } from "../ui/FamilyDot";
import { CutHandle } from "./CutHandle";
import { draw } from "./draw";
import { add, chosen, cuts, pointAt, type Opened } from "./state";
import { playing } from "./voice";
import { frameAt, left, pixelOf, scale, wide, width, zoom } from "./zoom";

const WHEEL = 0.0025;
const LABEL_PX = 220;

/** The waveform with its cuts: a click plays a hit, a double click cuts, the wheel zooms. */
export function Wave({ opened }: { opened: Opened }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLElement>(null);

  useLayoutEffect(() => {
    const sizes = new ResizeObserver(([{ contentRect }]) => (width.value = contentRect.width));
    width.value = box.current!.clientWidth; // at once: a cut that is seen may be dragged
    sizes.observe(box.current!);
    const wheel = (event: WheelEvent) => {
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return; // it scrolls
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * WHEEL), frameOf(event));
    };
    box.current!.addEventListener("wheel", wheel, { passive: false });
    return () => {
      sizes.disconnect();
      box.current?.removeEventListener("wheel", wheel);
    };
  }, []);
  useLayoutEffect(() => {
    const element = box.current!;
    if (Math.abs(element.scrollLeft - left.value) >= 1) element.scrollLeft = left.value;
  }, [left.value, wide.value]);
  useEffect(() => {
    const paint = () => {
      const element = canvas.current;
      if (!element) return; // what it draws may change as it goes
      const style = getComputedStyle(element);
      const look = { ink: style.color, middle: style.borderTopColor, colourOf };
      draw(element, opened, [width.value, element.clientHeight], look);
    };
    return effect(() => {
      void [left.value, scale.value, cuts.value, opened.blocks.version.value, dark.value];
      paint(); // reads what it draws, and so is called again when that changes
    });
  }, [opened]);

  const sounding = playing.value;
  useEffect(() => {
    if (!sounding) return;
    let frame = 0;
    const go = () => {
      const since = (performance.now() - sounding.since) / 1000;
      const at = Math.min(sounding.to, sounding.from + since * opened.loop.rate);
      if (head.current) head.current.style.transform = `translateX(${pixelOf(at)}px)`;
      frame = requestAnimationFrame(go);
    };
    go();
    return () => cancelAnimationFrame(frame);
  }, [sounding, opened]);

  const frameOf = (event: MouseEvent) =>
    Math.max(
      0,
      Math.min(
        opened.loop.length - 1,
        frameAt(event.clientX - box.current!.getBoundingClientRect().left + left.value),
      ),
    );
  const inView = cuts.value.flatMap((cut, nth) => {
    const pixel = pixelOf(cut.at) - left.value;
    return nth === chosen.value || (pixel > -LABEL_PX && pixel < width.value + 20) ? [nth] : [];
  });
  return (
    <div
      class="slicer-wave"
      ref={box}
      onScroll={(event) => {
        if (Math.abs(event.currentTarget.scrollLeft - left.value) >= 1)
          left.value = event.currentTarget.scrollLeft;
      }}
    >
      <div
        class="slicer-whole"
        style={{ width: `${wide.value}px` }}
        onClick={(event) => pointAt(frameOf(event))}
        onDblClick={(event) => add(frameOf(event))}
      >
        <canvas ref={canvas} style={{ width: `${width.value}px` }} aria-hidden="true" />
        {sounding && <i class="playhead" ref={head} aria-hidden="true" />}
        {inView.map((nth) => (
          <CutHandle key={nth} nth={nth} frameOf={frameOf} />
        ))}
      </div>
    </div>
  );
}
