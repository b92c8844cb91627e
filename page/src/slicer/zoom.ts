/** How much of a loop is in view. */

import { computed, signal } from "@preact/signals";
import { opened } from "./state";

/** Pixels: browsers lay out no wider box exactly. */
const WIDEST = 8_000_000;
const CLOSEST = 4; // pixels for a frame

/** The width of the view, and how far it is scrolled, in pixels. */
export const width = signal(800);
export const left = signal(0);
/** How many times wider than the view the whole loop is. */
const times = signal(1);

const length = computed(() => opened.value?.loop.length ?? 1);
const most = computed(() =>
  Math.max(1, Math.min(WIDEST, length.value * CLOSEST) / Math.max(1, width.value)),
);
/** Pixels for a frame. */
export const scale = computed(
  () => (Math.min(times.value, most.value) * width.value) / length.value,
);
export const wide = computed(() => scale.value * length.value);
export const atMost = computed(() => times.value >= most.value);
export const atLeast = computed(() => times.value <= 1);

export const frameAt = (pixel: number) => pixel / scale.value;
export const pixelOf = (frame: number) => frame * scale.value;

/** Zoom by a factor, with a frame staying where it is in the view. */
export function zoom(factor: number, frame: number): void {
  const inView = pixelOf(frame) - left.value;
  times.value = Math.min(most.value, Math.max(1, times.value * factor));
  scrollTo(pixelOf(frame) - inView);
}

export function showAll(): void {
  times.value = 1;
  left.value = 0;
}

/** Scroll a frame into view, if it is not. */
export function show(frame: number): void {
  const pixel = pixelOf(frame);
  const margin = Math.min(48, width.value / 8);
  if (pixel < left.value + margin || pixel > left.value + width.value - margin)
    scrollTo(pixel - width.value / 2);
}

export function scrollTo(pixel: number): void {
  left.value = Math.max(0, Math.min(wide.value - width.value, pixel));
}
