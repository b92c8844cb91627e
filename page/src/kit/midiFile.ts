/**
 * A beat as a Standard MIDI File of type 0 (Standard MIDI Files 1.0, MIDI Manufacturers Association,
 * 1996): one track, with the notes of the pads on the channel of drums.
 */

import { ROLES } from "./pads";
import { strikesOf, type Beat } from "./pattern";

/** Ticks of a quarter note. */
export const TICKS = 480;
const STEP = TICKS / 4;
/** Drums are on channel 10. */
const ON = 0x99;
const OFF = 0x89;

/** When a step is due, in ticks; see `timeOf`. */
export const tickOf = (step: number, swing: number) =>
  step * STEP + (step % 2 ? Math.round((swing * STEP) / 3) : 0);

interface Event {
  readonly tick: number;
  readonly bytes: readonly number[];
}

export function midiFile(beat: Beat, name: string): Uint8Array<ArrayBuffer> {
  const notes = strikesOf(beat).flatMap(({ pad, step, velocity }): Event[] => {
    const { note } = ROLES[pad];
    const tick = tickOf(step, beat.swing);
    const force = Math.max(1, Math.round(127 * velocity));
    return [
      { tick, bytes: [ON, note, force] },
      { tick: tick + STEP / 2, bytes: [OFF, note, 0] },
    ];
  });
  const events: Event[] = [
    { tick: 0, bytes: meta(0x03, [...new TextEncoder().encode(name)]) },
    { tick: 0, bytes: meta(0x51, bigEndian(Math.round(60e6 / beat.tempo), 3)) },
    { tick: 0, bytes: meta(0x58, [4, 2, 24, 8]) }, // 4/4
    ...notes.toSorted((one, other) => one.tick - other.tick),
    { tick: beat.length * STEP, bytes: meta(0x2f, []) },
  ];
  let before = 0;
  const track = events.flatMap(({ tick, bytes }) => {
    const wait = variable(tick - before);
    before = tick;
    return [...wait, ...bytes];
  });
  const header = [...bigEndian(0, 2), ...bigEndian(1, 2), ...bigEndian(TICKS, 2)];
  return new Uint8Array([...chunk("MThd", header), ...chunk("MTrk", track)]);
}

const meta = (type: number, data: readonly number[]) => [
  0xff,
  type,
  ...variable(data.length),
  ...data,
];

const chunk = (name: string, data: readonly number[]) => [
  ...new TextEncoder().encode(name),
  ...bigEndian(data.length, 4),
  ...data,
];

const bigEndian = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, nth) => (value >>> (8 * (bytes - 1 - nth))) & 0xff);

/** Seven bits a byte, the highest first; all bytes but the last have their top bit set. */
function variable(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
