/** Records the microphone, as it is: what a browser does for speech would eat a drum. */

import { output } from "../audio/output";
import { player } from "../audio/player";
import { wavFile } from "../audio/wavFile";
import worklet from "./tapeWorklet?worker&url";

export interface Tape {
  /** Seconds so far. */
  seconds(): number;
  /** The highest sample of the last moment, 0 to 1. */
  level(): number;
  /** Let go of the microphone. The recording as a WAV file. */
  stop(): Uint8Array<ArrayBuffer>;
}

const AS_IT_IS = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** Begin to record; call it while handling a click. Throws one sentence where that is not possible. */
export async function record(): Promise<Tape> {
  player.stop();
  output.wake();
  const stream = await microphone();
  try {
    await output.context.audioWorklet.addModule(worklet);
    return tapeOf(stream);
  } catch {
    letGo(stream);
    throw new Error("This browser cannot record: a newer one can.");
  }
}

const letGo = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop());

function tapeOf(stream: MediaStream): Tape {
  const { context } = output;
  const source = context.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(context, "tape", {
    channelCountMode: "explicit",
    channelCount: 1,
  });
  const mute = new GainNode(context, { gain: 0 }); // a node that leads nowhere need not be run
  source.connect(node).connect(mute).connect(context.destination);
  const parts: Float32Array[] = [];
  let length = 0;
  let level = 0;
  node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    parts.push(data);
    length += data.length;
    level = data.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), level * 0.98);
  };
  return {
    seconds: () => length / context.sampleRate,
    level: () => level,
    stop: () => {
      node.port.onmessage = null;
      source.disconnect();
      node.disconnect();
      mute.disconnect();
      letGo(stream);
      const samples = new Float32Array(length);
      let at = 0;
      for (const part of parts) {
        samples.set(part, at);
        at += part.length;
      }
      return wavFile([samples], context.sampleRate, 24);
    },
  };
}

async function microphone(): Promise<MediaStream> {
  // Absent where the page is not served from this computer, or the browser is old.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) throw new Error("This browser lets no page use a microphone.");
  try {
    return await devices.getUserMedia({ audio: AS_IT_IS });
  } catch (error) {
    throw new Error(whyNot(error instanceof DOMException ? error.name : ""));
  }
}

function whyNot(name: string): string {
  if (name === "NotAllowedError" || name === "SecurityError")
    return "The browser does not let this page use the microphone: allow it beside the address, then record again.";
  if (name === "NotFoundError" || name === "OverconstrainedError")
    return "There is no microphone: plug one in, then record again.";
  return "The microphone cannot be used: see that no other program holds it, then record again.";
}
