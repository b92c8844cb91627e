/** Pointer, wheel and touch on the map, translated into what they mean. */

import { panned, toMap, zoomed } from "./camera";
import type { Scene } from "./scene";

export interface Meanings {
  pointed(left: number, top: number, since: number): void;
  left(): void;
  tapped(left: number, top: number, more: boolean, since: number): void;
  lassoed(ids: number[], more: boolean): void;
  /** The sounds that a drag from here takes along instead of moving the map, or none. */
  taken(left: number, top: number, more: boolean): number[];
  carried(event: DragEvent, ids: number[]): void;
  /** Whether dragging draws a lasso instead of moving the map. */
  drawing(): boolean;
}

const STILL_PX = 4;

/** Returns a function that removes the listeners. */
export function follow(element: HTMLElement, scene: Scene, meanings: Meanings): () => void {
  const down = new Map<number, { left: number; top: number }>();
  let dragged = 0;
  let lasso = false;
  let taken: number[] = [];
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { left: event.clientX - box.left, top: event.clientY - box.top };
  };
  const draw = ({ left, top }: { left: number; top: number }) => {
    scene.lasso.push(toMap(scene.camera, scene.view, left, top));
    scene.redrawOver();
  };

  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const here = place(event);
    const mouse = event.pointerType === "mouse" && !event.shiftKey && !meanings.drawing();
    taken = mouse ? meanings.taken(here.left, here.top, event.ctrlKey || event.metaKey) : [];
    element.draggable = taken.length > 0;
    if (!taken.length) element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, here);
    if (down.size === 1) {
      dragged = 0;
      lasso = event.shiftKey || meanings.drawing();
    }
  };
  const drag = (event: PointerEvent) => {
    const now = place(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") meanings.pointed(now.left, now.top, event.timeStamp);
      return;
    }
    const [right, below] = [now.left - before.left, now.top - before.top];
    dragged += Math.hypot(right, below);
    down.set(event.pointerId, now);
    if (dragged < STILL_PX || taken.length) return;
    if (lasso) return draw(now);
    const other = [...down].find(([pointer]) => pointer !== event.pointerId)?.[1];
    scene.move(panned(scene.camera, right / down.size, below / down.size));
    if (other) pinch(scene, other, before, now);
  };
  const lift = (event: PointerEvent) => {
    const here = down.get(event.pointerId);
    if (!here || !down.delete(event.pointerId) || down.size) return;
    const more = event.ctrlKey || event.metaKey;
    if (lasso && scene.lasso.length) meanings.lassoed(scene.lassoed(), more);
    else if (dragged < STILL_PX && event.type === "pointerup")
      meanings.tapped(here.left, here.top, more || event.shiftKey, event.timeStamp);
    scene.lasso = [];
    scene.redrawOver();
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { left, top } = place(event);
    const lines = event.deltaMode === 1 ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018));
    scene.move(zoomed(scene.camera, scene.view, factor, left, top));
  };
  const carry = (event: DragEvent) => {
    down.clear(); // whoever carries them sees the button let go of
    meanings.carried(event, taken);
  };
  const leave = () => meanings.left();

  const ending = new AbortController();
  const { signal } = ending;
  element.addEventListener("pointerdown", press, { signal });
  element.addEventListener("pointermove", drag, { signal });
  element.addEventListener("pointerup", lift, { signal });
  element.addEventListener("pointercancel", lift, { signal });
  element.addEventListener("dragstart", carry, { signal });
  element.addEventListener("pointerleave", leave, { signal });
  element.addEventListener("wheel", wheel, { signal, passive: false });
  return () => ending.abort();
}

type Point = { left: number; top: number };

function pinch(scene: Scene, still: Point, before: Point, now: Point): void {
  const apart = (point: Point) => Math.hypot(point.left - still.left, point.top - still.top);
  const factor = apart(now) / Math.max(1, apart(before));
  const [left, top] = [(still.left + now.left) / 2, (still.top + now.top) / 2];
  scene.move(zoomed(scene.camera, scene.view, factor, left, top));
}
