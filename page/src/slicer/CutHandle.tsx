import { useRef } from "preact/hooks";
import { chosen, choose, cuts, hearHit, move, opened, settle } from "./state";
import { labelOf, sureOf, time } from "./words";
import { pixelOf } from "./zoom";

/** Between cuts that are closer, there is room for the number only. */
const NARROW_PX = 56;

/** A line at a cut, with the label of its hit, to drag. */
export function CutHandle({
  nth,
  frameOf,
}: {
  nth: number;
  frameOf: (event: MouseEvent) => number;
}) {
  const dragged = useRef<{ offset: number; from: number; moved: boolean } | null>(null);
  const cut = cuts.value[nth];
  const { length, rate } = opened.value!.loop;
  const room = pixelOf((cuts.value[nth + 1]?.at ?? length) - cut.at);
  const ms = (frames: number) => Math.round((frames / rate) * 1e6) / 1e3;
  const what = `${labelOf(nth)} ${sureOf(nth)}`.trim();
  const end = () => {
    const ended = dragged.current;
    dragged.current = null;
    settle();
    if (ended?.moved) hearHit(nth);
    else if (ended) choose(nth);
  };
  const states = ["cut", cut.keep || "left-out", chosen.value === nth && "chosen"];
  return (
    <div
      class={states.filter((state) => typeof state === "string").join(" ")}
      style={{ transform: `translateX(${pixelOf(cut.at)}px)` }}
      role="slider"
      tabIndex={chosen.value === nth ? 0 : -1}
      aria-label={`Cut ${nth + 1}`}
      aria-orientation="horizontal"
      aria-valuemin={ms(nth ? cuts.value[nth - 1].at : 0)}
      aria-valuemax={ms(cuts.value[nth + 1]?.at ?? length)}
      aria-valuenow={ms(cut.at)}
      aria-valuetext={`${time(cut.at)}, ${what}${cut.keep ? "" : ", not kept"}`}
      onClick={(event) => event.stopPropagation()}
      onDblClick={(event) => event.stopPropagation()}
      onFocus={() => (chosen.value = nth)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = { offset: cut.at - frameOf(event), from: event.clientX, moved: false };
        settle();
      }}
      onPointerMove={(event) => {
        const drag = dragged.current;
        if (!drag) return;
        drag.moved ||= Math.abs(event.clientX - drag.from) > 2; // else it is a click
        if (drag.moved) move(nth, frameOf(event) + drag.offset, `drag ${nth}`);
      }}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <span class="cut-words" style={{ maxWidth: `${Math.max(20, room - 2)}px` }}>
        <b>{nth + 1}</b> {room > NARROW_PX && what}
      </span>
    </div>
  );
}
