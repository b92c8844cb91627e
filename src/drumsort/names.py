"""Labels from names: what ``Pack/Hats/CHH_03.wav`` is called, by rules that anyone can read."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import PurePath

from drumsort.taxonomy import FAMILIES, FOLDERS, UNSURE

IN_PART: Mapping[str, str] = {"hihat": "hat", "cymbal": "cymbal"}
"""Labels that say the family only, and that family; ``percussion`` is a label of its own, too."""

FAMILY: Mapping[str, str] = {label: family for family in FAMILIES for label in FAMILIES[family]} | {
    **IN_PART
}
"""Every label that a rule may give, and its family."""

WORDS: Mapping[str, str] = {
    "kick": "kick, kick drum, kik, bass drum, kdrum",
    "snare": "snare, snare drum, snr, snar",
    "rim": "rim, rim shot, side stick, cross stick, xstick",
    "hihat": "hat, hi hat, high hat, half open hat",
    "closed_hat": "closed hat, hat closed, closed hi hat, hi hat closed, hh closed",
    "open_hat": "open hat, hat open, open hi hat, hi hat open, hh open",
    "pedal_hat": "pedal hat, hat pedal, hi hat pedal, foot hat",
    "tom": "tom, tom tom, hi tom, high tom, mid tom, low tom, lo tom, floor tom, roto tom",
    "cymbal": "cymbal, cymb, cym, crash ride",
    "crash": "crash, splash, china",
    "ride": "ride, ride bell",
    "clap": "clap, hand clap, clp",
    "snap": "snap, finger snap",
    "cowbell": "cow bell",
    "shaker": "shaker, shkr, shk, maraca, cabasa, cabassa, caxixi",
    "tambourine": "tambourine, tamborine, tamb",
    "conga_bongo": "conga, bongo, quinto, tumba",
    "percussion": "percussion, perc, prc, agogo, cajon, castanet, clave, cuica, darbuka, djembe, "
    "guiro, surdo, tabla, timbale, triangle, udu, vibraslap, block, wood block",
    "loop": "loop, drum loop, break, break beat, bpm, phrase",
}
"""Label to the words that name it. A space stands for any break between two words, or none."""

ABBREVIATIONS: Mapping[str, str] = {
    "kick": "bd, kd",
    "snare": "sd, sn",
    "rim": "rs, ss",
    "hihat": "hh",
    "closed_hat": "ch, chh, hhc",
    "open_hat": "oh, ohh, hho",
    "pedal_hat": "phh, hhp",
    "tom": "lt, mt, ht",
    "cymbal": "cy",
    "crash": "cr",
    "ride": "rd",
    "clap": "cp",
    "cowbell": "cb",
    "shaker": "ma",
    "conga_bongo": "lc, mc, hc",
}
"""The same for short forms, most of them from the panels of the Roland TR-808 and TR-909; they
count where no word says anything, for ``Crash OH`` is a crash as the overheads heard it."""

NO_DRUM: Mapping[str, str] = {
    "other": "bass, cello, choir, chord, flute, guitar, organ, piano, riser, sfx, strings, violin, "
    "vocal, voice, vox",
}
"""The same for what is no drum; these count last, for a ``bass kick`` is a kick."""

HATS: Mapping[str, str] = {
    "hihat": "half, semi",
    "closed_hat": "closed, close, clsd, cls, cl",
    "open_hat": "open, opn, op",
    "pedal_hat": "pedal, foot",
}
"""Words that say which hat it is, where another one, or a folder, says that it is a hat."""

TIERS = (WORDS, ABBREVIATIONS, NO_DRUM)


@dataclass(frozen=True)
class NameSays:
    """What names say of a sound.

    Attributes:
        label: one of ``FAMILY``, or ``""`` where they say nothing or contradict each other.
        reason: the words that decided, or why nothing is decided.
        ambiguous: whether they contradict each other.
    """

    label: str
    reason: str
    ambiguous: bool = False

    @property
    def family(self) -> str:
        """The label's family, or ``""``."""
        return FAMILY.get(self.label, "")


class NameRules:
    """Labels sounds by their names.

    The file's name decides; where it says nothing, the folder that it lies in, then the one around
    that. Words are compared whole, without case, digits and a plural's ``s``; a name breaks into
    words at all that is no letter, and inside ``camelCase``. A name of two families, as
    ``kick_snare``, is left blank, and so is a drum in a folder of loops. Folders in ``_unsure`` are
    only drumsort's own guesses, and say nothing.
    """

    def __init__(
        self, tiers: Sequence[Mapping[str, str]] = TIERS, hats: Mapping[str, str] = HATS
    ) -> None:
        self._tiers = [_Table(tier) for tier in tiers]
        self._hats = _Table(hats)
        self._found = lru_cache(_REMEMBERED)(self._find)
        self._said = lru_cache(_REMEMBERED)(self._say)

    def read(self, path: str | PurePath) -> NameSays:
        """What the names in ``path``, relative to the data folder, say of the sound."""
        return self._said(_DIGITS.sub("0", os.fspath(path)))  # those that differ in digits: once

    def group(self, path: PurePath) -> str:
        """The folders around a sound that name no drum; ``""`` where there are none.

        The lab keeps the sounds in them together. A pack (``packs.pack_of``) is one folder.
        """
        return "/".join(folder for folder in path.parts[:-1] if not self._found(folder))

    def _say(self, path: str) -> NameSays:
        """See ``read``."""
        stem, folders = PurePath(path).stem, PurePath(path).parts[:-1]
        if FOLDERS[UNSURE] in folders:
            folders = folders[: folders.index(FOLDERS[UNSURE])]
        folders = folders[::-1]
        found = next(filter(None, map(self._found, (stem, *folders))), {})
        if not found:
            return NameSays("", "no name says what it is")
        words = " and ".join(map(repr, found))
        label = _most_exact(set(found.values()))
        if not label:
            return NameSays("", f"{words} contradict each other", ambiguous=True)
        if label != "loop" and any("loop" in self._found(folder).values() for folder in folders):
            return NameSays("", f"{words} in a folder of loops", ambiguous=True)
        return NameSays(self._which_hat(stem, *folders) if label == "hihat" else label, words)

    def _find(self, name: str) -> Mapping[str, str]:
        """Word to label for all that ``name`` names, by the first table that knows any of it."""
        for table in self._tiers:
            for text in _readings(name):
                found = dict(table.found(text))
                if found:
                    return found
        return {}

    def _which_hat(self, *names: str) -> str:
        """The label that the innermost name with a word for it gives to a hat."""
        for name in names:
            labels = {label for text in _readings(name) for _, label in self._hats.found(text)}
            if labels:
                return labels.pop() if len(labels) == 1 else "hihat"
        return "hihat"


class _Table:
    """The words of some labels, in all ways to write them, and the label of each."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._labels: dict[str, str] = {}
        for label, listed in words.items():
            for word in listed.split(", "):
                for form in _forms(word):
                    self._labels[form] = label
        self._longest = max((form.count(" ") + 1 for form in self._labels), default=0)

    def found(self, text: str) -> Iterator[tuple[str, str]]:
        """Words of the table in ``text``, as they stand there, and the label of each."""
        parts, start = text.split(), 0
        while start < len(parts):
            end = min(start + self._longest, len(parts))
            while end > start and " ".join(parts[start:end]) not in self._labels:
                end -= 1
            if end > start:
                form = " ".join(parts[start:end])
                yield form, self._labels[form]
            start = max(end, start + 1)


def _forms(word: str) -> Iterator[str]:
    """A word of a table with and without each of its breaks, and in the plural."""
    first, *rest = word.split(" ")
    for breaks in product((" ", ""), repeat=len(rest)):
        form = first + "".join(map("".join, zip(breaks, rest, strict=True)))
        yield form
        if len(word) > 2:
            yield f"{form}s"


def _readings(name: str) -> tuple[str, str]:
    """The words of a name, once broken inside ``camelCase`` and once not; ``HHopen`` needs both."""
    broken = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", name)
    return " ".join(broken).lower(), " ".join(re.findall("[A-Za-z]+", name)).lower()


def _most_exact(labels: set[str]) -> str:
    """The label that says most; the family's where two do; ``""`` where families differ."""
    families = {FAMILY[label] for label in labels}
    if len(families) > 1:
        return ""
    whole = _WHOLE.get(families.pop(), "")
    exact = labels - {whole}
    return exact.pop() if len(exact) == 1 else whole


_DIGITS = re.compile(r"[0-9]+")
_REMEMBERED = 1 << 16  # names that are kept with what they say

_WHOLE = {"snare": "snare", "hat": "hihat", "cymbal": "cymbal", "percussion": "percussion"}
"""Family to the label that a more exact one beside it refines."""
