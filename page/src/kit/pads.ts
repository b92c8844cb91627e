/** What the 16 pads stand for: notes of the General MIDI percussion map, from the lower left. */

export interface PadRole {
  readonly note: number;
  readonly name: string;
  /** The key that plays it, while the kit has the focus. */
  readonly key: string;
}

const role = (note: number, name: string, key: string): PadRole => ({ note, name, key });

/** In the order of the server's `make_kit.PADS`. */
export const ROLES: readonly PadRole[] = [
  role(36, "Kick", "z"),
  role(38, "Snare", "x"),
  role(39, "Clap", "c"),
  role(37, "Rim", "v"),
  role(42, "Closed hat", "a"),
  role(44, "Pedal hat", "s"),
  role(46, "Open hat", "d"),
  role(51, "Ride", "f"),
  role(41, "Low tom", "q"),
  role(45, "Mid tom", "w"),
  role(48, "High tom", "e"),
  role(49, "Crash", "r"),
  role(56, "Cowbell", "1"),
  role(54, "Tambourine", "2"),
  role(70, "Shaker", "3"),
  role(63, "Conga", "4"),
];

export const PADS = ROLES.length;

/** The pads of a row from the top, as on a hardware sampler: the lowest notes are below. */
export const ROWS: readonly (readonly number[])[] = [3, 2, 1, 0].map((row) =>
  [0, 1, 2, 3].map((column) => 4 * row + column),
);

/** Pads that cut each other off: the hats. */
const CHOKE: readonly number[] = [4, 5, 6];

/** Which pads a pad cuts off, itself not counted. */
export function chokedBy(pad: number): readonly number[] {
  return CHOKE.includes(pad) ? CHOKE.filter((other) => other !== pad) : [];
}

export function padOfKey(key: string): number | undefined {
  const pad = ROLES.findIndex((role) => role.key === key.toLowerCase());
  return pad < 0 ? undefined : pad;
}

/** Notes of the General MIDI percussion map that have no pad: the pad of the same kind. */
const NEIGHBOURS: Readonly<Record<number, number>> = {
  35: 36,
  40: 38,
  43: 41,
  47: 45,
  50: 48,
  52: 49,
  53: 51,
  55: 49,
  57: 49,
  59: 51,
  62: 63,
  64: 63,
  69: 70,
  82: 70,
};

/** The pad that a MIDI note plays. */
export function padOfNote(note: number): number | undefined {
  const pad = ROLES.findIndex((role) => role.note === (NEIGHBOURS[note] ?? note));
  return pad < 0 ? undefined : pad;
}
