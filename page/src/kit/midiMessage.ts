/** What a MIDI message means for the pads. */

import { padOfNote } from "./pads";

const NOTE_ON = 0x90;

/** The pad that a message strikes, and how hard, 0 to 1. Any channel will do. */
export function strikeOf(data: Uint8Array | null): { pad: number; velocity: number } | null {
  if (!data || (data[0] & 0xf0) !== NOTE_ON || !data[2]) return null;
  const pad = padOfNote(data[1]);
  return pad === undefined ? null : { pad, velocity: data[2] / 127 };
}
