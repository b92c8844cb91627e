/** The columns of the list. */

import type { SortName } from "../sounds/sort";

export const COLUMNS: readonly { by: SortName; title: string }[] = [
  { by: "name", title: "Name" },
  { by: "label", title: "Label" },
  { by: "confidence", title: "Sure" },
  { by: "pitch", title: "Pitch" },
  { by: "duration", title: "Length" },
  { by: "brightness", title: "Bright" },
  { by: "pack", title: "Pack" },
  { by: "path", title: "Path" },
];

/** The part of a folder's path that its pack does not already name. */
export function deeper(folder: string, pack: string): string {
  const names = folder.split("/");
  const named = names.slice(0, 2).lastIndexOf(pack);
  return names.slice(named + 1).join("/");
}
