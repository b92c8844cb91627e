/** Plays pads: many at once, each once at a time; hats cut each other off. */

import { signal } from "@preact/signals";
import { output } from "../audio/output";
import { player } from "../audio/player";
import { report } from "../state/notices";
import { chokedBy } from "./pads";
import { pads } from "./state";
import { begin, cutOff, levelOf, type Voice } from "./voice";

const voices = new Map<number, Voice>();

/** The pads that were struck just now, to light up. */
export const lit = signal<ReadonlySet<number>>(new Set());
const LIT_MS = 110;
/** From key to strike, in ms, for measuring. */
export const latencies: number[] = [];

/** Strike a pad now, or at a time of the audio context; what is not there yet is fetched. */
export function strike(pad: number, velocity = 1, when = 0, since?: number): void {
  const id = pads.value[pad];
  if (id === null) return;
  const buffer = player.buffers.get(id);
  if (buffer instanceof AudioBuffer) start(pad, id, buffer, velocity, when, since);
  else
    buffer.then(
      (come) => when || start(pad, id, come, velocity, 0, since), // a beat does not wait
      report,
    );
}

function start(
  pad: number,
  id: number,
  buffer: AudioBuffer,
  velocity: number,
  when: number,
  since?: number,
): void {
  const { context } = output;
  const at = Math.max(when, context.currentTime);
  for (const other of [pad, ...chokedBy(pad)]) cut(other, at);
  const voice = begin(output.input, buffer, levelOf(id, buffer, velocity), at);
  voices.set(pad, voice);
  voice.source.onended = () => {
    voice.source.disconnect();
    voice.gain.disconnect();
    if (voices.get(pad) === voice) voices.delete(pad);
  };
  if (since !== undefined) latencies.push(performance.now() - since);
  flash(pad, (at - context.currentTime) * 1000);
}

function cut(pad: number, at: number): void {
  const voice = voices.get(pad);
  if (!voice) return;
  voices.delete(pad);
  cutOff(voice, at);
}

/** Stop all pads. */
export function hush(): void {
  for (const pad of [...voices.keys()]) cut(pad, output.context.currentTime);
}

function flash(pad: number, wait: number): void {
  setTimeout(() => {
    lit.value = new Set([...lit.value, pad]);
    setTimeout(() => {
      const rest = new Set(lit.value);
      rest.delete(pad);
      lit.value = rest;
    }, LIT_MS);
  }, wait);
}
