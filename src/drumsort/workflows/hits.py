"""Loops and recordings -> their hits, each cut to a file of drumsort's own and heard."""

import math
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from pathlib import Path

from drumsort.audio.find import Source
from drumsort.audio.formats import unchanged_coding
from drumsort.errors import AudioError, DrumsortError
from drumsort.slicing.cuts import TAIL, dtype_of, hits, write
from drumsort.slicing.onsets import MIN_GAP, Onsets, onsets
from drumsort.types import Result
from drumsort.workflows.classify import Classifier
from drumsort.workflows.progress import Progress, Step


@dataclass(frozen=True, slots=True)
class How:
    """How sounds are cut.

    Attributes:
        min_gap: how far apart two hits are at least, in seconds.
        tail: how long a hit may ring at most, in seconds.
        cuts: where hits begin, in seconds, in the place of where they are found; for one sound.
        keep: the numbers of the hits to cut, or ``None`` for all.
    """

    min_gap: float = MIN_GAP
    tail: float = TAIL
    cuts: Sequence[float] | None = None
    keep: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A hit that was cut.

    Attributes:
        source: the sound that it was cut from.
        path: the file that it was cut to.
        number: of the hit, as in ``slicing.cuts.Hit``.
        start: where it begins, in seconds.
        length: in seconds.
    """

    source: Source
    path: Path
    number: int
    start: float
    length: float

    @property
    def to_hear(self) -> Path:
        """The file that the ear gets in its place."""
        return self.path.with_name(f"heard-{self.path.name}")


@dataclass(slots=True)
class Made:
    """What was cut from some sounds.

    Attributes:
        sounds: each sound, and what was found in it.
        cuts: in the order of the sounds.
        last: sound to the number of its last hit, cut or not.
        failures: path to one sentence for each sound that could not be cut, or heard.
    """

    sounds: dict[Path, Onsets] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)
    last: dict[Path, int] = field(default_factory=dict)
    failures: dict[Path, str] = field(default_factory=dict)


HeardCut = tuple[Cut, Result]
"""A hit, and what was heard in it."""


def cut_all(sources: Sequence[Source], folder: Path, how: How, progress: Progress) -> Made:
    """Find and cut the hits of all sounds.

    Args:
        sources: the sounds.
        folder: to cut into.
        how: to cut.
        progress: receives the step ``CUT``.

    Raises:
        DrumsortError: the cuts that are given do not fit the sound, or there are several sounds.
        OSError: ``folder`` cannot be written.
    """
    if how.cuts is not None and len(sources) != 1:
        raise DrumsortError(f"Cuts are those of one sound, not of {len(sources)}: name one file.")
    made, names = Made(), (folder / f"{number:06}.wav" for number in count(1))
    progress.at(Step.CUT, 0, len(sources))
    for done, source in enumerate(sources, start=1):
        try:
            found = onsets(source.path, how.min_gap)
            cuts = None if how.cuts is None else in_frames(how.cuts, source.path, found)
            _cut_one(made, source, found, names, how.tail, cuts, how.keep)
        except AudioError as error:
            made.failures[source.path] = str(error)
        progress.at(Step.CUT, done, len(sources))
    return made


def cut_some(sound: Path, found: Onsets, cuts: Sequence[int], keep: range, folder: Path) -> Made:
    """Cut some hits of a sound at given places.

    Args:
        sound: the file.
        found: its onsets.
        cuts: where hits begin, in frames.
        keep: the numbers of those to cut.
        folder: to cut into.

    Raises:
        AudioError: the sound cannot be read.
        DrumsortError: the cuts do not fit the sound.
        OSError: ``folder`` cannot be written.
    """
    made, names = Made(), (folder / f"{number:06}.wav" for number in count(1))
    # No hit depends on more than the cut before it and the one after it.
    first, last = max(1, keep.start - 1), min(len(cuts), keep.stop)
    part = _checked(cuts, sound, found)[first - 1 : last]
    here = range(keep.start - first + 1, keep.stop - first + 1)
    _cut_one(made, Source(sound, sound.parent), found, names, TAIL, part, here)
    made.cuts = [replace(cut, number=cut.number + first - 1) for cut in made.cuts]
    made.last[sound] = len(cuts)
    return made


def hear(made: Made, classifier: Classifier, facts: bool = False) -> list[HeardCut]:
    """What was heard in each hit; one that holds nothing to hear is none.

    The path of a result is the slice as if it lay beside its sound.

    Args:
        made: what was cut; what cannot be heard is added to its failures.
        classifier: that hears.
        facts: whether to measure the hits, too.
    """
    sources = [Source(cut.to_hear, cut.path.parent) for cut in made.cuts]
    found = []
    with closing(classifier.classify_all(sources, facts=facts, total=len(sources))) as results:
        for cut, result in zip(made.cuts, results, strict=True):
            sound = cut.source.path
            if result.prediction is None:
                if not result.damage:
                    made.failures[sound] = str(result.error).replace(str(result.path), str(sound))
                continue
            number = str(cut.number).zfill(max(2, len(str(made.last[sound]))))
            name = f"{sound.stem}_{number}_{result.prediction.label}.wav"
            status = cut.path.stat()
            named = replace(
                result,
                path=sound.with_name(name),
                root=cut.source.root,
                size=status.st_size,
                mtime_ns=status.st_mtime_ns,
            )
            found.append((cut, named))
    return found


def in_frames(cuts: Sequence[float], sound: Path, found: Onsets) -> list[int]:
    """Cuts in seconds as frames of a sound.

    Raises:
        DrumsortError: they are not rising, or not all within the sound.
    """
    if not all(map(math.isfinite, cuts)):
        raise DrumsortError("A cut is a time in seconds.")
    return _checked([round(at * found.rate) for at in cuts], sound, found)


def _checked(cuts: Sequence[int], sound: Path, found: Onsets) -> list[int]:
    for one, following in pairwise(cuts):
        if one >= following:
            at, then = one / found.rate, following / found.rate
            raise DrumsortError(
                f"A cut at {then:.3f} s comes after one at {at:.3f} s: name them as they follow."
            )
    if cuts and not 0 <= cuts[0] <= cuts[-1] < found.length:
        at = (cuts[0] if cuts[0] < 0 else cuts[-1]) / found.rate
        seconds = found.length / found.rate
        raise DrumsortError(
            f"There is no cut at {at:.3f} s in {sound}: it is {seconds:.3f} s long."
        )
    return list(cuts)


def _cut_one(
    made: Made,
    source: Source,
    found: Onsets,
    names: Iterator[Path],
    tail: float,
    cuts: Sequence[int] | None,
    keep: Collection[int] | None,
) -> None:
    """Cut one sound; what was cut counts only once all of it is.

    Raises:
        AudioError: the sound cannot be read.
        OSError: a file cannot be written.
    """
    sound, coding, done, last = source.path, unchanged_coding(found.format), [], 0
    for hit in hits(sound, found, dtype_of(coding), tail, cuts):
        last = hit.number
        if keep is not None and last not in keep:
            continue
        start, length = hit.start / found.rate, len(hit.frames) / found.rate
        cut = Cut(source, next(names), last, start, length)
        write(hit.frames, cut.path, found.rate, coding)
        write(hit.alone[:, None], cut.to_hear, found.rate, "FLOAT")
        done.append(cut)
    made.sounds[sound], made.last[sound] = found, last
    made.cuts += done
