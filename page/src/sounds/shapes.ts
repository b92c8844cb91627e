/** A shape for each family, as a second sign beside its colour. */

const SHAPES: Record<string, number> = {
  kick: 0,
  snare: 1,
  hat: 2,
  tom: 3,
  cymbal: 4,
  clap: 5,
  percussion: 9,
  other: 6,
  unsure: 7,
};
const OWN = [8, 10, 11, 12];

/** The number of each family's shape, by its index; the user's own classes take turns. */
export function shapesOf(families: readonly string[]): number[] {
  let own = 0;
  return families.map((name) => SHAPES[name] ?? OWN[own++ % OWN.length]);
}
