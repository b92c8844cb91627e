/** What was done in this visit, to undo and redo; what another visit did stays. */

import { signal } from "@preact/signals";
import { api } from "../api/client";
import { follow, refreshState } from "./library";
import { attempt, tell } from "./notices";
import { inTurn } from "./turns";

interface Step {
  /** Names it to the server; or it is one of the page alone, which goes back and again. */
  readonly by: number | { back: () => void; again: () => void };
  /** What it did, as a clause: "kick.wav corrected to snare". */
  readonly what: string;
  /** Of steps in a row with the same name, one is remembered; empty for one of its own. */
  readonly run?: string;
}

const done = signal<readonly Step[]>([]);
const undone = signal<readonly Step[]>([]);

/** Remember what was just done; null where nothing changed. */
export function took(number: number | null, what: string): void {
  if (number !== null) keep({ by: number, what });
}

/** Remember what was just done on the page alone. */
export function tookHere(what: string, back: () => void, again: () => void, run = ""): void {
  const last = done.value.at(-1);
  if (run && last?.run === run && !undone.value.length && typeof last.by !== "number") {
    done.value = done.value.slice(0, -1);
    back = last.by.back;
  }
  keep({ by: { back, again }, what, run });
}

function keep(step: Step): void {
  done.value = [...done.value, step];
  undone.value = [];
}

export const undo = () =>
  move(done, undone, api.undo, "Undone", "Nothing was changed in this visit.");
export const redo = () => move(undone, done, api.redo, "Done again", "There is nothing to redo.");

function move(
  from: typeof done,
  to: typeof done,
  ask: typeof api.undo,
  word: string,
  nothing: string,
): Promise<void> {
  return inTurn("Undoing", async () => {
    const step = from.value.at(-1);
    if (!step) return tell("done", nothing);
    from.value = from.value.slice(0, -1);
    const said = () => {
      to.value = [...to.value, step];
      tell("done", `${word}: ${step.what}.`, { again: false });
    };
    const { by } = step;
    if (typeof by !== "number") {
      (from === done ? by.back : by.again)();
      return said();
    }
    const answer = await attempt(() => ask(by));
    if (!answer) return;
    said();
    await Promise.all([follow(answer.version), refreshState()]); // an event tells of the rest
  });
}
