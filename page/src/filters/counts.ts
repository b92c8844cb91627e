/** How many sounds there are of each family, label and pack among those that pass other filters. */

import { computed } from "@preact/signals";
import { library } from "../state/library";
import { found } from "../state/view";

const named = (names: readonly string[], counts: Uint32Array) =>
  new Map(names.map((name, code) => [name, counts[code]]));

export const familyCounts = computed(() => named(library.value.families, found.value.families));
export const labelCounts = computed(() => named(library.value.labels, found.value.labels));
export const packCounts = computed(() => named(library.value.packs, found.value.packs));
