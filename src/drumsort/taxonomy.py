"""Families and labels, and how one maps to the other.

A *family* is what a musician looks for first (``hat``); a *label* says exactly which one
(``closed_hat``). Every label belongs to one family, so a family's score is the sum of its labels'
scores.
"""

from collections.abc import Mapping, Sequence

FAMILIES: Mapping[str, Sequence[str]] = {
    "kick": ("kick",),
    "snare": ("snare", "rim"),
    "hat": ("closed_hat", "open_hat", "pedal_hat"),
    "tom": ("tom",),
    "cymbal": ("crash", "ride"),
    "clap": ("clap", "snap"),
    "percussion": ("cowbell", "shaker", "tambourine", "conga_bongo", "percussion"),
    "other": ("other", "loop"),
}
"""Family to its labels, in the order in which they are shown everywhere."""

LABELS: tuple[str, ...] = tuple(label for labels in FAMILIES.values() for label in labels)

PITCHED = frozenset(["kick", "tom", "conga_bongo", "cowbell", "percussion"])
"""Labels of tuned drums, whose pitch says something about them."""

NOT_A_DRUM = "other"
"""The family of every sound that is not a drum one-shot."""

UNSURE = "unsure"
"""Stands in for a family and a label when the scores do not decide."""

LOOP = "loop"
"""The label of what is not a one-shot, in the family of what is no drum."""

FOLDERS: Mapping[str, str] = {UNSURE: "_unsure", NOT_A_DRUM: "_not-a-drum", LOOP: "_loops"}
"""Folder names that differ from the name of the family or label."""

DAMAGED_FOLDER = "_damaged"
"""The folder for files that are damaged, whatever they sound like."""


def family_of(label: str) -> str:
    """The family of ``label``; a user's own class is its own family."""
    return _FAMILY_OF.get(label, label)


_FAMILY_OF = {label: family for family, labels in FAMILIES.items() for label in labels}
