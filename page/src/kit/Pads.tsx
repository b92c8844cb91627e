import { dropped, holds, take } from "../out/drag";
import { library } from "../state/library";
import { FamilyDot } from "../ui/FamilyDot";
import { PADS, ROLES, ROWS } from "./pads";
import { chosen, padName, pads, put, swap, titleOf } from "./state";
import { lit, strike } from "./voices";

/** The 16 pads: a click or a key strikes one, a sound that is dropped on one goes there. */
export function Pads() {
  return (
    <div class="pads" role="group" aria-label="Pads">
      {ROWS.flat().map((pad) => (
        <Pad key={pad} pad={pad} />
      ))}
    </div>
  );
}

function Pad({ pad }: { pad: number }) {
  const id = pads.value[pad];
  const { rowOf, families, columns } = library.value;
  const row = id === null ? undefined : rowOf.get(id);
  const { name, note, key } = ROLES[pad];
  const states = ["pad", lit.value.has(pad) && "lit", id === null && "empty"];
  const walk = (event: KeyboardEvent) => {
    if (event.key === "Delete" || event.key === "Backspace") put(pad, null);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight")
      void swap(pad, event.key === "ArrowRight" ? 1 : -1).then(
        (next) => next !== null && strike(pad),
      );
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      class={states.filter(Boolean).join(" ")}
      aria-pressed={chosen.value === pad}
      aria-label={`${titleOf(pad)}: ${padName(pad)}`}
      title={`${titleOf(pad)}: ${padName(pad)}`}
      onPointerDown={(event) => {
        if (event.button === 0) strike(pad, 1, 0, event.timeStamp);
        chosen.value = pad;
      }}
      onClick={(event) => {
        if (event.detail) return; // the pointer has struck it already
        strike(pad, 1, 0, event.timeStamp);
        chosen.value = pad;
      }}
      onKeyDown={walk}
      draggable={id !== null}
      onDragStart={(event) => take(event, id === null ? [] : [id])}
      onDragEnter={(event) => holds(event) && event.preventDefault()}
      onDragOver={(event) => holds(event) && event.preventDefault()}
      onDrop={(event) => {
        const sounds = dropped(event).slice(0, PADS - pad);
        if (!sounds.length) return;
        event.preventDefault();
        event.currentTarget.focus();
        chosen.value = pad;
        sounds.forEach((sound, nth) => put(pad + nth, sound));
        strike(pad);
      }}
    >
      <span class="pad-head">
        {row !== undefined && <FamilyDot name={families[columns.family[row]]} />}
        <small>{note}</small>
        <kbd>{key.toUpperCase()}</kbd>
      </span>
      <span class="pad-role">{name}</span>
      <span class="pad-name">{id === null ? "" : padName(pad)}</span>
    </button>
  );
}
