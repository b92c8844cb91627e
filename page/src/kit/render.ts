/** The beat as samples: what the pads play, with the same levels, cuts and limiter. */

import { api } from "../api/client";
import { CEILING, Limiter } from "../audio/limiter";
import { player } from "../audio/player";
import { settings } from "../state/settings";
import { chokedBy } from "./pads";
import { lasts, strikesOf, timeOf, type Beat } from "./pattern";
import { begin, cutOff, levelOf, type Voice } from "./voice";

/** What rings on after the last bar: onto the first one, as when the loop goes round, or behind. */
export type Tail = "fold" | "keep";

/** -1 dB, and a little less for what is rounded. */
const HIGHEST = 0.891;

/** One array of samples for each channel: one where all sounds play as mono, else two. */
export async function render(
  beat: Beat,
  pads: readonly (number | null)[],
  rate: number,
  tail: Tail,
): Promise<Float32Array[]> {
  const strikes = strikesOf(beat).filter(({ pad }) => pads[pad] !== null);
  const ids = [...new Set(strikes.map(({ pad }) => pads[pad]!))];
  const sounds = new Map(
    await Promise.all(ids.map(async (id) => [id, await at(rate, id)] as const)),
  );
  const bars = Math.round(lasts(beat) * rate);
  const longest = Math.max(0, ...[...sounds.values()].map((sound) => sound.duration));
  // Whatever sounds is struck again in each round, which cuts it off: two rounds are enough.
  const rounds = tail === "fold" ? 2 : 1;
  const behind = tail === "fold" ? 0 : Math.ceil(longest * rate);

  const channels = settings.mono.value ? 1 : 2;
  const context = new OfflineAudioContext(channels, rounds * bars + behind, rate);
  const mix = new GainNode(context, {
    channelCount: channels,
    channelCountMode: channels === 1 ? "explicit" : "max",
  });
  mix.connect(context.destination);
  const voices = new Map<number, Voice>();
  for (let round = 0; round < rounds; round++)
    for (const { pad, step, velocity } of strikes) {
      const id = pads[pad]!;
      const sound = sounds.get(id)!;
      const when = (round * bars) / rate + timeOf(step, beat);
      for (const other of [pad, ...chokedBy(pad)]) {
        const voice = voices.get(other);
        if (voice) cutOff(voice, when);
        voices.delete(other);
      }
      voices.set(pad, begin(mix, sound, levelOf(id, sound, velocity), when));
    }
  const rendered = await context.startRendering();
  const played = limited(
    Array.from({ length: channels }, (_, nth) => rendered.getChannelData(nth)),
    rate,
  );
  const last = tail === "fold" ? rounds * bars : Math.max(bars, endOf(played));
  return quiet(played.map((samples) => samples.slice((rounds - 1) * bars, last)));
}

/** A sound at this rate; the one that plays has the rate of the loudspeaker. */
async function at(rate: number, id: number): Promise<AudioBuffer> {
  const playing = await player.buffers.get(id);
  if (playing.sampleRate === rate) return playing;
  return new OfflineAudioContext(1, 1, rate).decodeAudioData(await api.audio(id));
}

/** As the page plays it. */
function limited(samples: Float32Array[], rate: number): Float32Array[] {
  if (peakOf(samples) <= CEILING) return samples;
  const limiter = new Limiter(rate, samples.length);
  const longer = (given: Float32Array) => {
    const long = new Float32Array(given.length + limiter.ahead);
    long.set(given);
    return long;
  };
  const out = samples.map((given) => new Float32Array(given.length + limiter.ahead));
  limiter.process(samples.map(longer), out);
  return out.map((late) => late.subarray(limiter.ahead));
}

/** Turned down as a whole where it would be louder than -1 dB. */
function quiet(samples: Float32Array[]): Float32Array[] {
  const peak = peakOf(samples);
  if (peak <= HIGHEST) return samples;
  return samples.map((given) => given.map((sample) => (sample * HIGHEST) / peak));
}

const peakOf = (channels: readonly Float32Array[]) =>
  channels.reduce(
    (most, samples) => samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), most),
    0,
  );

/** Behind the last sample that is louder than -90 dB. */
function endOf(channels: readonly Float32Array[]): number {
  const loud = (sample: number) => Math.abs(sample) > 3e-5;
  return 1 + Math.max(...channels.map((samples) => samples.findLastIndex(loud)));
}
