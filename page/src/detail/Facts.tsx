import type { Details } from "../api/types";
import { decibels, hertz, note, seconds, size } from "../sounds/words";
import { tell } from "../state/notices";
import { Icon } from "../ui/Icon";

export function Facts({ sound }: { sound: Details }) {
  const facts: [string, string | undefined | null][] = [
    ["Length", sound.duration === undefined ? null : seconds(sound.duration)],
    ["Pitch", sound.pitch_hz ? `${note(sound.pitch_hz)} · ${hertz(sound.pitch_hz)}` : null],
    ["Brightness", sound.brightness_hz ? hertz(sound.brightness_hz) : null],
    ["Loudness", typeof sound.loudness_db === "number" ? decibels(sound.loudness_db) : null],
    ["Peak", typeof sound.peak_db === "number" ? decibels(sound.peak_db) : null],
    ["Onset", typeof sound.onset_s === "number" ? seconds(sound.onset_s) : null],
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

/** Where the file is. */
export function FilePath({ path }: { path: string }) {
  const copy = () =>
    navigator.clipboard.writeText(path).then(
      () => tell("done", "The path is copied."),
      () =>
        tell("error", "The browser does not allow copying the path: select it and press Ctrl-C."),
    );
  return (
    <section aria-label="File" class="file">
      <h3>File</h3>
      <p>
        <code>{path}</code>
        <button class="icon" aria-label="Copy the path" title="Copy the path" onClick={copy}>
          <Icon name="copy" />
        </button>
      </p>
    </section>
  );
}
