/** The window of drumsort's own around the page, which does what a browser may not. */

import { signal } from "@preact/signals";

interface Said<Of extends unknown[]> {
  connect(listener: (...said: Of) => void): void;
  disconnect(listener: (...said: Of) => void): void;
}

/** What `src/drumsort/window/desk.py` offers. */
export interface Desk {
  /** Drag the files of these sounds, from here to wherever the button is let go of. */
  drag(ids: readonly number[]): void;
  dragEnded: Said<[]>;
  /** Let a person choose a folder, beginning in one. */
  chooseFolder(start: string): void;
  /** The folder that was chosen, or "". */
  folderChosen: Said<[path: string]>;
}

const READY = "drumsort-window";
const made = () => (window as { drumsortWindow?: Desk }).drumsortWindow ?? null;

/** The window; null in a browser. */
export const desk = signal<Desk | null>(made());
addEventListener(READY, () => (desk.value = made()), { once: true });

/** The system's own chooser of folders; "" if none was chosen. */
export function folderFrom({ chooseFolder, folderChosen }: Desk, start: string): Promise<string> {
  return new Promise((chosen) => {
    const take = (path: string) => {
      folderChosen.disconnect(take);
      chosen(path);
    };
    folderChosen.connect(take);
    chooseFolder(start);
  });
}
