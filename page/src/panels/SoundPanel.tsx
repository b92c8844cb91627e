import { output } from "../audio/output";
import { TARGET_DB } from "../audio/level";
import { decibels, percent } from "../sounds/words";
import { settings, type AutoPlay } from "../state/settings";
import { Choice } from "../ui/Choice";
import { Switch } from "../ui/Switch";

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
  return (
    <>
      <label class="slider">
        <span>Volume</span>
        <input
          type="range"
          min={0}
          max={100}
          value={Math.round(volume.value * 100)}
          aria-valuetext={percent(volume.value)}
          onInput={(event) => (volume.value = Number(event.currentTarget.value) / 100)}
        />
        <output>{percent(volume.value)}</output>
      </label>
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
