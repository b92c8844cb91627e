import { beforeEach, describe, expect, it, vi } from "vitest";
import { api, NoResponse, Refusal } from "../src/api/client";
import { notices, tell } from "../src/state/notices";

const asked = vi.spyOn(api, "undo");
vi.spyOn(api, "redo").mockImplementation((step) => Promise.resolve({ version: step }));
vi.spyOn(api, "state").mockRejectedValue(new NoResponse());
const { redo, took, tookHere, undo } = await import("../src/state/steps");
const { busy } = await import("../src/state/turns");

const told = () => notices.value.map(({ sentence }) => sentence);

describe("a step", () => {
  beforeEach(() => {
    asked.mockReset().mockResolvedValue({ version: 0 });
    notices.value = [];
  });

  it("of which a notice tells is not what is undone there once there is a later one", () => {
    took(1, "kick.wav corrected to snare");
    tell("done", "kick.wav corrected to snare.", { undo: true });
    tookHere(
      "a sound on pad 1",
      () => undefined,
      () => undefined,
    );
    expect(notices.value.map(({ undo }) => undo)).toEqual([undefined]);
  });

  it.each([new NoResponse(), new Refusal("The disk is full.", 500)])(
    "that could not be undone can be later: %s",
    async (error) => {
      took(2, "kick.wav corrected to snare");
      asked.mockRejectedValueOnce(error);
      await undo();
      await undo();
      expect(asked.mock.calls).toEqual([[2], [2]]);
      expect(told()).toContain("Undone: kick.wav corrected to snare.");
    },
  );

  it("that was changed elsewhere since is left out", async () => {
    took(3, "a.wav corrected to snare");
    took(4, "b.wav corrected to snare");
    asked.mockRejectedValueOnce(new Refusal("This has been changed elsewhere since.", 409));
    await undo();
    await undo();
    expect(asked.mock.calls).toEqual([[4], [3]]);
  });

  it("says whether it is undone or done again", async () => {
    vi.useFakeTimers();
    took(5, "a.wav corrected to snare");
    await undo();
    let answer = (_: { version: number }) => {};
    vi.mocked(api.redo).mockReturnValueOnce(new Promise((now) => (answer = now)));
    const done = redo();
    await vi.advanceTimersByTimeAsync(300);
    expect(busy.value).toBe("Doing again");
    answer({ version: 0 });
    await done;
    vi.useRealTimers();
  });
});
