import { useSignal } from "@preact/signals";
import { settings } from "../state/settings";
import { Choice } from "../ui/Choice";
import { saveMidi, saveWav } from "./save";

const RATES = { "44100": "44.1 kHz", "48000": "48 kHz" } as const;
const BITS = { "24": "24 bits", "16": "16 bits" } as const;
const TAILS = { fold: "Onto the first bar", keep: "Behind the last bar" } as const;
const HINTS = {
  fold: "whole bars, which go round without a gap",
  keep: "the bars, and then what rings on after them",
} as const;

/** The beat for another program. */
export function LoopPanel() {
  const busy = useSignal(false);
  const { loopRate, loopBits, loopTail } = settings;
  const save = async () => {
    busy.value = true;
    await saveWav();
    busy.value = false;
  };
  return (
    <>
      <p>
        The WAV has the kit as it plays: levels, swing, and hats that cut each other off. Its peak
        stays below −1 dB; the volume of the page does not count.
      </p>
      <Choice
        label="Sample rate of the WAV"
        value={String(loopRate.value)}
        options={RATES}
        onChange={(value) => (loopRate.value = Number(value))}
      />
      <Choice
        label="Bits of a sample"
        value={String(loopBits.value)}
        options={BITS}
        onChange={(value) => (loopBits.value = Number(value))}
      />
      <Choice
        label="What rings on goes"
        value={loopTail.value}
        options={TAILS}
        hints={HINTS}
        onChange={(value) => (loopTail.value = value)}
      />
      <p class="quiet">
        The MIDI file has the steps as notes of General MIDI drums, with tempo and swing.
      </p>
      <footer>
        <button onClick={saveMidi}>Loop as MIDI</button>
        <button class="primary" disabled={busy.value} onClick={() => void save()}>
          {busy.value ? "Rendering…" : "Loop as WAV"}
        </button>
      </footer>
    </>
  );
}
