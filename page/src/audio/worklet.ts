/** The limiter as a node of the audio graph. */

import { Limiter } from "./limiter";

declare const sampleRate: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare class AudioWorkletProcessor {}

class LimiterProcessor extends AudioWorkletProcessor {
  private readonly limiter = new Limiter(sampleRate, 2);

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    this.limiter.process(input, output);
    return true;
  }
}

registerProcessor("limiter", LimiterProcessor);
