import { describe, expect, it } from "vitest";
import { ALL } from "../src/sounds/filter";
import { read, START, written, type ViewState } from "../src/state/hash";

describe("the address", () => {
  it("is empty at first", () => expect(written(START)).toBe(""));
  it("keeps everything", () => {
    const state: ViewState = {
      view: "list",
      current: 42,
      filters: {
        search: "a&b=c #1",
        families: ["kick", "My Vox"],
        labels: ["closed_hat"],
        keywords: ["for live set", "dusty"],
        hidden: true,
        recent: true,
        packs: ["Größe, 2"],
        confidence: [0.5, Infinity],
        duration: [0, 0.25],
        brightness: [100, 9000],
        unsure: true,
        corrected: true,
        collection: 3,
      },
      order: { by: "pitch", descending: true },
    };
    expect(read(`#${written(state)}`)).toEqual(state);
  });
  it("takes no nonsense", () => {
    const state = read("#view=none&id=-1&duration=5-1&confidence=x-y&sort=-shoe&collection=1e3");
    expect(state).toEqual({ ...START, filters: ALL });
  });
});
