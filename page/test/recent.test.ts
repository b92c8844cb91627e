import { expect, it, vi } from "vitest";

vi.stubGlobal("location", { hash: "#recent=1" });
const { library } = await import("../src/state/library");
const { followRecent } = await import("../src/state/recent");
const { settings } = await import("../src/state/settings");
const { rows } = await import("../src/state/view");
const { readPage } = await import("../src/sounds/page");
const { joined } = await import("../src/sounds/sounds");
const { packed } = await import("./bytes");

it("what was opened last is shown where that is asked for before the sounds have come", () => {
  settings.recent.value = [2, 0];
  followRecent();
  library.value = joined([readPage(packed({ names: ["a", "b", "c"] }))]);
  expect([...rows.value]).toEqual([2, 0]);
});
