/** How loud a sound plays, so that all sounds play equally loud. */

import { library } from "../state/library";
import { settings } from "../state/settings";

/** dB: the loudness that all sounds are brought to. */
export const TARGET_DB = -22;
/** dB: no peak is brought above this; a short click stays quieter than that loudness. */
const HIGHEST_DB = -0.5;
const MOST_DB = 30;

/** By how many dB a sound is changed, from its loudness and the highest sample, both in dB. */
export function change(loudness: number, peak: number): number {
  return Math.min(TARGET_DB - loudness, HIGHEST_DB - peak, MOST_DB);
}

export const inDb = (gain: number) => 20 * Math.log10(gain);

const peaks = new WeakMap<AudioBuffer, number>();

/** The highest sample, in dB. */
export function peakOf(buffer: AudioBuffer): number {
  let known = peaks.get(buffer);
  if (known === undefined) {
    let highest = 1e-6;
    for (let channel = 0; channel < buffer.numberOfChannels; channel++)
      for (const sample of buffer.getChannelData(channel))
        if (sample > highest || -sample > highest) highest = Math.abs(sample);
    peaks.set(buffer, (known = inDb(highest)));
  }
  return known;
}

/** The gain that a sound plays with. */
export function gainOf(id: number, buffer: AudioBuffer): number {
  const { rowOf, columns } = library.value;
  const row = rowOf.get(id);
  const loudness = row === undefined ? Number.NaN : columns.loudness[row];
  if (!settings.matched.value || loudness !== loudness) return 1;
  return 10 ** (change(loudness, peakOf(buffer)) / 20);
}
