import { output } from "../audio/output";

const WAY = matchMedia("(hover: none)").matches ? "Tap" : "Click";

/** A browser plays nothing until somebody clicks or presses a key. */
export function Asleep() {
  if (!output.asleep.value) return null;
  return <p class="asleep">{WAY} anywhere to turn the sound on.</p>;
}
