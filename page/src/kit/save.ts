/** The beat as a file of the browser's downloads. */

import { wavFile, type Bits } from "../audio/wavFile";
import { attempt, tell } from "../state/notices";
import { settings } from "../state/settings";
import { midiFile } from "./midiFile";
import { strikesOf } from "./pattern";
import { render, type Tail } from "./render";
import { beat, pads } from "./state";

const nameOf = () => `drumsort loop ${beat.value.tempo} bpm`;

export async function saveWav(): Promise<void> {
  const { loopRate, loopBits, loopTail } = settings;
  const now = beat.value;
  if (!strikesOf(now).some(({ pad }) => pads.value[pad] !== null))
    return tell("error", "The beat is silent: put sounds on pads, and set steps for them.");
  const name = `${nameOf()}.wav`;
  const samples = await attempt(() =>
    render(now, pads.value, loopRate.value, loopTail.value as Tail),
  );
  if (!samples) return;
  download(wavFile(samples, loopRate.value, loopBits.value as Bits), name, "audio/wav");
}

export function saveMidi(): void {
  if (!strikesOf(beat.value).length)
    return tell("error", "The beat has no step: set some, or start from a beat.");
  download(midiFile(beat.value, nameOf()), `${nameOf()}.mid`, "audio/midi");
}

function download(bytes: Uint8Array<ArrayBuffer>, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  tell("done", `${name} is in your downloads.`);
}
