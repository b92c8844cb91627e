/** A beat of the mouth, as the server heard it, on pads and steps. */

import type { HeardBeat } from "../api/types";
import { PADS } from "./pads";
import { LENGTHS, MOST_STEPS, SILENCE, type Beat } from "./pattern";

/** What a mouth can mean, and the pad of that. */
export const PAD_OF: Readonly<Record<string, number>> = {
  kick: 0,
  snare: 1,
  closed_hat: 4,
  open_hat: 6,
};

const SOFT = 0.5;

/** The sounds for each pad that was meant, the nearest first; pads without any are left out. */
export function soundsOf({ sounds }: HeardBeat): ReadonlyMap<number, readonly number[]> {
  return new Map(
    sounds.filter(({ ids }) => ids.length).map(({ kind, ids }) => [PAD_OF[kind], ids] as const),
  );
}

/** The hits as steps; null where they keep to no tempo. What is past the longest beat is left out. */
export function stepsOf({ hits, tempo }: HeardBeat): Beat | null {
  if (tempo === null) return null;
  const rows = Array.from({ length: PADS }, () => Array<number>(MOST_STEPS).fill(0));
  let last = 0;
  for (const { kind, step, soft } of hits) {
    if (step === null || step >= MOST_STEPS) continue;
    last = Math.max(last, step);
    const row = rows[PAD_OF[kind]];
    row[step] = Math.max(row[step], soft ? SOFT : 1);
  }
  const length = LENGTHS.find((steps) => steps > last) ?? MOST_STEPS;
  return { ...SILENCE, length, tempo: Math.round(tempo), hits: rows };
}
