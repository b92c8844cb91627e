import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetErrors, hold, notices, release, tell, whileHidden } from "../src/state/notices";

const said = () => notices.value.map((notice) => notice.sentence);

describe("a notice", () => {
  beforeEach(() => {
    notices.value = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes the place of the one before it of its kind", () => {
    tell("error", "One is gone.");
    tell("done", "Two are done.");
    tell("error", "Three are gone.");
    expect(said()).toEqual(["Two are done.", "Three are gone."]);
  });

  it("goes by itself, an error later", () => {
    tell("error", "One is gone.");
    tell("done", "Two are done.");
    vi.advanceTimersByTime(7_000);
    expect(said()).toEqual(["One is gone."]);
    vi.advanceTimersByTime(6_000);
    expect(said()).toEqual([]);
  });

  it("stays until it is closed where it has more to say", () => {
    tell("done", "Scanned.", { more: ["a.wav cannot be read."] });
    vi.advanceTimersByTime(600_000);
    expect(said()).toEqual(["Scanned."]);
  });

  it("stays while nobody can see the page", () => {
    tell("done", "One is done.");
    whileHidden(true);
    tell("error", "Two are gone.");
    vi.advanceTimersByTime(600_000);
    expect(said()).toEqual(["One is done.", "Two are gone."]);
    whileHidden(false);
    vi.advanceTimersByTime(7_000);
    expect(said()).toEqual(["Two are gone."]);
  });

  it("of another file of the same name is another one", () => {
    tell("done", "01.wav corrected to snare.", { about: 1 });
    tell("done", "01.wav corrected to snare.", { about: 2 });
    expect(notices.value.map(({ about }) => about)).toEqual([2]);
  });

  it("that is told again stays as it is, for longer", () => {
    tell("error", "One is gone.");
    const [{ key }] = notices.value;
    vi.advanceTimersByTime(10_000);
    tell("error", "One is gone.");
    vi.advanceTimersByTime(10_000);
    expect(notices.value.map((notice) => notice.key)).toEqual([key]);
  });

  it("of an error is forgotten with what it was about", () => {
    tell("error", "One is gone.");
    tell("done", "Two are done.");
    forgetErrors();
    expect(said()).toEqual(["Two are done."]);
  });

  it("stays while it is read", () => {
    tell("done", "Two are done.");
    const [{ key }] = notices.value;
    hold(key);
    vi.advanceTimersByTime(60_000);
    expect(said()).toHaveLength(1);
    release(key);
    vi.advanceTimersByTime(7_000);
    expect(said()).toEqual([]);
  });
});
