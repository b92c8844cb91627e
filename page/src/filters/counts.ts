/** How many sounds there are of each family, label and pack. */

import { computed } from "@preact/signals";
import { library } from "../state/library";

function counted(codes: ArrayLike<number>, names: readonly string[]): Map<string, number> {
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < codes.length; row++) counts[codes[row]]++;
  return new Map(names.map((name, code) => [name, counts[code]]));
}

export const familyCounts = computed(() =>
  counted(library.value.columns.family, library.value.families),
);
export const labelCounts = computed(() =>
  counted(library.value.columns.label, library.value.labels),
);
export const packCounts = computed(() => counted(library.value.columns.pack, library.value.packs));
