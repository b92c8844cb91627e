import { computed } from "@preact/signals";
import { coloursOf } from "../sounds/families";
import { shapesOf } from "../sounds/shapes";
import { library, server } from "../state/library";
import { settings } from "../state/settings";
import { dark } from "../state/theme";

const names = computed(() =>
  library.value.families.length
    ? library.value.families
    : (server.value?.families ?? []).map(({ name }) => name),
);
const shapes = computed(() => shapesOf(names.value));
const colours = computed(() => coloursOf(names.value, dark.value));

/** The colour of a family in the current theme. */
export function colourOf(name: string): string {
  return colours.value[names.value.indexOf(name)] ?? "#888888";
}

export function FamilyDot({ name }: { name: string }) {
  const shape = settings.shapes.value ? ` shape-${shapes.value[names.value.indexOf(name)]}` : "";
  return <i class={`dot${shape}`} style={{ background: colourOf(name) }} aria-hidden="true" />;
}
