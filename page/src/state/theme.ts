/** Dark or light: follows the system until somebody chooses. */

import { computed, effect, signal } from "@preact/signals";

export type Theme = "auto" | "dark" | "light";

const KEY = "drumsort-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", () => (systemDark.value = system.matches));

const kept = localStorage.getItem(KEY);
export const theme = signal<Theme>(kept === "dark" || kept === "light" ? kept : "auto");
export const dark = computed(() =>
  theme.value === "auto" ? systemDark.value : theme.value === "dark",
);

effect(() => {
  document.documentElement.dataset.theme = dark.value ? "dark" : "light";
  localStorage.setItem(KEY, theme.value);
});

export function nextTheme(): void {
  const order: Theme[] = ["auto", "dark", "light"];
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length];
}
