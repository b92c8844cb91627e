/** Plays the beat, over and over: steps are handed to the audio clock a little ahead. */

import { signal } from "@preact/signals";
import { output } from "../audio/output";
import { player } from "../audio/player";
import { lasts, timeOf } from "./pattern";
import { beat, pads } from "./state";
import { hush, strike } from "./voices";

const AHEAD_S = 0.12;
const LOOK_MS = 25;
const FIRST_S = 0.06;

export const running = signal(false);
/** The step that is heard, or -1. */
export const now = signal(-1);

let timer: ReturnType<typeof setInterval> | undefined;
/** When the beat began this time, in the time of the audio context; and the next step. */
let began = 0;
let next = 0;

export function start(): void {
  stop();
  player.stop();
  output.wake();
  player.preload(pads.value.filter((id) => id !== null));
  running.value = true;
  began = output.context.currentTime + FIRST_S;
  next = 0;
  timer = setInterval(schedule, LOOK_MS);
  schedule();
}

export function stop(): void {
  clearInterval(timer);
  if (running.value) hush();
  running.value = false;
  now.value = -1;
}

export const toggle = () => (running.value ? stop() : start());

function schedule(): void {
  const { currentTime } = output.context;
  for (;;) {
    const playing = beat.value;
    if (next >= playing.length) {
      began += lasts(playing);
      next = 0;
    }
    const at = began + timeOf(next, playing);
    if (at > currentTime + AHEAD_S) return;
    // A page in the background wakes seldom: what is over is left out.
    if (at > currentTime - LOOK_MS / 1000) {
      playing.hits.forEach((row, pad) => row[next] > 0 && strike(pad, row[next], at));
      show(next, (at - currentTime) * 1000);
    }
    next++;
  }
}

function show(step: number, wait: number): void {
  setTimeout(() => running.value && (now.value = step), wait);
}
