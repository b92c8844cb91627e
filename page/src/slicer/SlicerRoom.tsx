import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { count } from "../sounds/words";
import { returned } from "../state/events";
import { nameOf } from "../state/library";
import { Dialog } from "../ui/Dialog";
import { HitList } from "./HitList";
import { KeepPanel } from "./KeepPanel";
import { belongsTo, press } from "./keys";
import { chosen, cuts, goOn, kept, leave, opened, slicing, tickAll, unheard } from "./state";
import { Tools } from "./Tools";
import { Wave } from "./Wave";
import { showAll } from "./zoom";

/** A loop or a recording, taken apart: its cuts are moved, its hits heard and kept. */
export function SlicerRoom() {
  const keeping = useSignal(false);
  const room = useRef<HTMLDivElement>(null);
  const now = opened.value;
  useLayoutEffect(() => {
    if (!now) return;
    showAll();
    room.current?.querySelector<HTMLElement>(".cut.chosen")?.focus();
  }, [now]);
  useEffect(goOn, [returned.value]); // and where a loop is opened again that was left
  useLayoutEffect(() => {
    // Of the whole document: wherever a click has left the focus, keys do what they do here.
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <Dialog room title={`Take apart ${nameOf(slicing.value!)}`} onClose={leave}>
      <div class="slicer" ref={room}>
        {now ? (
          <>
            <Tools />
            <Wave key={now.id} opened={now} />
            <HitList />
            {now.loop.remark && <p class="note">{now.loop.remark}</p>}
            <footer>
              <p role="status">{said(unheard.value, kept.value.length)}</p>
              <button class="small" onClick={() => tickAll(true)}>
                Keep all
              </button>
              <button class="small" onClick={() => tickAll(false)}>
                Keep none
              </button>
              <button
                class="primary"
                disabled={!kept.value.length || unheard.value > 0}
                onClick={() => (keeping.value = true)}
              >
                Keep {count(kept.value.length, "hit")}…
              </button>
            </footer>
          </>
        ) : (
          <p class="quiet" role="status">
            Looking for hits…
          </p>
        )}
      </div>
      {keeping.value && (
        <Dialog title="Keep hits" onClose={() => (keeping.value = false)}>
          <KeepPanel onDone={() => (keeping.value = false)} />
        </Dialog>
      )}
    </Dialog>
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (document.querySelectorAll("dialog[open]").length > 1) return;
  if (belongsTo(event.target, event) || !press(event)) return;
  event.preventDefault();
  const target = event.target as HTMLElement;
  // The focus goes where the keys lead.
  const place = target.closest(".hit") ? ".hit.chosen .line" : ".cut.chosen";
  if (target.closest(".slicer-tools, footer")) return;
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`.slicer ${place}`)?.focus());
}

function said(listening: number, keeping: number): string {
  if (listening) return `Listening to ${count(listening, "hit")}…`;
  const all = cuts.value.length;
  if (!all) return "No hit is found here: double-click the waveform to cut it.";
  return `${keeping} of ${count(all, "hit")} to keep; hit ${chosen.value + 1} is chosen.`;
}
