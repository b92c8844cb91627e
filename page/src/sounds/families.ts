/** How families look and what labels are called. */

/** Okabe and Ito's palette, safe for colour-blind people, with its lightness set for each theme. */
const COLOURS: Record<string, [dark: string, light: string]> = {
  kick: ["#f0703a", "#c84a0b"],
  snare: ["#f5b93d", "#a86a00"],
  hat: ["#62bdf2", "#1f7fbd"],
  tom: ["#35bd8b", "#00795a"],
  cymbal: ["#efe66b", "#7d7400"],
  clap: ["#e48fc0", "#b3427f"],
  percussion: ["#7d8cf8", "#3b46c4"],
  other: ["#99a0ad", "#6b7280"],
  unsure: ["#5e6675", "#9aa1ad"],
};
const OWN: [string, string][] = [
  ["#c9a27e", "#7a5230"],
  ["#9fe0e6", "#1b7e87"],
  ["#c78bf2", "#7e36b8"],
  ["#b5d96a", "#52751a"],
];

/** The colour of each family, by its index; the user's own classes take turns. */
export function coloursOf(families: readonly string[], dark: boolean): string[] {
  let own = 0;
  return families.map((name) => (COLOURS[name] ?? OWN[own++ % OWN.length])[dark ? 0 : 1]);
}

/** A label such as `closed_hat` as people write it; the user's own classes stay as typed. */
export function spoken(label: string): string {
  const KNOWN: Record<string, string> = { conga_bongo: "conga/bongo", other: "other sound" };
  return KNOWN[label] ?? label.replaceAll("_", " ");
}

/** The name of a family as people write it. */
export function spokenFamily(name: string): string {
  return name === "other" ? "not a drum" : spoken(name);
}

/** 0 to 255 for each part of a colour such as `#f0703a`. */
export function parts(colour: string): [number, number, number] {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
