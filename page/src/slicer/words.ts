/** What is said of hits. */

import { spoken } from "../sounds/families";
import { percent } from "../sounds/words";
import { heardAt, opened } from "./state";

/** A time in the loop, or a length. */
export function time(frames: number): string {
  return `${(frames / (opened.value?.loop.rate ?? 1)).toFixed(3)} s`;
}

/** What a hit is: "kick", "ride?" where that is not sure. */
export function labelOf(nth: number): string {
  const found = heardAt(nth);
  if (found === undefined) return "…";
  if (found === null) return "silent";
  return found.label === "unsure" ? `${spoken(found.guess)}?` : spoken(found.label);
}

export function sureOf(nth: number): string {
  const found = heardAt(nth);
  return found ? percent(found.confidence) : "";
}
