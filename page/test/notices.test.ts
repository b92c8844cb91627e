import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetErrors, hold, notices, release, tell } from "../src/state/notices";

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

  it("goes too where it has more to say, later still", () => {
    tell("done", "Scanned.", { more: ["a.wav cannot be read."] });
    vi.advanceTimersByTime(15_000);
    expect(said()).toEqual(["Scanned."]);
    vi.advanceTimersByTime(6_000);
    expect(said()).toEqual([]);
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
