/** Dark or light: follows the system until somebody chooses. */

import { computed, effect, signal } from "@preact/signals";
import { settings } from "./settings";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", () => (systemDark.value = system.matches));

export const theme = settings.theme;
export const dark = computed(() =>
  theme.value === "auto" ? systemDark.value : theme.value === "dark",
);

effect(() => {
  document.documentElement.dataset.theme = dark.value ? "dark" : "light";
});

export function nextTheme(): void {
  const order = ["auto", "dark", "light"] as const;
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length];
}
