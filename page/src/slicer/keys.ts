/** Keys of the room. */

import { settings } from "../state/settings";
import { addHere, choose, chosen, cuts, hearHit, move, opened, redo, remove } from "./state";
import { snap, tick, undo } from "./state";
import { show, showAll, zoom } from "./zoom";

const FINE_S = 0.001;
const COARSE_S = 0.01;

/** Do what a key does here; false if it does nothing. */
export function press(event: KeyboardEvent): boolean {
  const { key, shiftKey, altKey } = event;
  const letter = key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (letter === "z") (shiftKey ? redo : undo)();
    else if (letter === "y") redo();
    else return false;
    return true;
  }
  const now = opened.value;
  const nth = chosen.value;
  const cut = cuts.value[nth];
  if (!now) return false;
  switch (key) {
    case "ArrowLeft":
    case "ArrowRight": {
      if (!cut) return false;
      const step = altKey ? 1 : Math.round((shiftKey ? COARSE_S : FINE_S) * now.loop.rate);
      move(nth, cut.at + (key === "ArrowLeft" ? -step : step), `key ${nth}`);
      show(cuts.value[nth].at);
      return true;
    }
    case "ArrowUp":
    case "ArrowDown":
      return go(nth + (key === "ArrowUp" ? -1 : 1));
    case "Home":
      return go(0);
    case "End":
      return go(cuts.value.length - 1);
    case " ":
    case "Enter":
      hearHit(nth);
      return true;
    case "Delete":
    case "Backspace":
      remove(nth);
      return true;
    case "Insert":
      addHere();
      return true;
  }
  if (altKey || !settings.letters.value) return false;
  switch (letter) {
    case "n":
      addHere();
      return true;
    case "x":
      if (cut) tick(nth, !cut.keep);
      return true;
    case "z":
      void snap(nth, "zero");
      return true;
    case "o":
      void snap(nth, "onset");
      return true;
    case "+":
    case "=":
      zoom(2, cut?.at ?? 0);
      return true;
    case "-":
      zoom(0.5, cut?.at ?? 0);
      return true;
    case "0":
      showAll();
      return true;
  }
  return false;
}

function go(nth: number): boolean {
  const to = Math.max(0, Math.min(cuts.value.length - 1, nth));
  if (!cuts.value[to]) return false;
  choose(to);
  show(cuts.value[to].at);
  return true;
}

/** Whether the focused element uses the key itself. */
export function belongsTo(target: EventTarget | null, { key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type !== "checkbox") return true;
  if (target.closest("select, textarea, summary")) return true;
  return (key === "Enter" || key === " ") && target.closest("button, a, input") !== null;
}

export const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["↑", "↓"], "the hit before, the next one, and play it"],
  [["Space"], "play the hit again"],
  [["←", "→"], "move its cut by 1 ms (with Shift: 10 ms, with Alt: one sample)"],
  [["Z", "O"], "move it to the nearest zero crossing, to where the sound rises"],
  [["N"], "a new cut at the place clicked last, or in the middle of the hit"],
  [["Delete"], "remove the cut"],
  [["X"], "keep the hit, or do not"],
  [["+", "-", "0"], "zoom, show all"],
  [["Ctrl+Z", "Ctrl+Y"], "undo, redo what was done to cuts"],
];
