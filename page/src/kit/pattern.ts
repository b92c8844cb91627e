/** A beat: how hard each pad is struck at each step, and when that is. */

import { PADS } from "./pads";

export const LENGTHS = [16, 32, 48, 64] as const;
export const MOST_STEPS = 64;

export interface Beat {
  /** How many steps it has. */
  readonly length: number;
  /** Beats a minute; a beat is four steps. */
  readonly tempo: number;
  /** 0 to 1: how late every second step is; 1 is two thirds of the way, a triplet. */
  readonly swing: number;
  /** Pad to the velocity of each step, 0 (none) to 1; `MOST_STEPS` of them. */
  readonly hits: readonly (readonly number[])[];
}

const none = () => Array.from({ length: PADS }, () => Array<number>(MOST_STEPS).fill(0));

export const SILENCE: Beat = { length: 16, tempo: 110, swing: 0, hits: none() };

/** In seconds from the start of the beat. */
export function timeOf(step: number, { tempo, swing }: Pick<Beat, "tempo" | "swing">): number {
  const long = 60 / tempo / 4;
  return step * long + (step % 2 ? (swing * long) / 3 : 0);
}

export const lasts = (beat: Beat) => timeOf(beat.length, { ...beat, swing: 0 });

export interface Strike {
  readonly pad: number;
  readonly step: number;
  /** Above 0, up to 1. */
  readonly velocity: number;
}

/** All strikes, in the order of time. */
export function strikesOf({ length, hits }: Pick<Beat, "length" | "hits">): Strike[] {
  return Array.from({ length }, (_, step) =>
    hits.flatMap((row, pad) => (row[step] > 0 ? [{ pad, step, velocity: row[step] }] : [])),
  ).flat();
}

/** With another velocity at one step. */
export function struck(beat: Beat, pad: number, step: number, velocity: number): Beat {
  const hits = beat.hits.map((row, nth) =>
    nth === pad ? row.map((now, at) => (at === step ? velocity : now)) : row,
  );
  return { ...beat, hits };
}

/** A click goes from none to hard, to soft, to none. */
export const nextVelocity = (now: number) => (now === 0 ? 1 : now > 0.6 ? 0.5 : 0);

/** Written as in a drum book: `x` is hard, `o` soft, anything else nothing; one line for each pad. */
function drawn(tempo: number, swing: number, lines: Record<number, string>): Beat {
  const length = Math.max(...Object.values(lines).map((line) => line.length));
  const hits = none();
  for (const [pad, line] of Object.entries(lines))
    for (let step = 0; step < length; step++) {
      const sign = line[step % line.length];
      hits[Number(pad)][step] = sign === "x" ? 1 : sign === "o" ? 0.5 : 0;
    }
  return { length, tempo, swing, hits };
}

const [KICK, SNARE, CLAP, RIM, CLOSED, PEDAL, OPEN, RIDE] = [0, 1, 2, 3, 4, 5, 6, 7];
const [BELL, SHAKER, CONGA] = [12, 14, 15];

/** Beats to start from. */
export const STARTS: Record<string, Beat> = {
  House: drawn(124, 0, {
    [KICK]: "x...x...x...x...",
    [CLAP]: "....x.......x...",
    [CLOSED]: "o.o.o.o.o.o.o.o.",
    [OPEN]: "..x...x...x...x.",
    [SHAKER]: "o.ooo.ooo.ooo.oo",
  }),
  "Boom bap": drawn(90, 0.55, {
    [KICK]: "x......o..x.....x.o....o..x.o...",
    [SNARE]: "....x.......x...",
    [CLOSED]: "x.o.x.o.x.o.x.oo",
    [OPEN]: "..............................x.",
  }),
  Trap: drawn(140, 0, {
    [KICK]: "x.....x...x.......x...x..x......",
    [SNARE]: "........x...............x.......",
    [CLAP]: "........x...............x.......",
    [CLOSED]: "x.x.x.x.x.x.xxx.x.x.xoxox.x.xxxx",
    [OPEN]: "......................x.........",
  }),
  Breaks: drawn(136, 0.1, {
    [KICK]: "x.x.......xx....",
    [SNARE]: "....x..o.o..x..o",
    [CLOSED]: "x.x.x.x.x.x.x.x.",
    [RIDE]: "............o...",
  }),
  Electro: drawn(128, 0, {
    [KICK]: "x.....x...x.....",
    [SNARE]: "....x.......x...",
    [CLOSED]: "xoxoxoxoxoxoxoxo",
    [BELL]: "x..x..x...x..x..",
    [RIM]: ".......x.......x",
  }),
  Bossa: drawn(118, 0, {
    [KICK]: "x..xx..xx..xx..x",
    [RIM]: "x..x..x...x..x..",
    [PEDAL]: "....o.......o...",
    [SHAKER]: "xoxoxoxoxoxoxoxo",
    [CONGA]: "......x.......xx",
  }),
};
