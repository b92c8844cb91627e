import { beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("location", { hash: "" });
const context = {
  currentTime: 0,
  audioWorklet: { addModule: async () => {} },
  decodeAudioData: async () => ({}),
  createMediaStreamSource(): never {
    throw new DOMException("different sample rates", "NotSupportedError");
  },
};
vi.mock("../src/audio/output", () => ({ output: { context, input: {}, wake() {} } }));
const sources: Node[] = [];
class Node {
  gain = { setTargetAtTime() {}, cancelScheduledValues() {} };
  connect = <N>(to: N) => to;
  disconnect() {}
  start() {}
  stop = vi.fn();
}
vi.stubGlobal("GainNode", Node);
vi.stubGlobal(
  "AudioBufferSourceNode",
  class extends Node {
    constructor() {
      super();
      sources.push(this);
    }
  },
);
const { playAsked } = await import("../src/record/asked");
const { record } = await import("../src/record/tape");
const { player } = await import("../src/audio/player");

const asked = { name: "a.wav", recorded: false, content: "", bytes: new Blob() };

beforeEach(() => void (sources.length = 0));

describe("a recording", () => {
  it("that cannot begin lets go of the microphone and says so in a sentence", async () => {
    const track = { stop: vi.fn() };
    const getUserMedia = async () => ({ getTracks: () => [track] });
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
    await expect(record()).rejects.toThrow("This browser cannot record: a newer one can.");
    expect(track.stop).toHaveBeenCalledOnce();
  });
});

describe("a sound from outside", () => {
  it("plays once at a time, and stops with the player", async () => {
    await playAsked(asked);
    await playAsked(asked);
    expect(sources.map(({ stop }) => stop.mock.calls.length)).toEqual([1, 0]);
    player.stop();
    expect(sources[1].stop).toHaveBeenCalledOnce();
    player.stop();
    expect(sources[1].stop).toHaveBeenCalledOnce();
  });

  it("does not begin any more once the player was stopped", async () => {
    const playing = playAsked(asked);
    player.stop();
    await playing;
    expect(sources).toHaveLength(0);
  });
});
