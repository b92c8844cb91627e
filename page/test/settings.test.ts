import { describe, expect, it, vi } from "vitest";
import { api } from "../src/api/client";
import { followSettings, settings, take, written } from "../src/state/settings";

describe("settings", () => {
  it("are taken as they were written", () => {
    settings.volume.value = 0.25;
    settings.autoplay.value = "click";
    const kept = written();
    settings.volume.value = 1;
    settings.autoplay.value = "off";
    take(kept);
    expect([settings.volume.value, settings.autoplay.value]).toEqual([0.25, "click"]);
  });
  it("that make no sense are left out", () => {
    settings.volume.value = 0.5;
    for (const text of ["", "{", "null", "7", '{"volume": "loud", "other": 1}']) take(text);
    expect(settings.volume.value).toBe(0.5);
  });
  it("are kept one by one, so that what another page changed stays", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("window", { addEventListener() {} });
    vi.spyOn(api, "settings").mockResolvedValue({ settings: "" });
    const keep = vi.spyOn(api, "keepSettings").mockResolvedValue({});
    await followSettings();
    settings.mono.value = true;
    await vi.advanceTimersByTimeAsync(1000);
    keep.mockRejectedValueOnce(new Error("The disk is full."));
    settings.volume.value = 0.75;
    await vi.advanceTimersByTimeAsync(1000);
    settings.pitch.value = 2;
    await vi.advanceTimersByTimeAsync(1000);
    expect(keep.mock.calls.map(([text]) => JSON.parse(text))).toEqual([
      { mono: true },
      { volume: 0.75 },
      { volume: 0.75, pitch: 2 },
    ]);
    vi.useRealTimers();
  });
});
