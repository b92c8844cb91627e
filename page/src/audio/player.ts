/** Plays one sound at a time; each cuts off the one before, as in a sampler. */

import { signal } from "@preact/signals";
import { report } from "../state/notices";
import { Buffers } from "./buffers";

export interface Playing {
  readonly id: number;
  /** In the time of performance.now(). */
  readonly started: number;
  readonly duration: number;
}

const FADE_S = 0.006;
const KEPT = 1000;

class Player {
  readonly playing = signal<Playing | null>(null);
  /** A browser plays nothing until the first click or key press. */
  readonly asleep = signal(true);
  /** From click or key to the start of each sound, in ms, for measuring. */
  readonly latencies: number[] = [];
  sources = 0;

  private made: AudioContext | null = null;
  private readonly buffers = new Buffers(() => this.context);
  private voice: { source: AudioBufferSourceNode; gain: GainNode } | null = null;
  private turn = 0;

  get context(): AudioContext {
    if (!this.made) {
      this.made = new AudioContext({ latencyHint: "interactive" });
      this.made.onstatechange = () => (this.asleep.value = this.made?.state !== "running");
      this.asleep.value = this.made.state !== "running";
    }
    return this.made;
  }

  get decoded(): number {
    return this.buffers.count;
  }

  /** Call this while handling a click or a key press. */
  wake(): void {
    if (this.context.state !== "running") void this.context.resume();
  }

  preload(ids: readonly number[]): void {
    this.buffers.preload(ids);
  }

  /** `since`: when the click or key came, in the time of performance.now(). */
  async play(id: number, since: number): Promise<void> {
    const turn = ++this.turn;
    try {
      const found = this.buffers.get(id);
      const buffer = found instanceof AudioBuffer ? found : await found;
      if (turn === this.turn) this.start(id, buffer, since);
    } catch (error) {
      if (turn === this.turn) report(error);
    }
  }

  stop(): void {
    this.turn++;
    this.cut();
    this.playing.value = null;
  }

  private start(id: number, buffer: AudioBuffer, since: number): void {
    const { context } = this;
    if (this.asleep.value && !navigator.userActivation.hasBeenActive) return;
    this.cut();
    const gain = new GainNode(context);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(gain).connect(context.destination);
    source.onended = () => this.ended(source);
    source.start();
    this.sources++;
    this.voice = { source, gain };
    const now = performance.now();
    this.playing.value = { id, started: now, duration: buffer.duration };
    this.latencies.push(now - since);
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
  private cut(): void {
    if (!this.voice) return;
    const { source, gain } = this.voice;
    const now = this.context.currentTime;
    gain.gain.setTargetAtTime(0, now, FADE_S / 3);
    source.stop(now + FADE_S * 2);
    this.voice = null;
  }
}

export const player = new Player();
