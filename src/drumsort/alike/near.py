"""The same recording in another form: embeddings give candidates, aligned waveforms confirm."""

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
"""The least cosine similarity of two embeddings for which the waveforms are compared.

Of 1,482 pairs that another fingerprint finds among 9,221 real sounds, 96 % reach it.
"""

SAME = 0.97
"""The least correlation of two aligned waveforms that may be one recording."""

ALL_BANDS = 0.9
"""How much of every octave must agree, too: two hits of one drum share only their tone.

Measured on 250 real sounds whose correlation is high enough: 97 % or more are confirmed as MP3, as
Ogg, at another rate, softer, or with the last 30 % cut off, and 69 % with the first 2 ms of the
attack cut off. Of 241 pairs whose names say that they are two hits of one drum, 8 % are confirmed.
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
_OCTAVES = np.concatenate([[20.0], 60 * 2.0 ** np.arange(9)])  # in Hz
_FAINT = 10 ** (-30 / 10)  # of the energy; bands with less are not compared
_WHOLE = 0.9  # of the lower Nyquist frequency; a filter removes the rest
_PAIRS = 8192  # compared at a time
_CHUNK = 1024
_KEPT = 32  # sounds in memory
_EMBEDDINGS = "SELECT audio_hash, embedding FROM verdicts WHERE model = ? AND embedding NOT NULL"

Pair = tuple[bytes, bytes]


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
) -> Mapping[Pair, float]:
    """The pairs that are one recording, and the correlation of their waveforms, ``SAME`` to 1.

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


def _may_be_one(
    outlines: NDArray[np.float32], nyquist: NDArray[np.float32], pairs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which pairs have similar outlines in the bands that both can hold, shape ``(n_pairs,)``."""
    likely = np.zeros(len(pairs), np.bool_)
    for start in range(0, len(pairs), _PAIRS):
        one, other = pairs[start : start + _PAIRS].T
        within = _EDGES[1:] <= np.minimum(nyquist[one], nyquist[other])[:, None]
        a, b = outlines[one] * within, outlines[other] * within
        lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        likely[start : start + _PAIRS] = (a * b).sum(1) > (SAME - _SLACK) * lengths
    return likely


def likeness(one: Clip, other: Clip) -> float:
    """The correlation of two sounds in their best alignment, at the lower of their rates, 0 to 1.

    The onsets are aligned, then shifted by up to ``SHIFT_SECONDS``, also by fractions of a sample.
    All that is heard of both counts, so a long sound is not like its own beginning. The result is
    0 if the correlation reaches ``SAME`` but some octave does not agree.
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


def _turned(size: int, shift: float) -> _Spectrum:
    """The factor for each bin of a spectrum that delays the signal by ``shift`` samples."""
    turned: _Spectrum = np.exp(-2j * np.pi * shift / size * np.arange(size // 2 + 1))
    return turned


def _lowest(one: _Spectrum, other: _Spectrum, rate: int) -> float:
    """How much two spectra agree in the octave in which they differ most, level included.

    That is twice the energy they share over the energy of both: 1 if they are equal.
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
