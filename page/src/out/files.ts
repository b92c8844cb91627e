/** Files of sounds: where they lie, and shown there. */

import { api } from "../api/client";
import { count } from "../sounds/words";
import { attempt, tell } from "../state/notices";

/** Copy the paths of sounds, one a line. */
export async function copyPaths(ids: readonly number[]): Promise<void> {
  const found = await attempt(() => api.paths(ids));
  if (!found?.paths.length) return;
  await attempt(async () => {
    try {
      await navigator.clipboard.writeText(found.paths.join("\n"));
    } catch {
      throw new Error("The browser does not allow copying: allow it to use the clipboard.");
    }
    const { length } = found.paths;
    tell("done", length === 1 ? "The path is copied." : `${count(length, "path")} copied.`);
  });
}

/** Show sounds in the system's file manager. */
export async function showFiles(ids: readonly number[]): Promise<void> {
  await attempt(() => api.show(ids));
}
