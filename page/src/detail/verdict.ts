/** The verdict on a sound, in words. */

import type { Details, Family } from "../api/types";
import { spoken, spokenFamily } from "../sounds/families";
import { percent } from "../sounds/words";

export interface Verdict {
  readonly label: string;
  /** How sure the verdict is, or what the sound may be. */
  readonly sure: string;
  readonly reason: string;
}

export function verdict(sound: Details, families: readonly Family[]): Verdict {
  const { label, guess, confidence, reason = "", correction } = sound;
  if (!label || confidence === undefined) return { label: "not heard", sure: "", reason };
  if (correction) return { label: spoken(label), sure: "you said so", reason: "" };
  if (label !== "unsure" || !guess)
    return { label: spoken(label), sure: `${percent(confidence)} sure`, reason };
  const family = families.find(({ labels }) => labels.includes(guess))?.name ?? guess;
  const notes = reason.split("; ").filter((note) => !note.startsWith("best guess "));
  const why = `${spokenFamily(family)} ${percent(confidence)}, too little to be sure`;
  return {
    label: "unsure",
    sure: `best guess ${spoken(guess)}`,
    reason: [why, ...notes].filter(Boolean).join("; "),
  };
}

const MOST = 6;

/** The best labels, and the best family where that has more than one label. */
export function likely(scores: Record<string, number>, families: readonly Family[]) {
  const sums = families
    .map(({ name, labels }) => ({
      name,
      several: labels.length > 1,
      score: labels.reduce((sum, label) => sum + (scores[label] ?? 0), 0),
    }))
    .sort((a, b) => b.score - a.score);
  const labels = Object.entries(scores)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST)
    .map(([name, score]) => ({
      name,
      score,
      family: families.find(({ labels }) => labels.includes(name))?.name ?? name,
    }));
  return { family: sums[0]?.several ? sums[0] : null, labels };
}
