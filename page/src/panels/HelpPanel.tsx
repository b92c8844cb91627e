import { LABEL_KEYS } from "../app/keymap";
import { spoken } from "../sounds/families";

const KEYS: readonly (readonly [string, string])[] = [
  ["↓ ↑", "next, previous sound, and play it (with Shift: select)"],
  ["Page down, Page up", "twelve sounds further, back"],
  ["Home, End", "first, last sound"],
  ["← → ↑ ↓ on the map", "nearest sound that way"],
  ["Space, Enter", "play again"],
  ["F", "favourite"],
  ["U, Ctrl-Z", "take the last correction back"],
  ["/", "search"],
  ["Ctrl-click", "select one sound more, or one less"],
  ["Shift-click", "select all up to that one in the list"],
  ["Ctrl-A", "select all that is shown"],
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
      <h3>Say what the chosen sounds are</h3>
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
