import type { Details } from "../api/types";
import { copyPaths, showFiles } from "../out/files";
import { spokenFamily } from "../sounds/families";
import { decibels, hertz, note, percent, seconds, size } from "../sounds/words";
import { Icon } from "../ui/Icon";

export function Facts({ sound }: { sound: Details }) {
  const facts: [string, string | undefined | null][] = [
    ["Named", sound.named ? spokenFamily(sound.named) : null],
    ["By its sound", bySound(sound)],
    ["Length", sound.duration === undefined ? null : seconds(sound.duration)],
    ["Pitch", sound.pitch_hz ? `${note(sound.pitch_hz)} · ${hertz(sound.pitch_hz)}` : null],
    ["Brightness", sound.brightness_hz ? hertz(sound.brightness_hz) : null],
    ["Loudness", ifKnown(sound.loudness_db, (level) => `${level.toFixed(1)} LUFS`)],
    ["Peak", ifKnown(sound.peak_db, decibels)],
    ["True peak", ifKnown(sound.true_peak_db, decibels)],
    ["Onset", ifKnown(sound.onset_s, seconds)],
    ["Attack", ifKnown(sound.attack_s, seconds)],
    ["Decay by 20 dB", ifKnown(sound.decay_s, seconds)],
    ["Rate", sound.rate ? `${sound.rate / 1000} kHz` : null],
    [
      "Channels",
      sound.channels ? (["mono", "stereo"][sound.channels - 1] ?? `${sound.channels}`) : null,
    ],
    ["Format", sound.format],
    ["Size", size(sound.size)],
    ["Pack", sound.pack],
  ];
  return (
    <section aria-label="Facts">
      <h3>Facts</h3>
      <dl class="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** What it sounds like without its name, where there is one to tell apart. */
function bySound({ named, heard, heard_confidence = 0 }: Details) {
  return named && heard ? `${spokenFamily(heard)} ${percent(heard_confidence)}` : null;
}

function ifKnown(value: number | null | undefined, words: (value: number) => string) {
  return typeof value === "number" ? words(value) : null;
}

/** Where the file is. */
export function FilePath({ id, path }: { id: number; path: string }) {
  return (
    <section aria-label="File" class="file">
      <h3>File</h3>
      <p>
        <code>{path}</code>
        <button
          class="icon"
          aria-label="Copy the path"
          title="Copy the path"
          onClick={() => void copyPaths([id])}
        >
          <Icon name="copy" />
        </button>
        <button
          class="icon"
          aria-label="Show in the file manager"
          title="Show in the file manager"
          onClick={() => void showFiles([id])}
        >
          <Icon name="folder" />
        </button>
      </p>
    </section>
  );
}
