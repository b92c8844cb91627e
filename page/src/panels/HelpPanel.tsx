import { LABEL_KEYS } from "../app/keymap";
import { spoken } from "../sounds/families";

const KEYS: readonly (readonly [string, string])[] = [
  ["↓ ↑", "next, previous sound, and play it (with Shift: select)"],
  ["Page down, Page up", "twelve sounds down, up"],
  ["Home, End", "first, last sound"],
  ["← → ↑ ↓ on the map", "nearest sound in that direction"],
  ["Space, Enter", "play again"],
  ["F", "favourite"],
  ["U, Ctrl-Z", "undo the last correction"],
  ["/", "search"],
  ["Ctrl-click", "add a sound to the selection, or remove it"],
  ["Shift-click", "select all sounds up to that one in the list"],
  ["Ctrl-A", "select all sounds shown"],
  ["Esc", "clear the selection, stop the sound"],
  ["?", "these keys"],
];

export function HelpPanel() {
  return (
    <>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>Label the selected sounds</h3>
      <dl class="keys columns">
        {LABEL_KEYS.map(([key, label]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{spoken(label)}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        On the map: the wheel zooms, dragging moves, dragging with Shift draws a lasso. Nothing
        leaves this computer.
      </p>
    </>
  );
}
