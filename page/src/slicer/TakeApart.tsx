import type { Details } from "../api/types";
import { takeApart } from "./state";

/** Seconds from which on a sound may well be more than one hit. */
const LONG_S = 2;

/** Opens a sound in the room that takes it apart: in sight where it may be a loop. */
export function TakeApart({ sound }: { sound: Details }) {
  const likely = sound.guess === "loop" || (sound.duration ?? 0) >= LONG_S;
  return (
    <p class="take-apart">
      <button class={likely ? "small" : "link"} onClick={() => void takeApart(sound.id)}>
        Take apart
      </button>
      {likely && <small>Cut it into its hits, and keep these as sounds.</small>}
    </p>
  );
}
