import { beforeEach, describe, expect, it, vi } from "vitest";
import { api, Refusal } from "../src/api/client";
import { packed } from "./bytes";

vi.stubGlobal("location", { hash: "" });
const { follow, library, load, loaded, rewritten } = await import("../src/state/library");
const { NOTHING } = await import("../src/sounds/sounds");

const sounds = vi.spyOn(api, "sounds");
const changes = vi.spyOn(api, "changes");
const page = (version: number, ids: number[], total = ids.length) =>
  packed({ version, total, names: ids.map((id) => `${id}.wav`), columns: { id: ids } });

describe("the library", () => {
  beforeEach(() => {
    sounds.mockReset();
    changes.mockReset();
    library.value = NOTHING;
    loaded.value = false;
  });

  it("is loaded once while a scan goes on, and then brought up to date", async () => {
    const first = Array.from({ length: 20_000 }, (_, row) => row);
    sounds.mockResolvedValueOnce(page(1, first, 20_001));
    sounds.mockResolvedValueOnce(page(20_000, [20_000], 20_001));
    changes.mockResolvedValue(page(20_000, [20_000, 20_001]));
    await load();
    expect(sounds).toHaveBeenCalledTimes(2);
    expect(changes.mock.calls).toEqual([[1]]);
    expect([library.value.count, library.value.version]).toEqual([20_002, 20_000]);
  });

  it("says which files hold other audio than before", async () => {
    const of = (version: number, duration: number[], label: number[]) =>
      packed({ version, names: ["a", "b", "c"], columns: { duration, label } });
    sounds.mockResolvedValue(of(1, [1, NaN, 1], [0, 0, 0]));
    await load();
    expect(rewritten.value).toEqual([]);
    changes.mockResolvedValue(of(2, [1, NaN, 0.5], [1, 1, 1]));
    await follow(2);
    expect(rewritten.value).toEqual([2]);
  });

  it("is loaded once the server tells of sounds, where that failed before", async () => {
    sounds.mockRejectedValueOnce(new Refusal("The disk is full.", 500));
    await load();
    expect(loaded.value).toBe(false);
    sounds.mockResolvedValue(page(3, [7]));
    changes.mockResolvedValue(page(3, []));
    await Promise.all([follow(3), follow(3)]);
    await vi.waitFor(() => expect(loaded.value).toBe(true));
    expect(sounds).toHaveBeenCalledTimes(2);
  });
});
