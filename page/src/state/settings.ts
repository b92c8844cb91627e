/** What is kept from one visit to the next, on the server: how the page looks, plays and listens. */

import { effect, signal, type Signal } from "@preact/signals";
import { api } from "../api/client";

export type AutoPlay = "hover" | "click" | "off";

/** Each setting, with what it is until somebody changes it. */
export const settings = {
  theme: signal<"auto" | "dark" | "light">("auto"),
  /** The view and the filters, as in the address. */
  view: signal(""),
  /** Whether single letters and digits are keys. */
  letters: signal(true),
  /** Whether the next sound plays after one in the list was labelled. */
  next: signal(true),
  /** Whether each family has a shape, beside its colour. */
  shapes: signal(false),
  autoplay: signal<AutoPlay>("hover"),
  /** 0 to 1. */
  volume: signal(0.8),
  /** Whether all sounds play equally loud. */
  matched: signal(true),
  mono: signal(false),
  /** Seconds of a sound that are played; 0 for all. */
  length: signal(0),
  /** Semitones by which sounds are heard higher, and seconds of their beginning that are left out. */
  pitch: signal(0),
  start: signal(0),
  /** Seconds in which a sound fades out where it is cut short. */
  fade: signal(0.03),
  /** The output that sounds go to, as the browser names it; empty for the system's own. */
  output: signal(""),
  /** What similar sounds are compared by, as `detail/aspects.ts` writes it; empty for the whole. */
  aspects: signal(""),
  /** Whether pads are played by MIDI. */
  midi: signal(false),
  /** Of the loop as WAV: Hz, bits, and `Tail` of `kit/render.ts`. */
  loopRate: signal(44100),
  loopBits: signal(24),
  loopTail: signal("fold"),
  /** The ids of the sounds that were opened last, the latest first. */
  recent: signal<readonly number[]>([]),
  /** The kit and its beat, as `kit/state.ts` writes them. */
  kit: signal<unknown>(null),
} satisfies Record<string, Signal<unknown>>;

type Name = keyof typeof settings;
const names = Object.keys(settings) as Name[];
const REST_MS = 400;

/** Take what was kept; whatever makes no sense is left out. */
export function take(text: string): void {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text || "{}");
  } catch {
    return; // damaged: the defaults stay
  }
  if (!kept || typeof kept !== "object") return;
  for (const name of names) {
    const value = (kept as Record<string, unknown>)[name];
    const setting = settings[name] as Signal<unknown>;
    if (Array.isArray(setting.value) !== Array.isArray(value) && name !== "kit") continue;
    if (value !== undefined && (name === "kit" || typeof value === typeof setting.value))
      setting.value = value;
  }
}

/** Some settings, or all of them. */
export function written(some: readonly Name[] = names): string {
  return JSON.stringify(Object.fromEntries(some.map((name) => [name, settings[name].value])));
}

/** Fetch what was kept, then keep every change; what changed on another page stays. */
export async function followSettings(): Promise<void> {
  await api.settings().then(
    ({ settings: text }) => take(text),
    () => undefined, // the defaults do
  );
  const each = () => new Map(names.map((name) => [name, written([name])]));
  const before = each();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    timer = undefined;
    const now = each();
    const changed = names.filter((name) => now.get(name) !== before.get(name));
    if (!changed.length) return;
    for (const name of changed) before.set(name, now.get(name)!);
    api.keepSettings(written(changed)).catch(() => {
      for (const name of changed) before.delete(name); // the next change tries again
    });
  };
  effect(() => {
    written();
    timer ??= setTimeout(keep, REST_MS);
  });
  window.addEventListener("pagehide", () => {
    if (timer !== undefined) keep();
  });
}
