/** The sound from outside that is searched by: the page has it until the next one, the server forgets it. */

import { signal } from "@preact/signals";
import { player } from "../audio/player";
import { output } from "../audio/output";
import { begin, cutOff, type Voice } from "../kit/voice";
import { panel } from "../state/view";
import { base64, tooLarge } from "./bytes";

export interface Asked {
  readonly name: string;
  readonly recorded: boolean;
  /** In base64, to be sent. */
  readonly content: string;
  readonly bytes: Blob;
}

export const asked = signal<Asked | null>(null);
/** Why there is none, or empty. */
export const trouble = signal("");

/** Search by a file. */
export async function askBy(file: File): Promise<void> {
  trouble.value = tooLarge(file);
  if (trouble.value) return;
  try {
    const content = await base64(file);
    asked.value = { name: file.name, recorded: false, content, bytes: file };
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
  }
}

/** Search by a recording. */
export async function askByRecording(wav: Uint8Array<ArrayBuffer>): Promise<void> {
  const bytes = new Blob([wav], { type: "audio/wav" });
  const content = await base64(bytes);
  asked.value = { name: "the recording", recorded: true, content, bytes };
}

/** Play it, until it ends or the player is to play or to stop; what cannot be played says so. */
export async function playAsked({ bytes, name }: Asked): Promise<void> {
  player.stop();
  output.wake();
  let ended = false;
  let voice: Voice | undefined;
  player.endOther = () => {
    ended = true;
    if (voice) cutOff(voice, output.context.currentTime);
    player.endOther = () => {};
  };
  try {
    const buffer = await output.context.decodeAudioData(await bytes.arrayBuffer());
    if (ended) return;
    voice = begin(output.input, buffer, 1, 0);
    voice.source.onended = () => voice?.gain.disconnect();
  } catch {
    trouble.value = `This browser cannot play ${name}.`;
  }
}

const fileIn = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** A file that is dropped anywhere on the page is searched by; a browser would leave the page. */
export function followDrops(): void {
  document.addEventListener("dragover", (event) => {
    if (fileIn(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!fileIn(event) || event.defaultPrevented) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    panel.value = "find";
    void askBy(file);
  });
}
