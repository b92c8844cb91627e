/** Pads played from a MIDI keyboard or pad controller, while the kit is open. */

import { effect, signal } from "@preact/signals";
import { output } from "../audio/output";
import { settings } from "../state/settings";
import { strikeOf } from "./midiMessage";
import { chosen, open } from "./state";
import { strike } from "./voices";

/** What became of the wish to be played by MIDI; empty while there is none. */
export const heardFrom = signal("");

const MISSING =
  "This browser has no Web MIDI. Chrome, Edge, Opera and Firefox have it; Safari does not.";
const DENIED =
  "The browser does not let this page use MIDI. Allow it beside the address, then switch MIDI on again.";
const BROKEN = "The browser cannot open the MIDI of this system.";
const REFUSALS = ["NotAllowedError", "SecurityError"];

let access: MIDIAccess | null = null;

/** Switched on or off by a person: the browser may ask them. */
export async function switchMidi(): Promise<void> {
  if (settings.midi.value) {
    settings.midi.value = false;
    return;
  }
  if (await connect()) settings.midi.value = true;
}

/** Follow the setting until the kit closes. A page that only opens asks nobody for anything. */
export function followMidi(): () => void {
  const end = effect(() => {
    if (!settings.midi.value) disconnect();
    else if (!access) void goOn();
  });
  return () => {
    end();
    disconnect();
  };
}

/** Without a question: what a person allowed in an earlier visit. */
async function goOn(): Promise<void> {
  if (await allowed()) {
    await connect();
    return;
  }
  settings.midi.value = false;
  heardFrom.value = "The browser asks again before it lets this page use MIDI: switch it on.";
}

async function allowed(): Promise<boolean> {
  try {
    return (
      (await navigator.permissions.query({ name: "midi" as PermissionName })).state === "granted"
    );
  } catch {
    return false; // the browser does not say
  }
}

async function connect(): Promise<boolean> {
  if (!navigator.requestMIDIAccess) {
    heardFrom.value = MISSING;
    return false;
  }
  heardFrom.value = "Asking the browser…";
  try {
    access = await navigator.requestMIDIAccess();
  } catch (error) {
    const refused = error instanceof DOMException && REFUSALS.includes(error.name);
    heardFrom.value = refused ? DENIED : BROKEN;
    return false;
  }
  if (!open.value) {
    disconnect(); // closed while the browser asked
    return false;
  }
  access.onstatechange = attach;
  attach();
  return true;
}

function attach(): void {
  const inputs = [...(access?.inputs.values() ?? [])].filter(({ state }) => state === "connected");
  for (const input of inputs) input.onmidimessage = play;
  heardFrom.value = inputs.length
    ? `MIDI from ${inputs.map(({ name }) => name ?? "an input without a name").join(", ")}`
    : "MIDI is on; nothing is connected yet.";
}

function play({ data, timeStamp }: MIDIMessageEvent): void {
  const struck = strikeOf(data);
  if (!struck || output.asleep.value) return; // it would all sound at once when it wakes
  chosen.value = struck.pad;
  strike(struck.pad, struck.velocity, 0, timeStamp);
}

function disconnect(): void {
  if (!access) return;
  access.onstatechange = null;
  for (const input of access.inputs.values()) input.onmidimessage = null;
  access = null;
  heardFrom.value = "";
}
