import { describe, expect, it } from "vitest";
import { actionOf, keysOf, LABEL_KEYS, OWN_KEYS } from "../src/app/keymap";

const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const press = (key: string, held: object = {}) => actionOf({ ...none, key, ...held });

describe("keys", () => {
  it("correct by digit and by letter", () => {
    expect(press("1")).toEqual({ kind: "label", label: "kick" });
    expect(press("r")).toEqual({ kind: "label", label: "rim" });
  });
  it("step, and extend with Shift", () => {
    expect(press("ArrowDown")).toEqual({ kind: "step", by: 1, extend: false });
    expect(press("ArrowUp", { shiftKey: true })).toEqual({ kind: "step", by: -1, extend: true });
  });
  it("leave Ctrl to the browser, but for a few", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("z", { metaKey: true })).toEqual({ kind: "undo" });
    expect(press("a", { ctrlKey: true })).toEqual({ kind: "all" });
    expect(press("Z", { ctrlKey: true, shiftKey: true })).toEqual({ kind: "redo" });
    expect(press("y", { ctrlKey: true })).toEqual({ kind: "redo" });
    expect(press("a", { ctrlKey: true, shiftKey: true })).toBeNull();
  });
  it("are the same with Shift and with caps lock", () => {
    expect(press("F", { shiftKey: true })).toEqual({ kind: "favourite" });
    expect(press("K")).toEqual({ kind: "label", label: "kick" });
    expect(press("Z", { ctrlKey: true })).toEqual({ kind: "undo" });
  });
  it("do nothing with Alt, or where they mean nothing", () => {
    expect(press("k", { altKey: true })).toBeNull();
    expect(press("q")).toBeNull();
  });
  it("mean one thing each", () => {
    const keys = LABEL_KEYS.map(([key]) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(press(key)?.kind).toBe("label");
    for (const key of "uf/? ") expect(press(key)?.kind).not.toBe("label");
  });
  it("are told for menus", () => expect(keysOf("snare")).toEqual(["2", "s"]));
  it("are left for classes of one's own", () => {
    const own = OWN_KEYS.map((_, nth) => `Class ${nth}`);
    OWN_KEYS.forEach((key, nth) => {
      expect(press(key)).toBeNull();
      expect(actionOf({ ...none, key }, own)).toEqual({ kind: "label", label: `Class ${nth}` });
      expect(keysOf(`Class ${nth}`, own)).toEqual([key]);
    });
    expect(keysOf("A ninth", [...own, "A ninth"])).toEqual([]);
  });
  it("can do without letters and digits, and all else stays", () => {
    const plain = (key: string, held: object = {}) =>
      actionOf({ ...none, key, ...held }, [], false);
    for (const key of ["k", "1", "u", "f", "/", "?"]) expect(plain(key)).toBeNull();
    for (const key of ["ArrowDown", " ", "Enter", "Escape", "Home"])
      expect(plain(key)).not.toBeNull();
    expect(plain("z", { ctrlKey: true })).toEqual({ kind: "undo" });
  });
});
