/** Where all sounds go: mono if wanted, the limiter, the volume, the loudspeaker. */

import { effect, signal } from "@preact/signals";
import { settings } from "../state/settings";
import { send } from "./devices";
import worklet from "./worklet?worker&url";

class Output {
  /** A browser plays nothing until the first click or key press. */
  readonly asleep = signal(true);
  /** Whether the limiter is at work; without it, loud sounds together may distort. */
  readonly limited = signal(false);

  private made: { context: AudioContext; input: GainNode } | null = null;

  get context(): AudioContext {
    return this.graph.context;
  }

  /** Connect a voice to this. */
  get input(): AudioNode {
    return this.graph.input;
  }

  /** Call this while handling a click or a key press. */
  wake(): void {
    if (this.context.state !== "running") void this.context.resume();
  }

  private get graph() {
    return (this.made ??= this.make());
  }

  private make() {
    const context = new AudioContext({ latencyHint: "interactive" });
    const awake = () => (this.asleep.value = context.state !== "running");
    context.onstatechange = awake;
    awake();
    const input = new GainNode(context);
    const volume = new GainNode(context);
    input.connect(volume).connect(context.destination);
    effect(() => {
      input.channelCount = settings.mono.value ? 1 : 2;
      input.channelCountMode = settings.mono.value ? "explicit" : "max";
    });
    // As loudness is heard: half of the way is a quarter of the gain.
    effect(() => {
      volume.gain.setTargetAtTime(settings.volume.value ** 2, context.currentTime, 0.01);
    });
    let sink = "";
    effect(() => {
      if (settings.output.value === sink) return;
      sink = settings.output.value;
      void send(context, sink);
    });
    void this.limit(context, input, volume);
    return { context, input };
  }

  private async limit(context: AudioContext, input: AudioNode, volume: AudioNode): Promise<void> {
    try {
      await context.audioWorklet.addModule(worklet);
    } catch {
      return; // an old browser: the sounds play all the same
    }
    const limiter = new AudioWorkletNode(context, "limiter", { outputChannelCount: [2] });
    input.disconnect();
    input.connect(limiter).connect(volume);
    this.limited.value = true;
  }
}

export const output = new Output();
