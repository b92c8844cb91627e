"""Find sounds by one that is not in the library: a file, a recording, or a beat of the mouth."""

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from drumsort.alike.aspects import ON_SCALES, Aspect, Weights
from drumsort.alike.similar import Neighbours, Sound
from drumsort.alike.voices import KINDS, VOICE, as_drum, kinds
from drumsort.audio.find import Source
from drumsort.audio.open import open_sound
from drumsort.catalog import Catalog, Entry
from drumsort.errors import AudioError
from drumsort.model.bundle import Bundle
from drumsort.slicing.cuts import hits, write
from drumsort.slicing.grid import Grid, grid
from drumsort.slicing.onsets import onsets
from drumsort.types import Result
from drumsort.workflows.classify import Classifier
from drumsort.workflows.given import as_file

MOST_SECONDS = 30.0
"""A longer sound is refused."""

MOST_HITS = 128
"""More hits of a beat are left out."""

_FRAMES = 1 << 16  # read at once
_SOFT_DB = 6.0  # below the loudest hit of its kind


@dataclass(frozen=True, slots=True)
class Match:
    """What a sound is, and what is like it.

    Attributes:
        result: what was heard in it.
        nearest: entries and similarities, as ``Neighbours.nearest`` gives them.
    """

    result: Result
    nearest: Sequence[tuple[Entry, float]]


@dataclass(frozen=True, slots=True)
class Struck:
    """One hit of a beat.

    Attributes:
        kind: one of ``alike.voices.KINDS``.
        start: in seconds.
        soft: whether it is much softer than the loudest of its kind.
    """

    kind: str
    start: float
    soft: bool


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat that somebody made with the mouth.

    Attributes:
        hits: in the order of time.
        sounds: for each kind that occurs, the drums that are nearest to its hits, the best first.
        grid: the tempo, and the step of each hit; ``None`` where they keep to none.
    """

    hits: Sequence[Struck]
    sounds: Mapping[str, Sequence[Entry]]
    grid: Grid | None


class ByEar:
    """Hears sounds that come from outside; writes nothing but temporary files, which go again.

    Args:
        bundle: the model, by the ear that the catalog was filled with.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    @cached_property
    def _classifier(self) -> Classifier:
        # The quick network alone makes embeddings; it is the same by either ear.
        return Classifier(
            self._bundle.folder, ear="quick", company=False, names="ignore", remember=False
        )

    def sound(
        self,
        catalog: Catalog,
        content: bytes,
        name: str,
        n: int = 20,
        by: Weights | None = None,
        *,
        recorded: bool = False,
    ) -> Match:
        """Find what is most like a sound.

        Args:
            catalog: where to search.
            content: the bytes of a sound file.
            name: stands for it in messages.
            n: how many to find at most.
            by: as for ``Neighbours.nearest``.
            recorded: whether it comes from a microphone: then its loudest hit counts.

        Raises:
            AudioError: it cannot be heard, or is longer than ``MOST_SECONDS``.
            CatalogError: the catalog cannot be read, or knows no sound of this model.
            DrumsortError: only pitch counts, and the sound has none.
        """
        neighbours = Neighbours(catalog, self._bundle.id)
        with _short_file(content, name) as path:
            if recorded:
                cut = max(self._cut(path), key=lambda one: one[2], default=None)
                if cut is None:
                    raise AudioError(f"No sound begins in {name}: come nearer to the microphone.")
                path = cut[0]
            result = self._classifier.classify(Source(path, path.parent), facts=True)
            sound = _sound(result, name)
        return Match(result, neighbours.nearest(sound, n, by=by))

    def beat(self, catalog: Catalog, content: bytes, name: str, n: int = 20) -> Beat:
        """Take a beat of the mouth apart, and find the drums that its hits stand for.

        The hit in the middle of its kind, by length and brightness, stands for all of them.

        Args:
            catalog: where to search.
            content: the bytes of a sound file.
            name: stands for it in messages.
            n: how many drums to find for each kind.

        Raises:
            AudioError: it cannot be read, is longer than ``MOST_SECONDS``, or has no hits.
            CatalogError: the catalog cannot be read, or knows no sound of this model.
        """
        neighbours = Neighbours(catalog, self._bundle.id)
        with _short_file(content, name) as path:
            cuts = list(self._cut(path))[:MOST_HITS]
            sources = [Source(cut, path.parent) for cut, _, _ in cuts]
            with closing(self._classifier.classify_all(sources, 1, facts=True)) as results:
                heard = [
                    (start, level, result)
                    for (_, start, level), result in zip(cuts, results, strict=True)
                    if result.prediction and result.facts
                ]
        if not heard:
            raise AudioError(f"No hit was heard in {name}: come nearer to the microphone.")
        labels = self._bundle.labels
        facts = [result.facts.analysis for _, _, result in heard if result.facts]
        scores = np.array([
            [result.prediction.scores[label] for label in labels]
            for _, _, result in heard
            if result.prediction
        ])  # fmt: skip
        meant = kinds(
            labels, scores, [f.brightness_hz for f in facts], [f.decay_s or 0.0 for f in facts]
        )
        loudest: dict[str, float] = defaultdict(float)
        sounds = defaultdict(list)
        for kind, (_, level, result) in zip(meant, heard, strict=True):
            loudest[kind] = max(loudest[kind], level)
            sounds[kind].append(_sound(result, name))
        struck = [
            Struck(kind, start, level < loudest[kind] * 10 ** (-_SOFT_DB / 20))
            for kind, (start, level, _) in zip(meant, heard, strict=True)
        ]
        found = {kind: self._drums(neighbours, kind, some, n) for kind, some in sounds.items()}
        return Beat(struck, found, grid([hit.start for hit in struck]))

    def _drums(
        self, neighbours: Neighbours, kind: str, mouths: Sequence[Sound], n: int
    ) -> list[Entry]:
        family = KINDS[kind]
        telling = [ON_SCALES.index(one) for one in (Aspect.LENGTH, Aspect.BRIGHTNESS)]
        off = np.stack([sound.measures[telling] for sound in mouths])
        off -= np.median(off, axis=0)
        middle = mouths[int(np.square(off).sum(axis=1).argmin())]
        measures = as_drum(middle.measures, kind, neighbours.measures_of(family))
        found = neighbours.nearest(middle._replace(measures=measures), n, family, by=VOICE)
        return [entry for entry, _ in found]

    def _cut(self, path: Path) -> Iterator[tuple[Path, float, float]]:
        """The hits of a sound as files to be heard, when each begins, and its highest sample."""
        found = onsets(path)
        for hit in hits(path, found):
            target = path.with_name(f"{hit.number}.wav")
            write(hit.alone[:, None], target, found.rate, "FLOAT")
            yield target, hit.start / found.rate, float(np.abs(hit.alone).max(initial=0.0))


@contextmanager
def _short_file(content: bytes, name: str) -> Iterator[Path]:
    """A temporary file with these bytes; what is wrong with it is said of ``name``.

    Raises:
        AudioError: it cannot be read as sound, or is longer than ``MOST_SECONDS``.
    """
    with as_file(io.BytesIO(content)) as path:
        try:
            _refuse_long(path, name)
            yield path
        except AudioError as error:
            raise AudioError(str(error).replace(str(path), name)) from error


def _refuse_long(path: Path, name: str) -> None:
    with open_sound(path) as sound:
        most = round(MOST_SECONDS * sound.rate)
        if (sound.claimed or 0) <= most:
            while len(sound.read(_FRAMES)) and sound.position <= most:
                pass
        if max(sound.position, sound.claimed or 0) > most:
            raise AudioError(
                f"{name} is longer than {MOST_SECONDS:.0f} seconds: give one sound, or a few hits."
            )


def _sound(result: Result, name: str) -> Sound:
    said = result.prediction
    if said is None or said.embedding is None or result.facts is None:
        sentence = (result.error or f"{name} cannot be heard.").replace(str(result.path), name)
        raise AudioError(sentence)
    return Sound.of(result.facts, said.embedding)
