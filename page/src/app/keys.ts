/** Keys for the whole page. */

import { player } from "../audio/player";
import { toggleFavourites } from "../state/collections";
import { correct, goTo, select, selectAll, step, undo } from "../state/commands";
import { current, panel, rows, selection, sheet, targets } from "../state/view";
import { actionOf, type Action } from "./keymap";

export function listenToKeys(): void {
  for (const first of ["keydown", "pointerdown"]) {
    document.addEventListener(first, () => player.wake(), { capture: true });
  }
  document.addEventListener("keydown", (event) => {
    if (panel.value || document.querySelector("dialog[open]")) return;
    const action = actionOf(event);
    if (!action || belongsTo(event.target, event.key)) return;
    event.preventDefault();
    act(action, event.timeStamp);
  });
}

/** Whether the key means something where the focus is: text is typed, a button pressed. */
function belongsTo(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type !== "checkbox") {
    if (key === "Escape" || (key === "ArrowDown" && target.type === "search")) {
      target.blur();
      return false;
    }
    return true;
  }
  if (target.closest("summary, select, textarea")) return true;
  return (key === "Enter" || key === " ") && target.closest("button, a, input") !== null;
}

function act(action: Action, since: number): void {
  switch (action.kind) {
    case "label":
      return void correct(action.label);
    case "step":
      return step(action.by, action.extend);
    case "edge":
      return goTo(action.end ? rows.value.length - 1 : 0);
    case "replay":
      if (current.value !== null) void player.play(current.value, since);
      return;
    case "undo":
      return void undo();
    case "favourite":
      return void toggleFavourites(targets());
    case "search":
      return document.getElementById("search")?.focus();
    case "help":
      panel.value = "help";
      return;
    case "all":
      return selectAll();
    case "leave":
      return leave();
  }
}

/** One thing at a time: the sheet, the selection, the sound. */
function leave(): void {
  if (sheet.value) sheet.value = false;
  else if (selection.value.size) select([]);
  else player.stop();
}
