/** What the model is taught, as steps; each gives false where it is refused. */

import { api } from "../api/client";
import { count } from "../sounds/words";
import { follow, refreshState } from "../state/library";
import { attempt, tell } from "../state/notices";
import { took } from "../state/steps";
import { inTurn } from "../state/turns";

/** Make a class of some sounds, or add them to one. */
export const teachClass = (name: string, ids: number[]): Promise<boolean> =>
  inTurn(`Teaching ${name}`, async () => {
    const done = await attempt(() => api.teachClass(name, ids));
    if (!done) return false;
    const what = `${count(done.changed, "sound")} added as examples of ${name}`;
    took(done.step, what);
    tell("done", `${what}.`, { undo: done.step !== null });
    return shown(done.version);
  });

export const forgetClass = (name: string): Promise<boolean> =>
  inTurn(`Removing ${name}`, async () => {
    const done = await attempt(() => api.forgetClass(name));
    if (!done) return false;
    took(done.step, `${name} removed`);
    tell("done", `${name} is no longer a class.`, { undo: done.step !== null });
    return shown(done.version);
  });

/** Use a lesson, or none. */
export const useLesson = (number: number | null): Promise<boolean> =>
  inTurn("Listening with what was learned", async () => {
    const done = await attempt(() => api.useLesson(number));
    if (!done) return false;
    const what = number === null ? "No lesson" : `Lesson ${number}`;
    const changed = `${count(done.changed, "sound")} ${done.changed === 1 ? "has" : "have"}`;
    took(done.step, `${what} in use`);
    tell("done", `${what} is in use: ${changed} another label now.`);
    return shown(done.version);
  });

async function shown(version: number): Promise<boolean> {
  await Promise.all([follow(version), refreshState()]);
  return true;
}
