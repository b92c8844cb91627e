/** Hands on what comes in, as it is. Runs in an AudioWorklet, so it knows nothing of the page. */

declare function registerProcessor(name: string, processor: unknown): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

class Tape extends AudioWorkletProcessor {
  process([input]: Float32Array[][]): boolean {
    if (input[0]) this.port.postMessage(input[0].slice());
    return true;
  }
}

registerProcessor("tape", Tape);
