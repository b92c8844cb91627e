import { canChoose } from "../audio/devices";
import { output } from "../audio/output";
import { TARGET_DB } from "../audio/level";
import { decibels, percent } from "../sounds/words";
import { settings, type AutoPlay } from "../state/settings";
import { Choice } from "../ui/Choice";
import { Slider } from "../ui/Slider";
import { Switch } from "../ui/Switch";
import { OutputChoice } from "./OutputChoice";

const WHEN = { hover: "Pointing", click: "Choosing", off: "Only when asked" } as const;
const HINTS = {
  hover: "a sound plays as the pointer is over it",
  click: "a sound plays once it is clicked, or reached with a key",
  off: "Space, Enter and the play buttons play",
} as const;
const LENGTHS = { "0": "All of it", "1": "1 s", "2": "2 s", "5": "5 s" } as const;

/** How sounds play, how families look, and what keys do. */
export function SoundPanel() {
  const { volume, matched, mono, autoplay, length, letters, next, shapes } = settings;
  const { pitch, start, fade } = settings;
  return (
    <>
      <Slider
        label="Volume"
        ends={[0, 100]}
        value={Math.round(volume.value * 100)}
        words={percent(volume.value)}
        onInput={(value) => (volume.value = value / 100)}
      />
      {canChoose() && <OutputChoice />}
      <Switch
        setting={matched}
        label="All sounds equally loud"
        hint={`Each is brought to ${decibels(TARGET_DB)}, as far as its peaks allow.`}
      />
      <Switch setting={mono} label="Mono" hint="As a phone or a club plays it." />
      {output.limited.value && (
        <p class="quiet">A limiter keeps what plays together from distorting.</p>
      )}
      <Choice
        label="Sounds play by"
        value={autoplay.value}
        options={WHEN}
        hints={HINTS}
        onChange={(value) => (autoplay.value = value as AutoPlay)}
      />
      <Choice
        label="How much of a sound"
        value={String(length.value)}
        options={LENGTHS}
        onChange={(value) => (length.value = Number(value))}
      />
      {length.value > 0 && (
        <Slider
          label="Fade at its end"
          ends={[5, 500]}
          step={5}
          value={Math.round(fade.value * 1000)}
          words={`${Math.round(fade.value * 1000)} ms`}
          onInput={(value) => (fade.value = value / 1000)}
        />
      )}
      <Slider
        label="Begins after"
        ends={[0, 200]}
        step={5}
        value={Math.round(start.value * 1000)}
        words={`${Math.round(start.value * 1000)} ms`}
        onInput={(value) => (start.value = value / 1000)}
      />
      <Slider
        label="Pitch"
        ends={[-12, 12]}
        value={pitch.value}
        words={semitones(pitch.value)}
        onInput={(value) => (pitch.value = value)}
      />
      <p class="quiet">The kit plays its sounds whole and at their own pitch.</p>
      <h3>Keys and looks</h3>
      <Switch
        setting={next}
        label="After a label, the next sound plays"
        hint="In the list, where one sound is labelled."
      />
      <Switch
        setting={letters}
        label="Letters and digits are keys"
        hint="Without them, arrows, Space, Enter, Escape and Ctrl with a letter still work."
      />
      <Switch
        setting={shapes}
        label="A shape for each family"
        hint="On the map, in the list and in the legend, beside its colour."
      />
    </>
  );
}

function semitones(pitch: number): string {
  if (!pitch) return "as it is";
  const sign = pitch > 0 ? "+" : "\u2212";
  return `${sign}${Math.abs(pitch)} semitone${Math.abs(pitch) === 1 ? "" : "s"}`;
}
