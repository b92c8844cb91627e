/** Keys for the whole page. */

import { output } from "../audio/output";
import { player } from "../audio/player";
import { toggleFavourites } from "../state/collections";
import { aimed, goTo, hear, label, select, selectAll, step } from "../state/commands";
import { hide, isHidden, unhide } from "../state/hidden";
import { ownClasses } from "../state/library";
import { closeLatest } from "../state/opened";
import { settings } from "../state/settings";
import { redo, undo } from "../state/steps";
import { current, heard, panel, rows, selection, sheet } from "../state/view";
import { actionOf, type Action } from "./keymap";

export function listenToKeys(): void {
  for (const first of ["keydown", "pointerdown"]) {
    document.addEventListener(first, () => output.wake(), { capture: true });
  }
  document.addEventListener("keydown", (event) => {
    if (panel.value || document.querySelector("dialog[open]")) return;
    const action = actionOf(event, ownClasses.value, settings.letters.value);
    if (!action || belongsTo(event.target, event)) return;
    event.preventDefault();
    act(action, event.timeStamp);
  });
}

/** Whether the focused element uses the key itself, as a text field or a button does. */
function belongsTo(target: EventTarget | null, event: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const { key } = event;
  // Sliders and menus have nothing of their own to undo.
  const commands = event.ctrlKey || event.metaKey;
  if (commands && target.matches("input[type=range], select, summary")) return false;
  if (target instanceof HTMLInputElement && target.type !== "checkbox") {
    const searching = target.type === "search";
    if (key === "ArrowDown" && searching) {
      target.blur();
      return false;
    }
    if (key === "Escape") {
      event.preventDefault(); // browsers disagree on what it does in such a field
      if (searching) emptied(target);
      target.blur();
    }
    return true;
  }
  if (target.closest("summary, select, textarea")) return key !== "Escape";
  return (key === "Enter" || key === " ") && target.closest("button, a, input") !== null;
}

function emptied(field: HTMLInputElement): void {
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function act(action: Action, since: number): void {
  switch (action.kind) {
    case "label":
      return label(action.label);
    case "step":
      return step(action.by, action.extend);
    case "edge":
      return goTo(action.end ? rows.value.length - 1 : 0);
    case "replay":
      return replay(since);
    case "undo":
      return void undo();
    case "redo":
      return void redo();
    case "favourite":
      return void toggleFavourites([...aimed("make it a favourite")]);
    case "keyword":
      if (aimed("give it a keyword").length) panel.value = "keywords";
      return;
    case "hide":
      return hideOrShow();
    case "search":
      return searchNow();
    case "help":
      panel.value = "help";
      return;
    case "all":
      return selectAll();
    case "leave":
      return leave();
  }
}

/** Hide what is heard or selected; show it again where it is hidden. */
function hideOrShow(): void {
  const ids = [...aimed("hide it")];
  if (ids.length) void (ids.every(isHidden) ? unhide(ids) : hide(ids));
}

function searchNow(): void {
  const field = document.getElementById("search") as HTMLInputElement | null;
  field?.focus();
  field?.select();
}

function replay(since: number): void {
  const id = heard.value ?? current.value;
  if (id !== null) hear(id, { since });
}

/** One thing at a time: what is open, the sheet, the selection, the sound. */
function leave(): void {
  if (closeLatest()) return;
  if (sheet.value) sheet.value = false;
  else if (selection.value.size) select([]);
  else player.stop();
}
