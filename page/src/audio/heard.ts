/** How much of a sound is heard on its own, and how fast. */

import { settings } from "../state/settings";

/** Seconds in which a sound rises that does not begin at its beginning. */
export const RISE_S = 0.002;

/**
 * How a sound of so many seconds is played by the settings: where it begins, how fast it goes, how
 * long that lasts, and how long it fades out at the end, 0 where it just ends.
 */
export function heard(duration: number) {
  const start = settings.start.value;
  const from = start < duration / 2 ? start : 0; // of a short sound too little would be left
  const speed = 2 ** (settings.pitch.value / 12);
  const whole = (duration - from) / speed;
  const most = settings.length.value;
  if (most <= 0 || whole <= most) return { from, speed, lasts: whole, fade: 0 };
  return { from, speed, lasts: most, fade: Math.min(settings.fade.value, most - RISE_S) };
}
