/** How a pad sounds, whether it plays now or is rendered to a file. */

import { gainOf } from "../audio/level";

export interface Voice {
  readonly source: AudioBufferSourceNode;
  readonly gain: GainNode;
}

const FADE_S = 0.004;
/** All pads at once stay below full scale most of the time; the limiter does the rest. */
const HEADROOM = 0.7;

/** Half the velocity is 12 dB less: as loud as it feels. */
export const levelOf = (id: number, buffer: AudioBuffer, velocity: number) =>
  HEADROOM * gainOf(id, buffer) * velocity ** 2;

/** Begin at a time of the audio context. */
export function begin(into: AudioNode, buffer: AudioBuffer, level: number, at: number): Voice {
  const gain = new GainNode(into.context, { gain: level });
  const source = new AudioBufferSourceNode(into.context, { buffer });
  source.connect(gain).connect(into);
  source.start(at);
  return { source, gain };
}

/** With a short fade: an abrupt stop would click. */
export function cutOff({ source, gain }: Voice, at: number): void {
  gain.gain.setTargetAtTime(0, at, FADE_S / 3);
  source.stop(at + 3 * FADE_S);
}
