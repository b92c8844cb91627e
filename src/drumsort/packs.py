"""Path -> pack: the folder that says whose sounds these are, not of what kind, nor where they lie.

In ``Samples/Packs/Gold 808/WAV/Kicks/k.wav`` that is ``Gold 808``: ``Kicks`` is a category, and
``WAV``, ``Packs`` and ``Samples`` are shelves.
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

from drumsort.names import ABBREVIATIONS, HATS, NO_DRUM, WORDS

_KINDS = """
    acapella ambience analog arp atmosphere atmo bell bit chant construction cut drum drumkit
    drumloop drumshot effect ethnic fill foley full fx groove impact instrument key lead lick
    live loop melodic melody misc miscellaneous music noise pad pluck roll stab stem sub sweep
    synth texture top transition uplifter downlifter variation world hi high side stick
"""
_CATEGORIES = frozenset(
    word
    for table in (WORDS, NO_DRUM, HATS)
    for words in table.values()
    for word in words.split(", ")
    if " " not in word
) | frozenset(_KINDS.split())
_ABBREVIATIONS = frozenset(
    word for words in ABBREVIATIONS.values() for word in words.split(", ")
) | frozenset({"bk", "fl", "pc", "tb"})
_KEPT = """
    aif aiff all and archive audio backup bits bounce by card cd clean collection content copy
    data desktop dir disc disk document download drive dump dvd export external extracted
    factory favorite favourite file final flac folder for format free hard hdd hit home hz
    import in inbox incoming individual khz kit lib library loose mac main mixed mono mp multi
    my new of off ogg old one oneshot other our pack part personal place play pool preset
    private processed project purchase random rar raw render resample sample samplepack sampler
    shared shot single sorted sound source splice ssd stereo stuff temp the tmp to trash
    uncategorized unprocessed unsorted untitled unzipped usb used user various version vol
    volume wav wave with work zip accent acoustic big bright close dark deep digital dirty dist
    distorted dry electro electronic extra fat ghost high layered left light long loud low
    medium mid natural normal overhead phat punchy quiet rev reverb reversed right short
    slow small snappy soft tight tuned wet
"""
_SHELVES = frozenset(_KEPT.split())
_PLACES = frozenset(
    {"collection", "download", "inbox", "library", "pack", "pool", "sample", "samplepack", "sound"}
)
"""Words for a place where packs are kept: what is around it is no pack."""

_MACHINES = frozenset({"505", "606", "626", "707", "727", "808", "909"})
"""Numbers that say something. Others count, or are years, rates and tempos."""

_DEPTHS = {
    "home": 3, "users": 3, "volumes": 3, "mnt": 3, "media": 4, "run": 5, "root": 2, "srv": 2,
    "tmp": 2,
}  # fmt: skip
"""A folder at the top of a system to how many parts a path may have in it that is a disk or a home:
``/media/jo/STICK`` has four."""


class _Says(IntEnum):
    """How much the name of a folder says."""

    NOTHING = 0
    LITTLE = 1
    ENOUGH = 2


def pack_of(path: Path, root: Path) -> str:
    """The pack that ``path`` came in, or ``""`` where no folder is one.

    It is the nearest folder, up to ``root``, whose name says more than a category (``Kicks``,
    ``Deep Toms``), a shelf (``wav``, ``One Shots``, ``OLD STUFF``) or a disk. A name with a
    category in it (``GB_Kicks``) counts only where there is no other. If ``root`` is itself a
    category, or a shelf inside a pack, the folders around it count, too.
    """
    return _pack(path.parent, root)


@lru_cache(4096)
def _pack(folder: Path, root: Path) -> str:
    around = (folder, *folder.parents)
    inside = around[: around.index(root) + 1] if root in around else around[:1]
    found = _nearest(inside, _Says.ENOUGH) or _nearest(inside, _Says.LITTLE)
    if found or not root.name or not _PLACES.isdisjoint(_words(root.name)):
        return found
    return _nearest(root.parents, _Says.ENOUGH)


def _nearest(folders: Iterable[Path], least: _Says) -> str:
    """The name of the first folder that says at least so much, on the way to its disk."""
    for folder in folders:
        if _is_disk(folder):
            break
        if _says(folder.name) >= least:
            return folder.name
    return ""


def _is_disk(folder: Path) -> bool:
    """Whether this is a disk, or a person's home, by where it lies."""
    parts = folder.parts
    if not folder.anchor:
        return False
    return len(parts) < 2 or len(parts) <= _DEPTHS.get(parts[1].lower(), 0)


@lru_cache(4096)
def _says(name: str) -> _Says:
    words = _words(name)
    boomy = re.search(r"\b\d0\ds\b", name)  # 808s are a kind of bass
    numbers = [number for number in re.findall(r"\d+", name) if not _is_year(number)]
    known = _CATEGORIES | _SHELVES
    unknown = {word for word in words if len(word) > 1 and word not in known}
    if "pack" in words and (numbers or any(len(word) == 1 for word in words)):
        return _Says.ENOUGH
    if unknown <= _ABBREVIATIONS:
        numbered = not {"kit", "vol", "volume"}.isdisjoint(words) and numbers
        return _Says.LITTLE if numbered or not _MACHINES.isdisjoint(numbers) else _Says.NOTHING
    return _Says.ENOUGH if _CATEGORIES.isdisjoint(words) and not boomy else _Says.LITTLE


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20")


def _words(name: str) -> list[str]:
    """The words of a name, in lower case, without a plural's ``s``; also those in ``camelCase``."""
    broken = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+", name)
    return [_singular(word.lower()) for word in broken]


def _singular(word: str) -> str:
    known = word in _CATEGORIES or word in _SHELVES
    return word if known or len(word) < 3 else word.removesuffix("s")
