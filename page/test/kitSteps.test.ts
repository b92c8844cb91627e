import { beforeEach, describe, expect, it, vi } from "vitest";
import { packed } from "./bytes";

vi.stubGlobal("location", { hash: "" });
vi.mock("../src/audio/player", () => ({ player: { preload() {}, load: async () => {} } }));
const { beat, fillFrom, pads, put, setBeat, swap } = await import("../src/kit/state");
const { SILENCE, struck } = await import("../src/kit/pattern");
const { library } = await import("../src/state/library");
const { redo, undo } = await import("../src/state/steps");
const { readPage } = await import("../src/sounds/page");
const { joined } = await import("../src/sounds/sounds");

const names = ["a.wav", "b.wav", "c.wav", "d.wav"];
const alike = [{ id: 11 }, { id: 12 }];
const loud = () => beat.value.hits.flat().filter(Boolean).length;
const hit = (step: number, run = "") =>
  setBeat(`step ${step}`, struck(beat.value, 0, step, 1), run);

beforeEach(() => {
  vi.stubGlobal("fetch", async () => Response.json(alike));
  library.value = joined([readPage(packed({ names, columns: { id: [10, 11, 12, 13] } }))]);
  pads.value = Array(16).fill(null);
  beat.value = SILENCE;
});

describe("in the kit", () => {
  it("a swap is a step of its pad, and the ring of similar sounds goes on after an undo", async () => {
    put(5, 10);
    put(1, 13);
    await swap(5, 1);
    await swap(5, 1);
    expect(pads.value[5]).toBe(12);
    put(2, 13);
    await undo();
    expect(pads.value.slice(0, 6)).toEqual([null, 13, null, null, null, 12]);
    await undo(); // both swaps
    expect([pads.value[1], pads.value[5]]).toEqual([13, 10]);
    await redo();
    expect(await swap(5, 1)).toBe(10);
    expect(await swap(5, -1)).toBe(12);
  });

  it("an undo leaves what came between to pads and beat", async () => {
    put(0, 10);
    hit(3);
    await undo();
    expect([pads.value[0], loud()]).toEqual([10, 0]);
    await redo();
    expect(loud()).toBe(1);
  });

  it("changes of one thing in a row are one step", async () => {
    hit(0);
    for (const tempo of [90, 100, 120]) setBeat("tempo", { ...beat.value, tempo }, "tempo");
    hit(1, "tempo too");
    await undo();
    expect([beat.value.tempo, loud()]).toEqual([120, 1]);
    await undo();
    expect(beat.value.tempo).toBe(SILENCE.tempo);
    setBeat("tempo", { ...beat.value, tempo: 200 }, "tempo");
    await undo();
    await undo();
    expect(loud()).toBe(0);
  });

  it("what was changed since a beat filled it comes back with it", async () => {
    const hits = [{ kind: "kick", start: 0, soft: false, step: 0 }];
    await fillFrom({ hits, sounds: [{ kind: "kick", ids: [12] }], tempo: 100 });
    hit(4);
    for (let nth = 0; nth < 2; nth++) await undo();
    expect([pads.value[0], loud()]).toEqual([null, 0]);
    for (let nth = 0; nth < 2; nth++) await redo();
    expect([pads.value[0], loud()]).toEqual([12, 2]);
  });
});
