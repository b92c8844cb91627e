/** What was done in this visit, to undo and redo; what another visit did stays. */

import { signal } from "@preact/signals";
import { api, Refusal } from "../api/client";
import { follow, refreshState } from "./library";
import { report, tell, withoutUndo } from "./notices";
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
  withoutUndo();
  done.value = [...done.value, step];
  undone.value = [];
}

const UNDO = {
  ask: api.undo,
  doing: "Undoing",
  did: "Undone",
  nothing: "Nothing was changed in this visit.",
};
const REDO = {
  ask: api.redo,
  doing: "Doing again",
  did: "Done again",
  nothing: "There is nothing to redo.",
};

export const undo = () => move(done, undone, UNDO);
export const redo = () => move(undone, done, REDO);

function move(from: typeof done, to: typeof done, how: typeof UNDO): Promise<void> {
  return inTurn(how.doing, async () => {
    const step = from.value.at(-1);
    if (!step) return tell("done", how.nothing);
    const drop = () => (from.value = from.value.filter((other) => other !== step));
    const moved = () => {
      drop();
      to.value = [...to.value, step];
      tell("done", `${how.did}: ${step.what}.`, { again: false });
    };
    const { by } = step;
    if (typeof by !== "number") {
      (from === done ? by.back : by.again)();
      return moved();
    }
    try {
      const { version } = await how.ask(by);
      moved();
      await Promise.all([follow(version), refreshState()]); // an event tells of the rest
    } catch (error) {
      report(error);
      // Something else changed the same since, so it never works; after any other error it may.
      if (error instanceof Refusal && error.status === 409) drop();
    }
  });
}
