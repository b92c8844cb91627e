"""Which key of a MIDI keyboard plays which sound.

The first sounds of each label get the keys of the General MIDI percussion map (General MIDI 1 and
2, MIDI Association, 1991 and 1999); the others get the keys that remain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from drumsort.catalog import Entry
from drumsort.taxonomy import LABELS

GENERAL_MIDI: Mapping[str, Sequence[int]] = {
    "kick": (36, 35),
    "snare": (38, 40),
    "rim": (37,),
    "closed_hat": (42,),
    "open_hat": (46,),
    "pedal_hat": (44,),
    "tom": (41, 43, 45, 47, 48, 50),
    "crash": (49, 57, 55, 52),
    "ride": (51, 59, 53),
    "clap": (39,),
    "cowbell": (56,),
    "shaker": (82, 70, 69),
    "tambourine": (54,),
    "conga_bongo": (64, 63, 62, 61, 60),
    "percussion": (75, 76, 77, 58, 67, 68, 65, 66, 73, 74, 78, 79, 80, 81),
}
"""Label to its MIDI notes, in the order of use; toms from low to high."""

PADS: Sequence[tuple[int, tuple[str, ...]]] = (
    (36, ("kick",)),
    (38, ("snare",)),
    (39, ("clap", "snap")),
    (37, ("rim", "snap", "percussion")),
    (42, ("closed_hat", "shaker")),
    (44, ("pedal_hat", "closed_hat")),
    (46, ("open_hat", "ride")),
    (51, ("ride", "crash")),
    (41, ("tom", "conga_bongo")),
    (45, ("tom", "conga_bongo")),
    (48, ("tom", "conga_bongo")),
    (49, ("crash", "ride")),
    (56, ("cowbell", "percussion")),
    (54, ("tambourine", "shaker")),
    (70, ("shaker", "tambourine", "percussion")),
    (63, ("conga_bongo", "percussion")),
)
"""The note of each pad of a kit on the General MIDI percussion map, and the labels that fit, best
first: the first is what the pad plays as."""

CHOKED = frozenset(["closed_hat", "open_hat", "pedal_hat"])
"""Labels whose sounds cut each other off."""

LOWEST = 36
"""The first of the other keys to use."""


def label_of(entry: Entry) -> str:
    """The label of a sound: a person's correction, else the network's best guess."""
    return entry.correction or (entry.prediction.raw if entry.prediction else "other")


def on_keys(
    entries: Iterable[Entry], pads: Mapping[int, Entry] | None = None
) -> tuple[list[tuple[int, Entry]], list[Entry]]:
    """Give each sound a key.

    Args:
        entries: the sounds.
        pads: of a kit: pad, from 0, to the sound on it, which gets the note of the pad.

    Returns:
        MIDI notes (0 to 127) with their sounds, in the order of notes, and the sounds left without
        a key.
    """
    rank = {label: position for position, label in enumerate(LABELS)}
    ordered = sorted(
        entries, key=lambda e: (rank.get(label_of(e), len(rank)), e.pitch_hz or 0.0, e.path)
    )
    given = {PADS[pad][0]: entry for pad, entry in (pads or {}).items()}
    on_pads = {entry.path for entry in given.values()}
    rest: list[Entry] = []
    for entry in ordered:
        if entry.path in on_pads:
            continue
        keys = GENERAL_MIDI.get(label_of(entry), ())
        key = next((key for key in keys if key not in given), None)
        if key is None:
            rest.append(entry)
        else:
            given[key] = entry
    free = _free(given)
    left_out = []
    for entry in rest:
        key = next(free, None)
        if key is None:
            left_out.append(entry)
        else:
            given[key] = entry
    return sorted(given.items()), left_out


def _free(given: Mapping[int, Entry]) -> Iterator[int]:
    """Keys outside the map, then any others that are free."""
    homes = {key for keys in GENERAL_MIDI.values() for key in keys}
    every = [*range(LOWEST, 128), *reversed(range(LOWEST))]
    yield from (key for key in every if key not in homes)
    yield from (key for key in every if key in homes and key not in given)
