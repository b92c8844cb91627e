import { computed } from "@preact/signals";
import { coloursOf } from "../sounds/families";
import { library, server } from "../state/library";
import { dark } from "../state/theme";

const names = computed(() =>
  library.value.families.length
    ? library.value.families
    : (server.value?.families ?? []).map(({ name }) => name),
);
const colours = computed(() => coloursOf(names.value, dark.value));

/** The colour of a family in the current theme. */
export function colourOf(name: string): string {
  return colours.value[names.value.indexOf(name)] ?? "#888888";
}

export function FamilyDot({ name }: { name: string }) {
  return <i class="dot" style={{ background: colourOf(name) }} aria-hidden="true" />;
}
