"""The same recording in another form: candidates by embedding, confirmed by aligned waveforms."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from drumsort.audio.decode import decode
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.known_models import models
from drumsort.errors import AudioError
from drumsort.types import Clip, Samples

LIKE = 0.97
"""Cosine similarity of two embeddings from which on the sounds are listened to.

Of 1,482 pairs of 9,221 real sounds that another fingerprint finds, 96 % are as alike.
"""

SAME = 0.97
"""Correlation of two aligned waveforms from which on they may be one recording."""

ALL_BANDS = 0.9
"""How much of every octave must agree as well: two hits of one drum share no more than their tone.

Of 250 real sounds whose correlation is high enough, it keeps 97 % or more as MP3, as Ogg, at
another rate, softer, or with the last 30 % cut off, 69 % where 2 ms of the attack are; and 8 % of
241 pairs that are two hits of one drum by their names.
"""

SECONDS = 10.0
"""How much of a sound is compared; one that is longer must be as long as the other."""

SHIFT_SECONDS = 0.05
"""How far an onset may be from where it was found: a trimmed attack or an encoder moves it."""

_ONSET = 10 ** (-40 / 20)  # of the peak, as in the front end
_LONGER = 0.05  # seconds that the lengths of two long sounds may differ
_FINER = 4  # steps in a sample
_FAR = 0.6  # half a sample apart, even noise would correlate more
_EDGES = np.concatenate([[0.0], np.geomspace(60, 24_000, 200)])  # of bands, in Hz
_SLACK = 0.01  # for what does not hold exactly where rates differ
_LEAST = 32768  # samples that a spectrum is made of, so that its lines lie close
_OCTAVES = np.concatenate([[20.0], 60 * 2.0 ** np.arange(9)])  # in Hz
_FAINT = 10 ** (-30 / 10)  # of the energy: a band with less is not compared
_WHOLE = 0.9  # of the highest frequency that the lower rate holds: a filter takes the rest
_PAIRS = 8192  # compared at a time
_CHUNK = 1024
_KEPT = 32  # sounds in memory
_EMBEDDINGS = "SELECT audio_hash, embedding FROM verdicts WHERE model = ? AND embedding NOT NULL"

Pair = tuple[bytes, bytes]


def candidates(catalog: Catalog, sounds: Iterable[bytes]) -> Sequence[Pair]:
    """Pairs of ``sounds``, by their hashes, that are alike to the model that was used last.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    wanted = set(sounds)
    number = next(iter(models(catalog)), None)
    rows = [row for row in catalog.read(_EMBEDDINGS, (number,)) if row[0] in wanted]
    if not rows:
        return []
    hashes = [row[0] for row in rows]
    vectors = np.stack([np.frombuffer(row[1], np.float32) for row in rows])
    return [(hashes[a], hashes[b]) for a, b in alike(vectors)]


def alike(vectors: NDArray[np.float32], threshold: float = LIKE) -> list[tuple[int, int]]:
    """Pairs of rows, the lower first, of at least this cosine similarity.

    Args:
        vectors: shape ``(n, d)``, float32, each of unit length.
        threshold: 0 to 1.
    """
    pairs = []
    for a in range(0, len(vectors), _CHUNK):
        for b in range(a, len(vectors), _CHUNK):
            close = vectors[a : a + _CHUNK] @ vectors[b : b + _CHUNK].T >= threshold
            found = np.argwhere(close) + np.array([a, b])
            pairs += [(i, j) for i, j in found.tolist() if i < j]
    return pairs


def confirmed(
    pairs: Sequence[Pair],
    paths: Mapping[bytes, Path],
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Mapping[Pair, float]:
    """The pairs that are one recording, and how well their waveforms correlate, ``SAME`` to 1.

    Args:
        pairs: sounds by their hashes; a sound that cannot be heard any more is like no other.
        paths: where each can be heard.
        on_progress: called with how many sounds were heard, of how many; then with how many pairs
            were laid on each other.
    """
    sounds = sorted({sound for pair in pairs for sound in pair})
    waves = _Waves(paths)
    outlines = np.zeros((len(sounds), len(_EDGES) - 1), np.float32)
    nyquist = np.zeros(len(sounds), np.float32)
    for i, sound in enumerate(sounds):
        with suppress(AudioError):
            clip = waves(sound)
            outlines[i], nyquist[i] = outline(clip), clip.rate / 2
        on_progress(i + 1, len(sounds))
    number = {sound: i for i, sound in enumerate(sounds)}
    indices = np.array([(number[a], number[b]) for a, b in pairs], np.int64).reshape(-1, 2)
    likely = indices[_may_be_one(outlines, nyquist, indices)].tolist()
    found = {}
    for done, (a, b) in enumerate(sorted(likely), start=1):
        one, other = sounds[a], sounds[b]
        with suppress(AudioError):
            value = likeness(waves(one), waves(other))
            if value >= SAME:
                found[one, other] = value
        on_progress(done, len(likely))
    return found


def outline(clip: Clip) -> NDArray[np.float32]:
    """The root of the energy in each of some narrow bands.

    Wherever two waveforms are laid, they correlate no better than these do (by Cauchy and
    Schwarz), so that most pairs need not be laid on each other at all.
    """
    size = max(_LEAST, 1 << (len(clip.samples) - 1).bit_length())
    power = np.abs(np.fft.rfft(clip.samples, size)) ** 2
    below = np.concatenate([[0.0], np.cumsum(power)])
    at = _EDGES * size / clip.rate + 0.5  # each bin spreads half a bin to either side
    energy = np.diff(np.interp(at, np.arange(len(below)), below))
    roots: NDArray[np.float32] = np.sqrt(np.maximum(energy, 0)).astype(np.float32)
    return roots


def _may_be_one(
    outlines: NDArray[np.float32], nyquist: NDArray[np.float32], pairs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which pairs have outlines alike, in the bands that both can hold; shape ``(n_pairs,)``."""
    likely = np.zeros(len(pairs), np.bool_)
    for start in range(0, len(pairs), _PAIRS):
        one, other = pairs[start : start + _PAIRS].T
        within = _EDGES[1:] <= np.minimum(nyquist[one], nyquist[other])[:, None]
        a, b = outlines[one] * within, outlines[other] * within
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        likely[start : start + _PAIRS] = (a * b).sum(1) > (SAME - _SLACK) * lengths
    return likely


def likeness(one: Clip, other: Clip) -> float:
    """How well two sounds correlate where they fit best, at the lower of their rates, 0 to 1.

    They are laid onset on onset and shifted by up to ``SHIFT_SECONDS``, by fractions of a sample
    as well. All that is heard of both counts, so that a long sound is not like its own beginning.
    Where they correlate by ``SAME`` or more, but some octave does not agree, it is 0.
    """
    lengths = [clip.duration - clip.start for clip in (one, other)]
    if max(lengths) > SECONDS and abs(lengths[0] - lengths[1]) > _LONGER:
        return 0.0
    rate = min(one.rate, other.rate)
    a, b = (_from_onset(clip, rate) for clip in (one, other))
    size = 1 << (len(a) + len(b)).bit_length()
    length = np.sqrt(np.vdot(a, a) * np.vdot(b, b))
    spectra = np.fft.rfft(a, size), np.fft.rfft(b, size)
    product = spectra[0] * np.conj(spectra[1])
    best, shift = _best(product, size, 1, rate)
    if best / length > _FAR:
        best, shift = _best(product, size, _FINER, rate)
    if best / length >= SAME:
        laid = spectra[0], spectra[1] * (best / np.vdot(b, b)) * _turned(size, shift)
        if _lowest(*laid, rate) < ALL_BANDS:
            return 0.0
    return float(min(1.0, max(0.0, best / length)))


_Spectrum = NDArray[np.complexfloating]


def _best(product: _Spectrum, size: int, finer: int, rate: int) -> tuple[float, float]:
    """The highest correlation within ``SHIFT_SECONDS``, in steps of a sample or ``finer``; where.

    Args:
        product: spectrum of the first times that of the second, conjugated.
        size: samples that it was made of.
        finer: steps in a sample.
        rate: Hz.

    Returns:
        The correlation, and by how many samples the second is to be put off.
    """
    fits = np.fft.irfft(product, size * finer) * finer
    reach = int(SHIFT_SECONDS * rate) * finer
    steps = np.arange(-reach, reach + 1)
    step = steps[fits[steps].argmax()]
    return float(fits[step]), float(step / finer)


def _turned(size: int, shift: float) -> _Spectrum:
    """What puts a signal off by ``shift`` samples, for each line of its spectrum."""
    turned: _Spectrum = np.exp(-2j * np.pi * shift / size * np.arange(size // 2 + 1))
    return turned


def _lowest(one: _Spectrum, other: _Spectrum, rate: int) -> float:
    """How much of the octave that differs most is the same in two spectra, level included.

    That is twice what they share over the energy of both, 1 if they are the same.
    """
    hertz = np.arange(len(one)) * (rate / 2 / (len(one) - 1))
    edges = np.searchsorted(hertz, np.minimum(_OCTAVES, _WHOLE * rate / 2))

    def sums(lines: NDArray[np.floating]) -> NDArray[np.floating]:
        below = np.concatenate([[0.0], np.cumsum(lines)])
        return np.diff(below[edges])

    a, b = sums(np.abs(one) ** 2), sums(np.abs(other) ** 2)
    counts = np.maximum(a / a.sum(), b / b.sum()) > _FAINT
    shared = sums((one * np.conj(other)).real)
    return float((2 * shared[counts] / (a + b)[counts]).min(initial=1.0))


class _Waves:
    """Sounds by their hashes; those that were asked for lately are kept.

    Args:
        paths: where each can be heard.
    """

    def __init__(self, paths: Mapping[bytes, Path]) -> None:
        self._paths = paths
        self._kept: OrderedDict[bytes, Clip] = OrderedDict()

    def __call__(self, sound: bytes) -> Clip:
        """Hear one.

        Raises:
            AudioError: it cannot be heard.
        """
        if sound not in self._kept:
            self._kept[sound] = decode(self._paths[sound], SECONDS)
        self._kept.move_to_end(sound)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[sound]


def _from_onset(clip: Clip, rate: int) -> Samples:
    """A clip at ``rate`` from ``SHIFT_SECONDS`` before its onset, shape ``(n,)``, peak 1."""
    samples = clip.samples
    if clip.rate != rate:
        samples = soxr.resample(samples, clip.rate, rate)
    loud = np.abs(samples)
    onset = int((loud >= _ONSET * loud.max()).argmax())
    lead = int(SHIFT_SECONDS * rate)
    early = np.zeros(max(0, lead - onset), np.float32)
    from_there = samples[max(0, onset - lead) :] / max(loud.max(), np.finfo(np.float32).tiny)
    return np.concatenate([early, from_there])
