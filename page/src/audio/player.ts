/** Plays one sound at a time; each cuts off the one before, as in a sampler. */

import { signal } from "@preact/signals";
import { report } from "../state/notices";
import { Buffers } from "./buffers";
import { heard, RISE_S } from "./heard";
import { gainOf } from "./level";
import { output } from "./output";

export interface Playing {
  readonly id: number;
  /** In the time of performance.now(). */
  readonly started: number;
  /** Of the sound, in seconds. */
  readonly duration: number;
  /** Where in the sound it began, in seconds, and how fast it goes. */
  readonly from: number;
  readonly speed: number;
}

interface Voice {
  source: AudioBufferSourceNode;
  gain: GainNode;
  /** Whether it plays because the pointer is over it. */
  pointed: boolean;
  /** In the time of the audio context. */
  ends: number;
}

const FADE_S = 0.006;
/** Of a sound that the pointer has left. */
const LEAVE_S = 0.05;
/** What is over so soon rings out. */
const SHORT_S = 0.7;
const KEPT = 1000;

class Player {
  readonly playing = signal<Playing | null>(null);
  /** From click or key to the start of each sound, in ms, for measuring. */
  readonly latencies: number[] = [];
  sources = 0;
  /** Sounds, decoded; the kit plays them, too. */
  readonly buffers = new Buffers(() => output.context);

  /** Ends what another part of the page plays in the place of a sound. */
  endOther: () => void = () => {};

  private voice: Voice | null = null;
  private turn = 0;
  /** Whether what was asked for last is still being fetched because the pointer is over it. */
  private awaited = false;

  preload(ids: readonly number[]): void {
    this.buffers.preload(ids);
  }

  /** Decode them all; what cannot be played says so when it is played. */
  async load(ids: readonly number[]): Promise<void> {
    await Promise.allSettled(ids.map((id) => this.buffers.get(id)));
  }

  /** `since`: when the click or key came, in the time of performance.now(). */
  async play(id: number, since: number, { pointed = false } = {}): Promise<void> {
    const turn = ++this.turn;
    this.awaited = pointed;
    try {
      const found = this.buffers.get(id);
      const buffer = found instanceof AudioBuffer ? found : await found;
      if (turn === this.turn) this.start(id, buffer, since, pointed);
    } catch (error) {
      if (turn === this.turn) report(error);
    }
  }

  stop(): void {
    this.turn++;
    this.cut(FADE_S);
    this.playing.value = null;
  }

  /** The pointer has left the sound that it was over: a long one fades out. */
  leave(): void {
    if (this.awaited) this.turn++;
    this.awaited = false;
    if (this.voice?.pointed && this.voice.ends - output.context.currentTime > SHORT_S) {
      this.cut(LEAVE_S);
      this.playing.value = null;
    }
  }

  private start(id: number, buffer: AudioBuffer, since: number, pointed: boolean): void {
    if (output.asleep.value && !navigator.userActivation.hasBeenActive) return;
    const { context } = output;
    this.cut(FADE_S);
    const { from, speed, lasts, fade } = heard(buffer.duration);
    const level = gainOf(id, buffer);
    const gain = new GainNode(context, { gain: level });
    const source = new AudioBufferSourceNode(context, { buffer, playbackRate: speed });
    source.connect(gain).connect(output.input);
    source.onended = () => this.ended(source);
    const now = context.currentTime;
    source.start(0, from);
    if (from > 0) {
      gain.gain.setValueAtTime(0, now);
      gain.gain.linearRampToValueAtTime(level, now + RISE_S);
    }
    if (fade > 0) {
      gain.gain.setValueAtTime(level, now + lasts - fade);
      gain.gain.linearRampToValueAtTime(0, now + lasts);
      source.stop(now + lasts);
    }
    this.sources++;
    this.awaited = false;
    this.voice = { source, gain, pointed, ends: now + lasts };
    const started = performance.now();
    this.playing.value = { id, started, duration: buffer.duration, from, speed };
    this.latencies.push(started - since);
    if (this.latencies.length > KEPT) this.latencies.shift();
  }

  private ended(source: AudioBufferSourceNode): void {
    this.sources--;
    source.disconnect();
    if (this.voice?.source !== source) return;
    this.voice = null;
    this.playing.value = null;
  }

  /** With a short fade: an abrupt stop would click. */
  private cut(fade: number): void {
    this.endOther();
    if (!this.voice) return;
    const { source, gain } = this.voice;
    const now = output.context.currentTime;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setTargetAtTime(0, now, fade / 3);
    source.stop(now + fade * 2);
    this.voice = null;
  }
}

export const player = new Player();
