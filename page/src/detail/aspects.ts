/** What sounds are compared by: as a whole, or the aspects that a person chose. */

import { computed } from "@preact/signals";
import { settings } from "../state/settings";

/** Each aspect, and what it means. */
export const ASPECTS = {
  timbre: "what kind of sound it is, and its colour",
  pitch: "how high its tone is",
  length: "how long it takes to fade",
  level: "how loud it is",
  brightness: "how much of it is treble",
} as const;

export type Aspect = keyof typeof ASPECTS;

const all = Object.keys(ASPECTS) as Aspect[];

/** Those that count; none for the whole. */
export const chosen = computed(() => {
  const kept = settings.aspects.value.split(",");
  return all.filter((aspect) => kept.includes(aspect));
});

/** As the server takes them. */
export const by = computed(() => chosen.value.join(","));

export function toggle(aspect: Aspect): void {
  const on = chosen.value.includes(aspect);
  const next = all.filter((one) => (one === aspect ? !on : chosen.value.includes(one)));
  settings.aspects.value = next.join(",");
}

/** What sounds are compared by, as a sentence. */
export const sentence = computed(() => {
  const names = chosen.value;
  if (!names.length) return "Compared as a whole.";
  const before = names.slice(0, -1).join(", ");
  return `Compared by ${before ? `${before} and ` : ""}${names.at(-1)} alone.`;
});
