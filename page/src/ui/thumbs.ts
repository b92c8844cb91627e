/** Two thumbs on one track. */

export type Thumbs = readonly [from: number, to: number];

/**
 * Where both are after one is moved; neither passes the other. If they lay on each other when the
 * pointer took hold (`met`), it moves the one that can go that way.
 */
export function moved(thumbs: Thumbs, first: boolean, step: number, met: number | null): Thumbs {
  const [from, to] = thumbs;
  if (met !== null) return [Math.min(step, met), Math.max(step, met)];
  return first ? [Math.min(step, to), to] : [from, Math.max(step, from)];
}

/** Whether a step lies nearer to the first thumb; of two at one place, to the one that can go there. */
export function nearer([from, to]: Thumbs, step: number): boolean {
  return step - from < to - step;
}
