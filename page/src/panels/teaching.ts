/** What the model is taught, as steps. */

import { api } from "../api/client";
import { count } from "../sounds/words";
import { follow, refreshState } from "../state/library";
import { attempt, tell } from "../state/notices";
import { took } from "../state/steps";
import { inTurn } from "../state/turns";

/** What the server says of a change. */
interface Change {
  readonly step: number | null;
  readonly version: number;
}

/** Make a class of some sounds, or add them to one; false where that is refused. */
export const teachClass = (name: string, ids: number[]): Promise<boolean> =>
  inTurn(`Teaching ${name}`, async () => {
    const done = await attempt(() => api.teachClass(name, ids));
    if (!done) return false;
    const what = `${count(done.changed, "sound")} added as examples of ${name}`;
    tell("done", `${what}.`, { undo: true });
    return taken(done, what);
  });

export const forgetClass = (name: string): Promise<boolean> =>
  inTurn(`Removing ${name}`, async () => {
    const done = await attempt(() => api.forgetClass(name));
    if (!done) return false;
    tell("done", `${name} is no longer a class.`, { undo: true });
    return taken(done, `${name} removed`);
  });

/** Use a lesson, or none; false where that is refused. */
export const useLesson = (number: number | null): Promise<boolean> =>
  inTurn("Listening with what was learnt", async () => {
    const done = await attempt(() => api.useLesson(number));
    if (!done) return false;
    const what = number === null ? "No lesson" : `Lesson ${number}`;
    const changed = `${count(done.changed, "sound")} ${done.changed === 1 ? "has" : "have"}`;
    tell("done", `${what} is in use: ${changed} another label now.`);
    return taken(done, `${what} in use`);
  });

async function taken({ step, version }: Change, what: string): Promise<boolean> {
  took(step, what);
  await Promise.all([follow(version), refreshState()]);
  return true;
}
