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

/** What the pack, the top folder that was scanned or one in it, does not say of a folder yet. */
export function deeper(folder: string, pack: string): string {
  const names = folder.split("/");
  const told = names.slice(0, 2).lastIndexOf(pack);
  return names.slice(told + 1).join("/");
}
