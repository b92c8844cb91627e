import { describe, expect, it } from "vitest";
import { by, chosen, sentence, toggle } from "../src/detail/aspects";
import { soundsOf, stepsOf } from "../src/kit/fromBeat";
import { settings } from "../src/state/settings";

const hit = (kind: string, step: number | null, soft = false) => ({ kind, start: 0, soft, step });

describe("a beat of the mouth", () => {
  it("becomes steps of its pads, hard and soft, and as many bars as it takes", () => {
    const hits = [hit("kick", 0), hit("open_hat", 17, true), hit("snare", 70)];
    const beat = stepsOf({ hits, sounds: [], tempo: 96.4 })!;
    expect([beat.tempo, beat.length, beat.swing]).toEqual([96, 32, 0]);
    expect([beat.hits[0][0], beat.hits[6][17]]).toEqual([1, 0.5]);
    expect(beat.hits.flat().filter(Boolean)).toHaveLength(2); // step 70 is past the longest beat
  });

  it("is no beat where it keeps to no tempo, and its sounds are there all the same", () => {
    const sounds = [
      { kind: "closed_hat", ids: [7, 8] },
      { kind: "kick", ids: [] },
    ];
    const heard = { hits: [hit("closed_hat", null)], sounds, tempo: null };
    expect(stepsOf(heard)).toBeNull();
    expect([...soundsOf(heard)]).toEqual([[4, [7, 8]]]);
  });
});

describe("what sounds are compared by", () => {
  it("is the whole, or what was chosen, in one order; what is unknown is left out", () => {
    expect([by.value, sentence.value]).toEqual(["", "Compared as a whole."]);
    settings.aspects.value = "colour,length";
    expect(chosen.value).toEqual(["length"]);
    toggle("pitch");
    toggle("timbre");
    expect(by.value).toBe("timbre,pitch,length");
    expect(sentence.value).toBe("Compared by timbre, pitch and length alone.");
    for (const one of chosen.value) toggle(one);
    expect(settings.aspects.value).toBe("");
  });
});
