import { keysOf, LABEL_KEYS } from "../app/keymap";
import { spoken } from "../sounds/families";
import { ownClasses } from "../state/library";
import { KEYS as SLICER_KEYS } from "../slicer/keys";
import { settings } from "../state/settings";
import { Key } from "../ui/Key";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["↓", "↑"], "next, previous sound, and play it (with Shift: select)"],
  [["Page Down", "Page Up"], "twelve sounds down, up"],
  [["Home", "End"], "first, last sound"],
  [["Space", "Enter"], "play again"],
  [["F"], "favourite"],
  [["#"], "keywords"],
  [["Delete"], "hide it, or show it again where it is hidden; the file stays"],
  [["Ctrl+Z", "U"], "undo what was done last in this visit"],
  [["Ctrl+Shift+Z", "Ctrl+Y"], "redo it"],
  [["/"], "search"],
  [["Alt+↓"], "in the search: all that can be asked for"],
  [["Ctrl+click"], "add a sound to the selection, or remove it"],
  [["Shift+click"], "select all sounds up to that one in the list"],
  [["Ctrl+A"], "select all sounds shown"],
  [["Esc"], "close what is open, clear the selection, stop the sound"],
  [["?"], "these keys"],
];
const MAP_KEYS: typeof KEYS = [
  [["←", "→", "↑", "↓"], "nearest sound in that direction (with Shift: select, too)"],
  [["+", "-"], "zoom"],
  [["[", "]"], "select fewer, more sounds around the current one"],
];
const KIT_KEYS: typeof KEYS = [
  [["Z", "A", "Q", "1"], "the first pad of each row; the keys to the right of each, the others"],
  [["←", "→"], "swap the pad's sound with the similar one before, with the next"],
  [["Delete"], "empty the pad"],
];

export function HelpPanel() {
  const own = ownClasses.value;
  const labels = [...new Set(LABEL_KEYS.map(([, label]) => label)), ...own];
  return (
    <>
      <Keys keys={KEYS} />
      <h3>On the map</h3>
      <Keys keys={MAP_KEYS} />
      <h3>In the kit</h3>
      <Keys keys={KIT_KEYS} />
      <h3>While a loop is taken apart</h3>
      <Keys keys={SLICER_KEYS} />
      <h3>Label what is heard, or the selection that it is in</h3>
      {!settings.letters.value && <p class="note">These keys are off: see “Sound and keys”.</p>}
      <dl class="keys columns">
        {labels.map((label) => (
          <div key={label}>
            <dt>
              {keysOf(label, own).map((key) => (
                <Key key={key} name={key} />
              ))}
            </dt>
            <dd>{spoken(label)}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        On the map: the wheel zooms, dragging moves, dragging with Shift draws a lasso; a selected
        sound is dragged along, any other with Ctrl. Sounds can be dragged to the pads of the kit
        and, in drumsort's own window, into other programs; in Chrome and Edge on Windows and macOS,
        too. Nothing leaves this computer.
      </p>
    </>
  );
}

function Keys({ keys }: { keys: typeof KEYS }) {
  return (
    <dl class="keys">
      {keys.map(([names, what]) => (
        <div key={what}>
          <dt>
            {names.map((name) => (
              <Key key={name} name={name} />
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
