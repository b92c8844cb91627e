"""The same recording in another form: embeddings give candidates, aligned waveforms confirm."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray

from drumsort.alike.octaves import LEVEL_DB, OCTAVES, WHOLE, Spectrum, agree
from drumsort.audio.decode import decode
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.known_models import models
from drumsort.errors import AudioError
from drumsort.types import Clip, Samples

LIKE = 0.97
"""The least cosine similarity of two embeddings for which the waveforms are compared.

Of 1,482 pairs that another fingerprint finds among 9,221 real sounds, 96 % reach it.
"""

SAME = 0.85
"""The least correlation of two aligned waveforms that may be one recording; lossy formats lower it.

What it lets pass beside them, ``octaves`` tells apart.
"""

SECONDS = 10.0
"""How much of a sound is compared; longer sounds must also be equally long."""

SHIFT_SECONDS = 0.05
"""How far an onset may be off: trimming the attack or encoding the file moves it."""

_ONSET = 10 ** (-40 / 20)  # relative to the peak, as in the front end
_LONGER = 0.05  # seconds that the lengths of two long sounds may differ
_FINER = 4  # steps per sample
_FAR = 0.6  # even noise correlates more than this when it is half a sample off
_EDGES = np.concatenate([[0.0], np.geomspace(60, 24_000, 200)])  # of bands, in Hz
_SLACK = 0.01  # where rates differ, the bound does not hold exactly
_LEAST = 32768  # samples per spectrum, so that its bins are narrow
_LOUD = 10 ** (-15 / 10)  # of the energy; octaves with less are not compared beforehand
_LEVEL_DB = 2 * LEVEL_DB + 1  # that their levels may differ, whatever those of the sounds
_WALL_DB = 25.0
_NOTHING_DB = 90.0  # below the loudest band: differences between such bands mean nothing
_BEYOND = 3  # bands that a filter may need to fall
_LOWEST_WALL = 3000.0  # Hz: below, sounds end by themselves
_TINY = 1e-30
_PAIRS = 8192  # compared at a time
_CHUNK = 1024
_KEPT = 32  # sounds in memory
_EMBEDDINGS = "SELECT audio_hash, embedding FROM verdicts WHERE model = ? AND embedding NOT NULL"

Pair = tuple[bytes, bytes]


class Confirmed(NamedTuple):
    """What comparing the waveforms of some pairs of sounds gave.

    Attributes:
        likeness: each pair that is one recording, to the correlation of their waveforms, ``SAME``
            to 1.
        highest: each sound that was heard, to the frequency in Hz above which it has nothing.
    """

    likeness: Mapping[Pair, float]
    highest: Mapping[bytes, float]


def candidates(catalog: Catalog, sounds: Iterable[bytes]) -> Sequence[Pair]:
    """Pairs of ``sounds``, by their hashes, that the model used last hears as alike.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    wanted = set(sounds)
    number = next(iter(models(catalog)), None)
    rows = [row for row in catalog.read(_EMBEDDINGS, (number,)) if row.audio_hash in wanted]
    if not rows:
        return []
    hashes = [row.audio_hash for row in rows]
    vectors = np.stack([np.frombuffer(row.embedding, np.float32) for row in rows])
    return [(hashes[a], hashes[b]) for a, b in alike(vectors)]


def alike(vectors: NDArray[np.float32], threshold: float = LIKE) -> list[tuple[int, int]]:
    """Pairs of rows, the lower index first, with at least this cosine similarity.

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
) -> Confirmed:
    """The pairs that are one recording, and up to what frequency each of their sounds goes.

    Args:
        pairs: sounds by their hashes; one that can no longer be heard is like no other.
        paths: a file that holds each sound.
        on_progress: called with the number of sounds heard and their total, then with the number
            of pairs aligned and their total.
    """
    sounds = sorted({sound for pair in pairs for sound in pair})
    waves = _Waves(paths)
    outlines = np.zeros((len(sounds), len(_EDGES) - 1), np.float32)
    nyquist = np.zeros(len(sounds), np.float32)
    highest: dict[bytes, float] = {}
    for i, sound in enumerate(sounds):
        with suppress(AudioError):
            clip = waves(sound)
            outlines[i] = outline(clip)
            nyquist[i] = highest[sound] = wall(outlines[i], clip.rate)
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
    return Confirmed(found, highest)


def outline(clip: Clip) -> NDArray[np.float32]:
    """The square root of the energy in each of some narrow bands.

    However two waveforms are aligned, they correlate no better than their outlines do (the
    Cauchy-Schwarz inequality), so most pairs need not be aligned at all.
    """
    size = max(_LEAST, 1 << (len(clip.samples) - 1).bit_length())
    power = np.abs(np.fft.rfft(clip.samples, size)) ** 2
    below = np.concatenate([[0.0], np.cumsum(power)])
    at = _EDGES * size / clip.rate + 0.5  # each bin spreads half a bin to either side
    energy = np.diff(np.interp(at, np.arange(len(below)), below))
    roots: NDArray[np.float32] = np.sqrt(np.maximum(energy, 0)).astype(np.float32)
    return roots


def wall(roots: NDArray[np.float32], rate: int) -> float:
    """The frequency above which an outline has nothing, in Hz: that of a steep filter, or half the
    rate. A lower rate or a lossy format left such a filter behind."""
    inside = _EDGES[1:] <= rate / 2
    density = 20 * np.log10(np.maximum(roots, 1e-12)) - 10 * np.log10(np.diff(_EDGES))
    density, edges = np.maximum(density, density.max() - _NOTHING_DB)[inside], _EDGES[1:][inside]
    above = np.maximum.accumulate(density[::-1])[::-1]  # the most from each band on
    for band in range(len(density) - _BEYOND - 1, _BEYOND, -1):
        if edges[band] < _LOWEST_WALL:
            break
        if density[band - _BEYOND : band + 1].mean() - above[band + _BEYOND] >= _WALL_DB:
            return float(edges[band])
    return rate / 2


def _may_be_one(
    outlines: NDArray[np.float32], nyquist: NDArray[np.float32], pairs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which pairs have similar outlines in the bands that both can hold, shape ``(n_pairs,)``."""
    likely = np.zeros(len(pairs), np.bool_)
    for start in range(0, len(pairs), _PAIRS):
        one, other = pairs[start : start + _PAIRS].T
        within = _EDGES[1:] <= WHOLE * np.minimum(nyquist[one], nyquist[other])[:, None]
        a, b = outlines[one] * within, outlines[other] * within
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        likely[start : start + _PAIRS] = ((a * b).sum(1) > (SAME - _SLACK) * lengths) & _level(a, b)
    return likely


def _level(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows have their energy in the same octaves."""
    octaves = np.searchsorted(_EDGES, OCTAVES[1:-1])
    one, other = (np.add.reduceat(x**2, [0, *octaves], axis=1) for x in (a, b))
    one, other = (x / np.maximum(x.sum(1, keepdims=True), 1e-30) for x in (one, other))
    differ = 10 * np.log10(np.maximum(one, 1e-9) / np.maximum(other, 1e-9))
    loud = np.maximum(one, other) > _LOUD
    highest = np.where(loud, differ, -np.inf).max(1)
    spread: NDArray[np.bool_] = highest - np.where(loud, differ, np.inf).min(1) <= _LEVEL_DB
    return spread


def likeness(one: Clip, other: Clip) -> float:
    """The correlation of two sounds in their best alignment, in what both can hold, 0 to 1.

    That is what lies below half of the lower rate, and below the steep filters that rates and lossy
    formats leave behind. The onsets are aligned, then shifted by up to ``SHIFT_SECONDS``, also by
    fractions of a sample. All that is heard of both counts, so a long sound is not like its own
    beginning. The result is 0 if the correlation reaches ``SAME`` but the octaves do not agree.
    """
    lengths = [clip.duration - clip.start for clip in (one, other)]
    if max(lengths) > SECONDS and abs(lengths[0] - lengths[1]) > _LONGER:
        return 0.0
    rate = min(one.rate, other.rate)
    a, b = (_from_onset(clip, rate) for clip in (one, other))
    size = 1 << (len(a) + len(b)).bit_length()
    highest = min(wall(outline(clip), clip.rate) for clip in (one, other))
    above = int(2 * highest / rate * (size // 2)) + 1
    spectra = np.fft.rfft(a, size), np.fft.rfft(b, size)
    for spectrum in spectra:
        spectrum[above:] = 0
    powers = [_power(spectrum, size) for spectrum in spectra]
    length = np.sqrt(powers[0] * powers[1])
    product = spectra[0] * np.conj(spectra[1])
    best, shift = _best(product, size, 1, rate)
    if best / length > _FAR:
        best, shift = _best(product, size, _FINER, rate)
    if best / length >= SAME:
        laid = spectra[1] * np.sqrt(powers[0] / powers[1]) * _turned(size, shift)
        if not agree(spectra[0], laid, rate, highest):
            return 0.0
    return float(min(1.0, max(0.0, best / length)))


def _power(spectrum: Spectrum, size: int) -> float:
    """The energy of a real signal, by its spectrum of so many samples."""
    energy: float = 2 * float(np.vdot(spectrum, spectrum).real) / size
    return max(energy, _TINY)


def _best(product: Spectrum, size: int, finer: int, rate: int) -> tuple[float, float]:
    """The highest correlation within ``SHIFT_SECONDS``, and the shift that gives it.

    Args:
        product: spectrum of the first sound times the conjugated spectrum of the second.
        size: samples per spectrum.
        finer: steps per sample.
        rate: Hz.

    Returns:
        The correlation, and by how many samples to delay the second sound.
    """
    fits = np.fft.irfft(product, size * finer) * finer
    reach = int(SHIFT_SECONDS * rate) * finer
    steps = np.arange(-reach, reach + 1)
    step = steps[fits[steps].argmax()]
    return float(fits[step]), float(step / finer)


def _turned(size: int, shift: float) -> Spectrum:
    """The factor for each bin of a spectrum that delays the signal by ``shift`` samples."""
    turned: Spectrum = np.exp(-2j * np.pi * shift / size * np.arange(size // 2 + 1))
    return turned


class _Waves:
    """Sounds by their hashes; those used last stay in memory.

    Args:
        paths: a file that holds each sound.
    """

    def __init__(self, paths: Mapping[bytes, Path]) -> None:
        self._paths = paths
        self._kept: OrderedDict[bytes, Clip] = OrderedDict()

    def __call__(self, sound: bytes) -> Clip:
        """Decode a sound.

        Raises:
            AudioError: it cannot be decoded.
        """
        if sound not in self._kept:
            self._kept[sound] = decode(self._paths[sound], SECONDS, lead_in=True)
        self._kept.move_to_end(sound)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[sound]


def _from_onset(clip: Clip, rate: int) -> Samples:
    """A clip at ``rate``, from ``SHIFT_SECONDS`` before its onset, shape ``(n,)``, peak 1."""
    samples = clip.samples
    if clip.rate != rate:
        samples = soxr.resample(samples, clip.rate, rate)
    loud = np.abs(samples)
    onset = int((loud >= _ONSET * loud.max()).argmax())
    lead = int(SHIFT_SECONDS * rate)
    early = np.zeros(max(0, lead - onset), np.float32)
    from_there = samples[max(0, onset - lead) :] / max(loud.max(), np.finfo(np.float32).tiny)
    return np.concatenate([early, from_there])
