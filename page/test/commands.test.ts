import { beforeEach, describe, expect, it, vi } from "vitest";
import { packed } from "./bytes";

vi.stubGlobal("location", { hash: "" });
vi.mock("../src/audio/player", () => ({
  player: { play() {}, preload() {}, stop() {}, leave() {} },
}));
const { choose, extendTo, label, point, select, step, toggleSelected, unpoint } =
  await import("../src/state/commands");
const { settings } = await import("../src/state/settings");
const { notices } = await import("../src/state/notices");
const { library } = await import("../src/state/library");
const { followList, nthLeft } = await import("../src/state/list");
const { current, filter, filters, order, nthOf, selection, targets } =
  await import("../src/state/view");
const { ALL } = await import("../src/sounds/filter");
const { readPage } = await import("../src/sounds/page");
const { joined } = await import("../src/sounds/sounds");

const sounds = (family: number[]) =>
  joined([
    readPage(
      packed({
        names: family.map((_, row) => `${row}.wav`),
        columns: { id: family.map((_, row) => 10 + row), family },
      }),
    ),
  ]);
const nth = () => nthOf.value.get(current.value!);
const chosen = () => [...selection.value].sort();

followList();
beforeEach(() => {
  library.value = sounds([0, 1, 0, 1, 0, 1, 0]);
  filters.value = ALL;
  order.value = { by: "path", descending: false };
  current.value = null;
  select([]);
});

describe("a selection", () => {
  it("ends where another sound is chosen, by a click or a key", () => {
    select([10, 11, 12]);
    choose(13);
    expect(chosen()).toEqual([]);
    select([10, 11, 12]);
    step(1, false);
    expect([nth(), chosen()]).toEqual([4, []]);
  });
  it("grows and shrinks from where it began", () => {
    choose(12);
    step(1, true);
    step(1, true);
    expect(chosen()).toEqual([12, 13, 14]);
    step(-1, true);
    expect(chosen()).toEqual([12, 13]);
    for (let nth = 0; nth < 3; nth++) step(-1, true);
    expect(chosen()).toEqual([10, 11, 12]);
    extendTo(3);
    expect(chosen()).toEqual([12, 13]);
  });
  it("has the sound that was chosen before the first one more", () => {
    choose(11);
    toggleSelected(14);
    expect([chosen(), current.value]).toEqual([[11, 14], 14]);
    toggleSelected(11);
    expect(chosen()).toEqual([14]);
  });
  it("has nothing that is not shown", () => {
    select([10, 11, 12]);
    filter({ families: ["snare"] });
    expect(chosen()).toEqual([11]);
    choose(11);
    filter({ families: ["kick"] });
    toggleSelected(12);
    expect(chosen()).toEqual([12]);
  });
});

describe("keys", () => {
  it("act on what is heard: the current sound, or the one that the pointer is over", () => {
    choose(11);
    expect(targets.value).toEqual([11]);
    point(14, 0);
    expect(targets.value).toEqual([14]);
    unpoint();
    expect(targets.value).toEqual([11]);
  });
  it("act on the selection only where what is heard is in it", () => {
    choose(10);
    select([12, 13]);
    expect(targets.value).toEqual([12, 13]);
    point(15, 0);
    expect(targets.value).toEqual([15]);
    point(13, 0);
    expect(targets.value).toEqual([12, 13]);
    point(15, 0);
    unpoint();
    expect(targets.value).toEqual([12, 13]);
  });
  it("act on nothing that a filter hides, and say so", () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (path: string) => {
      asked.push(path);
      return Promise.reject(new Error("not asked for"));
    });
    choose(11);
    filter({ families: ["kick"] });
    label("snare");
    expect(targets.value).toEqual([]);
    expect(asked).toEqual([]);
    expect(notices.value.at(-1)?.sentence).toBe("The filters hide 1.wav, so it stays as it is.");
  });
  it("go on in the list once a sound of it was labelled, if that is wanted", () => {
    vi.stubGlobal("fetch", () => new Promise(() => undefined));
    step(1, false);
    label("snare");
    expect(current.value).toBe(11);
    settings.next.value = false;
    label("snare");
    expect(current.value).toBe(11);
    settings.next.value = true;
    choose(12); // on the map
    label("snare");
    expect(current.value).toBe(12);
  });
});

describe("the place in the list", () => {
  it("is kept where the sound leaves it", () => {
    for (const [by, next] of [
      [1, 14],
      [-1, 10],
    ]) {
      filters.value = { ...ALL, families: ["kick"] };
      library.value = sounds([0, 1, 0, 1, 0, 1, 0]);
      choose(12);
      library.value = sounds([0, 1, 1, 1, 0, 1, 0]);
      step(by, false);
      expect(current.value).toBe(next);
    }
  });
  it("counts only what is left before it, where many leave at once", () =>
    expect(
      nthLeft(14, new Map([10, 12, 14, 16].map((id, nth) => [id, nth])), new Map([[10, 0]])),
    ).toBe(1));
  it("is forgotten where other filters are asked for", () => {
    filter({ families: ["kick"] });
    choose(14);
    filter({ families: ["snare"] });
    step(1, false);
    expect(current.value).toBe(11);
  });
});
