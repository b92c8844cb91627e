/** Plays a hit of a loop as it would be kept, with its short fades. */

import { signal } from "@preact/signals";
import { change, inDb } from "../audio/level";
import { output } from "../audio/output";
import { player } from "../audio/player";
import { library } from "../state/library";
import { settings } from "../state/settings";
import type { Opened } from "./state";

const FADE_IN_S = 0.001;
const FADE_OUT_S = 0.005;

/** What plays: from and to which frame, and since when, in the time of performance.now(). */
export const playing = signal<{ from: number; to: number; since: number } | null>(null);

let voice: { source: AudioBufferSourceNode; gain: GainNode } | null = null;
let turn = 0;

export async function play(opened: Opened, from: number, to: number): Promise<void> {
  const mine = ++turn;
  const { rate } = opened.loop;
  const channels = await opened.blocks.frames(from, to);
  if (mine !== turn || !channels || to <= from) return;
  const { context, input } = output;
  const buffer = new AudioBuffer({
    length: to - from,
    numberOfChannels: channels.length,
    sampleRate: rate,
  });
  channels.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
  player.stop();
  cut();
  const level = levelOf(opened);
  const gain = new GainNode(context, { gain: level });
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(gain).connect(input);
  const now = context.currentTime;
  const fade = Math.min(FADE_OUT_S, buffer.duration / 2);
  if (from > 0) {
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(level, now + Math.min(FADE_IN_S, fade));
  }
  gain.gain.setValueAtTime(level, now + buffer.duration - fade);
  gain.gain.linearRampToValueAtTime(0, now + buffer.duration);
  source.onended = () => {
    source.disconnect();
    if (voice?.source !== source) return;
    voice = null;
    playing.value = null;
  };
  source.start();
  voice = { source, gain };
  playing.value = { from, to, since: performance.now() };
}

export function stop(): void {
  turn++;
  cut();
  playing.value = null;
}

function cut(): void {
  if (!voice) return;
  const now = output.context.currentTime;
  voice.gain.gain.cancelScheduledValues(now);
  voice.gain.gain.setTargetAtTime(0, now, 0.002);
  voice.source.stop(now + 0.012);
  voice = null;
}

/** All hits of a loop play with one gain, so that they stay as loud as they are beside each other. */
function levelOf({ id, loop }: Opened): number {
  const { rowOf, columns } = library.value;
  const row = rowOf.get(id);
  const loudness = row === undefined ? Number.NaN : columns.loudness[row];
  if (!settings.matched.value || loudness !== loudness) return 1;
  return 10 ** (change(loudness, inDb(loop.peak)) / 20);
}
