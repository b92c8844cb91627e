/** Sounds, decoded before they are played. */

import { api } from "../api/client";
import { peakOf } from "./level";
import { Recent } from "./lru";

const BYTES = 96e6;
const AT_ONCE = 4;

export class Buffers {
  private readonly decoded = new Recent<number, AudioBuffer>(
    BYTES,
    (buffer) => buffer.length * buffer.numberOfChannels * 4,
  );
  private readonly coming = new Map<number, Promise<AudioBuffer>>();
  private queue: number[] = [];
  private busy = 0;

  constructor(private readonly context: () => BaseAudioContext) {}

  get count(): number {
    return this.decoded.size;
  }

  /** Returns at once if it was preloaded. Throws what the server or the decoder says. */
  get(id: number): AudioBuffer | Promise<AudioBuffer> {
    return this.decoded.get(id) ?? this.coming.get(id) ?? this.fetch(id);
  }

  /** Fetch these next, in this order; drops earlier requests that have not started. */
  preload(ids: readonly number[]): void {
    this.queue = ids.filter((id) => !this.decoded.has(id) && !this.coming.has(id));
    this.next();
  }

  /** What these ids lead to now is something else. */
  forget(ids: readonly number[]): void {
    for (const id of ids) this.decoded.forget(id);
  }

  private next(): void {
    while (this.busy < AT_ONCE && this.queue.length) {
      const id = this.queue.shift()!;
      if (this.decoded.has(id) || this.coming.has(id)) continue;
      this.busy++;
      const done = () => {
        this.busy--;
        this.next();
      };
      this.fetch(id).then(done, done); // an error shows when it is played
    }
  }

  private fetch(id: number): Promise<AudioBuffer> {
    const coming = this.decode(id).finally(() => this.coming.delete(id));
    this.coming.set(id, coming);
    return coming;
  }

  private async decode(id: number): Promise<AudioBuffer> {
    const bytes = await api.audio(id);
    let buffer: AudioBuffer;
    try {
      buffer = await this.context().decodeAudioData(bytes);
    } catch {
      throw new Error("This browser cannot play that file.");
    }
    peakOf(buffer); // measured now, so that it need not be when it is to sound
    this.decoded.set(id, buffer);
    return buffer;
  }
}
