/** What keys do, as data for the key handler, the menus and the help panel. */

/** Keys that label a sound: digits for the most common labels, letters for all. */
export const LABEL_KEYS: readonly (readonly [key: string, label: string])[] = [
  ["1", "kick"],
  ["2", "snare"],
  ["3", "closed_hat"],
  ["4", "open_hat"],
  ["5", "tom"],
  ["6", "crash"],
  ["7", "clap"],
  ["8", "percussion"],
  ["k", "kick"],
  ["s", "snare"],
  ["r", "rim"],
  ["h", "closed_hat"],
  ["o", "open_hat"],
  ["p", "pedal_hat"],
  ["t", "tom"],
  ["c", "crash"],
  ["d", "ride"],
  ["l", "clap"],
  ["n", "snap"],
  ["b", "cowbell"],
  ["a", "shaker"],
  ["m", "tambourine"],
  ["g", "conga_bongo"],
  ["x", "percussion"],
  ["z", "other"],
  ["w", "loop"],
];

/** Keys that are left for the user's own classes, the oldest class first. */
export const OWN_KEYS = ["9", "0", "e", "i", "j", "q", "v", "y"] as const;

export type Action =
  | { kind: "label"; label: string }
  | { kind: "step"; by: number; extend: boolean }
  | { kind: "edge"; end: boolean }
  | { kind: "replay" | "undo" | "redo" | "favourite" | "search" | "help" | "leave" | "all" }
  | { kind: "keyword" | "hide" };

const SIMPLE: Record<string, Action> = {
  " ": { kind: "replay" },
  Enter: { kind: "replay" },
  u: { kind: "undo" },
  f: { kind: "favourite" },
  "#": { kind: "keyword" },
  Delete: { kind: "hide" },
  "/": { kind: "search" },
  "?": { kind: "help" },
  Escape: { kind: "leave" },
  Home: { kind: "edge", end: false },
  End: { kind: "edge", end: true },
};
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 };

export interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/**
 * What a key does, or null. With Ctrl or Cmd, only A, Y and Z are ours; the browser keeps the rest.
 * `own` are the user's own classes; without `letters`, a character alone does nothing.
 */
export function actionOf(press: Press, own: readonly string[] = [], letters = true): Action | null {
  const { shiftKey, altKey } = press;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (altKey) return null;
  if (press.ctrlKey || press.metaKey) {
    if (key === "z") return { kind: shiftKey ? "redo" : "undo" };
    if (shiftKey) return null;
    if (key === "y") return { kind: "redo" };
    return key === "a" ? { kind: "all" } : null;
  }
  if (key.length === 1 && key !== " " && !letters) return null;
  if (key in STEPS) return { kind: "step", by: STEPS[key], extend: shiftKey };
  if (key in SIMPLE) return SIMPLE[key];
  const label =
    LABEL_KEYS.find(([known]) => known === key)?.[1] ??
    own[(OWN_KEYS as readonly string[]).indexOf(key)];
  return label ? { kind: "label", label } : null;
}

/** The letter (and digit) of a label, for menus. */
export function keysOf(label: string, own: readonly string[] = []): string[] {
  const key = OWN_KEYS[own.indexOf(label)];
  const known = LABEL_KEYS.filter(([, known]) => known === label).map(([key]) => key);
  return known.length || !key ? known : [key];
}
