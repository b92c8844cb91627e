/** Which of the system's outputs the sounds go to, where the browser lets a page choose. */

import { signal } from "@preact/signals";
import { tell } from "../state/notices";
import { settings } from "../state/settings";

interface Choosing extends AudioContext {
  setSinkId(id: string): Promise<void>;
}

export interface Device {
  readonly id: string;
  readonly name: string;
}

/** Null until the browser has named them. */
export const devices = signal<readonly Device[] | null>(null);

export const canChoose = () =>
  "setSinkId" in AudioContext.prototype && navigator.mediaDevices !== undefined;

/** Ask the browser for the outputs; it names them to a page that may use the microphone. */
export async function listDevices(ask: boolean): Promise<void> {
  if (ask && !(await named())) await allowed();
  devices.value = (await named()) ? await found() : ask ? [] : null;
}

async function found(): Promise<Device[]> {
  const every = await navigator.mediaDevices.enumerateDevices();
  return every
    .filter(({ kind, deviceId, label }) => kind === "audiooutput" && deviceId && label)
    .filter(({ deviceId }) => deviceId !== "default")
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

const named = async () => (await found()).length > 0;

/** The microphone is let go of at once: nothing is recorded. */
async function allowed(): Promise<void> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
  } catch {
    tell(
      "error",
      "The browser names outputs only to a page that may use a microphone: none was allowed.",
    );
  }
}

/** An output that is gone gives way to the system's own. */
export async function send(context: AudioContext, id: string): Promise<void> {
  if (!canChoose()) return;
  // A browser that is asked for one that is gone may fall silent.
  const there = id === "" || (await found()).some((device) => device.id === id);
  try {
    if (there) return await (context as Choosing).setSinkId(id);
  } catch {
    // as if it were not there
  }
  if (settings.output.value !== id) return;
  settings.output.value = "";
  tell("error", "The chosen output is not there: sounds go to the system's own.");
}
