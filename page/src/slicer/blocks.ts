/** The samples of a loop, fetched in blocks as they are needed. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import { Recent } from "../audio/lru";
import { attempt } from "../state/notices";

/** Frames of a block. */
const SIZE = 2 ** 17;
const BYTES = 64e6;
const REST_MS = 1000;

export class Blocks {
  /** Rises when more can be drawn. */
  readonly version = signal(0);
  private readonly held = new Recent<number, Float32Array>(BYTES, (block) => block.byteLength);
  private readonly coming = new Map<number, Promise<Float32Array | undefined>>();

  constructor(
    private readonly id: number,
    private readonly channels: number,
  ) {}

  /** A block if it is there; it is fetched otherwise. */
  now(nth: number): Float32Array | undefined {
    const block = this.held.get(nth);
    if (!block) void this.fetch(nth);
    return block;
  }

  /** The lowest and the highest sample of some frames; undefined while they are being fetched. */
  extremes(start: number, end: number): [low: number, high: number] | undefined {
    let [low, high] = [Infinity, -Infinity];
    for (let nth = Math.floor(start / SIZE); nth * SIZE < end; nth++) {
      const block = this.now(nth);
      if (!block) return undefined;
      const first = Math.max(0, start - nth * SIZE) * this.channels;
      const last = Math.min(block.length, (end - nth * SIZE) * this.channels);
      for (let index = first; index < last; index++) {
        if (block[index] < low) low = block[index];
        if (block[index] > high) high = block[index];
      }
    }
    return low <= high ? [low, high] : [0, 0];
  }

  /** Some frames, one array for each channel; undefined where they cannot be read. */
  async frames(start: number, end: number): Promise<Float32Array<ArrayBuffer>[] | undefined> {
    const out = Array.from({ length: this.channels }, () => new Float32Array(end - start));
    for (let nth = Math.floor(start / SIZE); nth * SIZE < end; nth++) {
      const block = this.held.get(nth) ?? (await this.fetch(nth));
      if (!block) return undefined;
      const first = Math.max(start, nth * SIZE);
      const last = Math.min(end, nth * SIZE + block.length / this.channels);
      for (let frame = first; frame < last; frame++)
        for (let channel = 0; channel < this.channels; channel++)
          out[channel][frame - start] = block[(frame - nth * SIZE) * this.channels + channel];
    }
    return out;
  }

  /** Fetch what is missing, also what failed just now. */
  again(): void {
    this.coming.clear();
    this.version.value++;
  }

  private fetch(nth: number): Promise<Float32Array | undefined> {
    let coming = this.coming.get(nth);
    if (!coming) {
      coming = attempt(async () => {
        const block = new Float32Array(await api.loopSamples(this.id, nth * SIZE, SIZE));
        this.held.set(nth, block);
        this.version.value++;
        return block;
      });
      this.coming.set(nth, coming);
      const over = () => this.coming.delete(nth);
      // One that failed is not asked for again at once: the notice says what is wrong.
      void coming.then((block) => (block ? over() : setTimeout(over, REST_MS)));
    }
    return coming;
  }
}
