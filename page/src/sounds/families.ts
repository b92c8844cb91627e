/** How families look and what labels are called. */

/**
 * Told apart by people of any colour vision: found by a search from Okabe and Ito's palette, for a
 * distance (CIEDE2000) of at least 10 between any two in each theme, as people with protanopia,
 * deuteranopia or tritanopia see them, and a contrast of 3:1 to the ground; unsure sounds stay back.
 */
const COLOURS: Record<string, [dark: string, light: string]> = {
  kick: ["#f1723d", "#de5908"],
  snare: ["#f7b60c", "#7c5218"],
  hat: ["#49c3ff", "#227fbd"],
  tom: ["#79b889", "#4a7451"],
  cymbal: ["#faf27a", "#8d8751"],
  clap: ["#cd8ec7", "#b33e75"],
  percussion: ["#6a83fa", "#3c43bb"],
  other: ["#9b9da1", "#7b8194"],
  unsure: ["#656d7c", "#9ca2ad"],
};
const OWN: [string, string][] = [
  ["#988067", "#553615"],
  ["#b2e8ec", "#2b3634"],
  ["#c25bbb", "#0f03a6"],
  ["#c7dfa2", "#4e564f"],
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
