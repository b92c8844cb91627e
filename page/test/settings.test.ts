import { describe, expect, it } from "vitest";
import { settings, take, written } from "../src/state/settings";

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
});
