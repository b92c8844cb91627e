"""What a query may ask for: one table, from the fields of the catalog and what it decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from drumsort.catalog.fields import ASKED as AS_THEY_ARE


class Kind(Enum):
    """How values of a field are written and compared; the value is what a query may say."""

    TEXT = "a part of it, in any case"
    NAME = "the whole name"
    YES = "yes or no"
    SECONDS = "s, ms, min"
    HERTZ = "Hz, kHz"
    NOTE = "Hz, kHz, or a note: C2"
    DECIBEL = "dB"
    BYTES = "bytes, kB, MB, GB"
    SHARE = "0 to 1, or %"
    COUNT = "a number"
    DAY = "a date, today, or 7d for the last seven days"

    @property
    def is_text(self) -> bool:
        """Whether values are text, not numbers."""
        return self in (Kind.TEXT, Kind.NAME)


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that a query may ask for.

    Attributes:
        kind: how its values are written.
        about: what it is, to people.
        example: a term that asks for it.
        source: the catalog's name of it; ``""`` if it is none of its fields.
    """

    kind: Kind
    about: str
    example: str
    source: str = ""


_KINDS = {
    "seconds": Kind.SECONDS,
    "Hz": Kind.HERTZ,
    "dB": Kind.DECIBEL,
    "bytes": Kind.BYTES,
    "": Kind.COUNT,
    "Unix time": Kind.DAY,
}

_EXAMPLES = {
    "length": "length:..300ms",
    "rate": "rate:44.1kHz",
    "channels": "channels:2",
    "loudness": "loudness:-12..",
    "brightness": "brightness:8kHz..",
    "pitch": "pitch:C1..C2",
    "peak": "peak:-1dB..",
    "attack": "attack:..5ms",
    "decay": "decay:1s..",
    "pack": 'pack:"dusty tape"',
    "size": "size:5MB..",
    "format": "format:flac",
    "remark": "remark:cut",
    "added": "added:2026-11..",
    "collection": "collection:favourites",
    "keyword": "keyword:dusty",
}


def _plain() -> dict[str, Asked]:
    """What the catalog's own fields say."""
    found = {}
    for field in AS_THEY_ARE:
        text = field.sql.startswith(("TEXT", "BLOB"))
        kind = Kind.TEXT if text else _KINDS[field.unit]
        if field.asked == "pitch":
            kind = Kind.NOTE
        found[field.asked] = Asked(kind, field.about, _EXAMPLES[field.asked], field.name)
    return found


_PLAIN = _plain()

HIDDEN = "hidden"
"""The field that says whether a person hid a sound: a query that does not ask for it finds none
that is hidden."""

ASKED: Mapping[str, Asked] = MappingProxyType(
    {
        "path": Asked(Kind.TEXT, "folder and name of the file", "path:drums/old"),
        "name": Asked(Kind.TEXT, "the file's own name", "name:808"),
        "folder": Asked(Kind.TEXT, "the folder that it lies in", "folder:vinyl"),
        "pack": _PLAIN["pack"],
        "collection": _PLAIN["collection"],
        "keyword": _PLAIN["keyword"],
        "label": Asked(Kind.NAME, "what it is, by you or by ear", "label:closed_hat"),
        "family": Asked(Kind.NAME, "the family of that label", "family:hat"),
        "guess": Asked(Kind.NAME, "the best family, even where unsure", "guess:snare"),
        "confidence": Asked(Kind.SHARE, "how sure the family is", "confidence:..0.6"),
        "corrected": Asked(Kind.YES, "whether you said what it is", "corrected:yes"),
        HIDDEN: Asked(Kind.YES, "whether you hid it; else it is left out", "hidden:yes"),
        **_PLAIN,
    }
)
"""Each word for a field, and the field; in the order in which they are shown."""

BRANCH = "branch"
"""The folders that a sound lies in, from the library's own on: ``Samples/Vinyl/One Shots``."""

WORDS = ("name", "pack", BRANCH, "collection", "keyword", "label", "family")
"""Where a word without a field is looked for."""

QUARTERS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "short": ("length", False),
        "long": ("length", True),
        "dark": ("brightness", False),
        "bright": ("brightness", True),
        "deep": ("pitch", False),
        "quiet": ("loudness", False),
        "loud": ("loudness", True),
    }
)
"""A plain word, the field that it is about, and whether it means the highest quarter of the library
or the lowest. Sounds whose value is unknown do not count."""
