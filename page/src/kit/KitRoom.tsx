import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { nameOf } from "../state/library";
import { useEscape } from "../state/opened";
import { settings } from "../state/settings";
import { current } from "../state/view";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { NameField } from "../ui/NameField";
import { BeatPanel } from "./BeatPanel";
import { LoopPanel } from "./LoopPanel";
import { followMidi, heardFrom, switchMidi } from "./midiInput";
import { padOfKey } from "./pads";
import { Pads } from "./Pads";
import { stop } from "./sequencer";
import { chosen, keepKit, kitName, makeKit, open, pads, put, swap } from "./state";
import { Steps } from "./Steps";
import { strike } from "./voices";

const LETTER = /^[\p{L}\p{N}]$/u;

/** Sounds together: 16 pads and a beat. */
export function KitRoom() {
  const naming = useSignal(false);
  const saving = useSignal(false);
  const boxing = useSignal(false);
  useEscape(naming.value, () => (naming.value = false));
  useEffect(() => stop, []);
  useEffect(followMidi, []);
  const here = current.value;
  const pad = chosen.value;

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.matches("input, select")) return;
    const struck = padOfKey(event.key);
    // A finger that slips from a pad to another letter would correct a sound.
    if (struck === undefined && !LETTER.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (struck === undefined || event.repeat) return;
    strike(struck, 1, 0, event.timeStamp);
    chosen.value = struck;
  };
  const change = async (by: 1 | -1) => {
    if ((await swap(pad, by)) !== null) strike(pad);
  };
  const room = (
    <section class="kit" aria-label="Kit" onKeyDown={press}>
      <header>
        <h2>Kit</h2>
        <button class="small" onClick={() => void makeKit(true)}>
          <Icon name="dice" /> Make me a kit
        </button>
        <button
          class="small"
          disabled={!pads.value.includes(null)}
          onClick={() => void makeKit(false)}
        >
          Fill the empty pads
        </button>
        <button class="small" onClick={() => (boxing.value = true)}>
          <Icon name="microphone" /> Fill from a beat
        </button>
        {naming.value ? (
          <form
            class="in-line"
            onSubmit={(event) => {
              event.preventDefault();
              const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
              naming.value = false;
              if (name) void keepKit(name);
            }}
          >
            <NameField label="Name of the kit" value={kitName.value} />
            <button class="small">Keep</button>
          </form>
        ) : (
          <button class="small" onClick={() => (naming.value = true)}>
            Keep the kit
          </button>
        )}
        <button class="small" onClick={() => (saving.value = true)}>
          <Icon name="save" /> Save the loop
        </button>
        <button
          class="small"
          aria-pressed={settings.midi.value}
          title="Play the pads with a MIDI keyboard or pad controller"
          onClick={() => void switchMidi()}
        >
          MIDI
        </button>
        <button class="icon" aria-label="Close the kit" onClick={() => (open.value = false)}>
          <Icon name="close" />
        </button>
        <small class="kit-midi" role="status">
          {heardFrom.value}
        </small>
      </header>
      <div class="kit-body">
        <div class="kit-left">
          <Pads />
          <div class="pad-tools" role="group" aria-label="The chosen pad">
            <button
              class="small"
              disabled={here === null}
              onClick={() => {
                put(pad, here);
                strike(pad);
              }}
            >
              {here === null ? "Choose a sound to put here" : `Put ${nameOf(here)} here`}
            </button>
            <button
              class="icon"
              aria-label="Swap with the similar one before"
              title="Similar one before (←)"
              disabled={pads.value[pad] === null}
              onClick={() => void change(-1)}
            >
              <Icon name="left" />
            </button>
            <button
              class="icon"
              aria-label="Swap with the next similar one"
              title="Next similar one (→)"
              disabled={pads.value[pad] === null}
              onClick={() => void change(1)}
            >
              <Icon name="right" />
            </button>
            <button
              class="icon"
              aria-label="Empty the pad"
              title="Empty the pad (Delete)"
              disabled={pads.value[pad] === null}
              onClick={() => put(pad, null)}
            >
              <Icon name="close" />
            </button>
          </div>
        </div>
        <Steps />
      </div>
    </section>
  );
  // Beside the room, whose keys strike pads.
  return (
    <>
      {room}
      {boxing.value && (
        <Dialog title="Fill from a beat" onClose={() => (boxing.value = false)}>
          <BeatPanel onDone={() => (boxing.value = false)} />
        </Dialog>
      )}
      {saving.value && (
        <Dialog title="Save the loop" onClose={() => (saving.value = false)}>
          <LoopPanel />
        </Dialog>
      )}
    </>
  );
}
