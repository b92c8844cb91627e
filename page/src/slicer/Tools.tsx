import { Icon, type IconName } from "../ui/Icon";
import {
  addHere,
  can,
  chosen,
  cuts,
  findAgain,
  move,
  opened,
  redo,
  remove,
  snap,
  undo,
} from "./state";
import { atLeast, atMost, left, frameAt, pixelOf, showAll, width, zoom } from "./zoom";

interface ToolProps {
  name: string;
  icon: IconName;
  disabled: boolean;
  onClick: () => void;
}

function Tool({ name, icon, disabled, onClick }: ToolProps) {
  return (
    <button class="icon" aria-label={name} title={name} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** What can be done without keys. */
export function Tools() {
  const nth = chosen.value;
  const cut = cuts.value[nth];
  const step = Math.round(opened.value!.loop.rate / 1000);
  const by = (frames: number) => move(nth, cut.at + frames, `key ${nth}`);
  /** The chosen cut if it is in view, else what is in the middle. */
  const middle = () => {
    const pixel = cut ? pixelOf(cut.at) - left.value : -1;
    return pixel >= 0 && pixel <= width.value ? cut.at : frameAt(left.value + width.value / 2);
  };
  return (
    <div class="slicer-tools" role="toolbar" aria-label="Cuts">
      <span>
        <Tool
          name="Zoom in"
          icon="plus"
          disabled={atMost.value}
          onClick={() => zoom(2, middle())}
        />
        <Tool
          name="Zoom out"
          icon="minus"
          disabled={atLeast.value}
          onClick={() => zoom(0.5, middle())}
        />
        <button class="small" disabled={atLeast.value} onClick={showAll}>
          Show all
        </button>
      </span>
      <span>
        <Tool name="Cut 1 ms earlier" icon="left" disabled={!cut} onClick={() => by(-step)} />
        <Tool name="Cut 1 ms later" icon="right" disabled={!cut} onClick={() => by(step)} />
        <button class="small" disabled={!cut} onClick={() => void snap(nth, "zero")}>
          To zero crossing
        </button>
        <button class="small" disabled={!cut} onClick={() => void snap(nth, "onset")}>
          To onset
        </button>
      </span>
      <span>
        <button class="small" onClick={addHere}>
          Add a cut
        </button>
        <button class="small" disabled={!cut} onClick={() => remove(nth)}>
          Remove
        </button>
      </span>
      <span>
        <button class="small" disabled={!can.value.undo} onClick={undo}>
          Undo
        </button>
        <button class="small" disabled={!can.value.redo} onClick={redo}>
          Redo
        </button>
        <button class="small" onClick={findAgain}>
          As found
        </button>
      </span>
    </div>
  );
}
