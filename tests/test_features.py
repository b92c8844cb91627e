"""The front end agrees with librosa, and hears neither level, nor rate, nor silence."""

from concurrent.futures import ThreadPoolExecutor

import librosa
import numpy as np
import pytest
import soxr

from drumsort.features import LogMel
from drumsort.taxonomy import LABELS
from drumsort.types import Clip

from .synth.drums import synthesize

FRONT_ENDS = [
    LogMel(),
    LogMel(n_fft=2048, n_mels=96),
    LogMel(n_mels=96, range_db=60, n_frames=64),
    LogMel(rate=44100, n_fft=1152, hop=441, lead=441),
    LogMel(rate=44100, n_fft=2048, hop=441, fmin=20, fmax=20_000),
    LogMel(rate=22050, n_fft=512, hop=200, n_mels=40, fmin=0, fmax=11_025),
    LogMel(rate=16000, n_fft=1024, hop=256, fmin=50, fmax=8000),
]


def describe(front_end):
    return f"{front_end.rate}-{front_end.n_fft}-{front_end.n_mels}"


def by_librosa(front_end, samples):
    """The same log-mel, by librosa, of the samples with silence around."""
    padded = np.zeros((front_end.n_frames - 1) * front_end.hop + front_end.n_fft // 2, np.float32)
    samples = samples[: len(padded)]
    padded[: len(samples)] = samples
    power = librosa.feature.melspectrogram(
        y=padded,
        sr=front_end.rate,
        n_fft=front_end.n_fft,
        hop_length=front_end.hop,
        n_mels=front_end.n_mels,
        fmin=front_end.fmin,
        fmax=front_end.fmax,
        center=True,
        pad_mode="constant",
        power=2,
    )[:, : front_end.n_frames]
    return librosa.power_to_db(power, ref=np.max, amin=1e-20, top_db=front_end.range_db)


@pytest.mark.parametrize("front_end", FRONT_ENDS, ids=describe)
@pytest.mark.parametrize("label", LABELS)
def test_synthesized_sounds_agree_with_librosa(front_end, label):
    samples = synthesize(label, 1, front_end.rate)
    ours, theirs = front_end.log_mel(samples), by_librosa(front_end, samples)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=0.01)


@pytest.mark.parametrize("front_end", FRONT_ENDS, ids=describe)
@pytest.mark.parametrize("seconds", [0, 0.01, 0.5, 1.2, 1.3, 5])
def test_noise_of_any_length_agrees_with_librosa(front_end, seconds):
    n = 1 + round(seconds * front_end.rate)
    samples = np.random.default_rng(n).normal(scale=0.1, size=n).astype(np.float32)
    ours, theirs = front_end.log_mel(samples), by_librosa(front_end, samples)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=0.01)


@pytest.mark.parametrize("front_end", FRONT_ENDS, ids=describe)
def test_a_sound_does_not_hear_the_one_before(front_end):
    """Neither where it is shorter, nor in another thread, nor beside another front end."""
    rng = np.random.default_rng(0)
    sounds = [rng.normal(size=n).astype(np.float32) for n in (60_000, 100, 9000, 1, 41_000)]
    alone = []
    for sound in sounds:
        with ThreadPoolExecutor(1) as pool:  # a new thread remembers nothing
            alone.append(pool.submit(front_end.log_mel, sound).result())
    for other in (front_end, LogMel(n_fft=512, hop=100)):
        for sound, expected in zip(sounds, alone, strict=True):
            other.log_mel(sounds[0])
            np.testing.assert_array_equal(front_end.log_mel(sound), expected)
    with ThreadPoolExecutor(4) as pool:
        for index, mel in enumerate(pool.map(front_end.log_mel, sounds * 10)):
            np.testing.assert_array_equal(mel, alone[index % len(sounds)])


@pytest.mark.parametrize("rate", [1000, 8000, 32000, 44100, 96000, 192_000, 768_000])
@pytest.mark.parametrize("n", [1, 2, 37, 1000, 400_000])
def test_shape_and_type_are_fixed(rate, n):
    front_end = LogMel()
    samples = np.random.default_rng(n).uniform(-1, 1, n).astype(np.float32)
    mel = front_end(Clip(samples, rate, n / rate))
    assert mel.shape == (front_end.n_mels, front_end.n_frames)
    assert mel.dtype == np.float32
    assert np.isfinite(mel).all()
    assert mel.min() >= -front_end.range_db
    if n >= 1000:  # fewer samples may be none at the rate of the analysis
        assert mel.max() == 0


@pytest.mark.parametrize("n", [0, 1, 1000, 100_000])
def test_silence_is_the_floor(n):
    front_end = LogMel()
    silence = np.zeros(n, np.float32)
    assert (front_end.log_mel(silence) == -front_end.range_db).all()
    assert (front_end(Clip(silence, 44100, n / 44100)) == -front_end.range_db).all()


def test_padding_is_the_floor():
    front_end = LogMel()
    n = 10 * front_end.hop
    noise = np.random.default_rng(0).normal(size=n).astype(np.float32)
    mel = front_end.log_mel(noise)
    after = (n + front_end.n_fft // 2) // front_end.hop + 1
    assert (mel[:, after:] == -front_end.range_db).all()
    assert (mel[:, : n // front_end.hop] > -60).all()


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("gain_db", [-60, -20, 20])
def test_level_changes_nothing(label, gain_db):
    front_end = LogMel()
    samples = synthesize(label, 2, 48000)
    mel = front_end(Clip(samples, 48000, 1.0))
    other = front_end(Clip(samples * np.float32(10 ** (gain_db / 20)), 48000, 1.0))
    np.testing.assert_allclose(other, mel, rtol=0, atol=0.01)


def after_silence(samples, n, rate=48000):
    return Clip(np.concatenate([np.zeros(n, np.float32), samples]), rate, 1.0)


@pytest.mark.parametrize("label", LABELS)
def test_silence_before_the_sound_changes_nothing(label):
    """Whole samples of it, at 48 as at 32 kHz, and as long at least as the lead that is kept."""
    front_end = LogMel()
    samples = synthesize(label, 2, 48000)[:24000]
    mel = front_end(after_silence(samples, 2400))
    for n in (1200, 24000, 90000):
        other = front_end(after_silence(samples, n))
        np.testing.assert_allclose(other, mel, rtol=0, atol=0.05)


@pytest.mark.parametrize("label", LABELS)
def test_silence_of_any_length_changes_almost_nothing(label):
    """What remains is the distance between two samples."""
    front_end = LogMel()
    samples = synthesize(label, 2, 48000)[:24000]
    mel = front_end(after_silence(samples, 2400))
    for n in (1201, 23456, 90001):
        difference = np.abs(front_end(after_silence(samples, n)) - mel)
        assert difference.mean() < 0.15
        assert np.median(difference[mel > -60]) < 0.3


@pytest.mark.parametrize("label", LABELS)
def test_no_silence_at_all_changes_little(label):
    """What remains is the resampler's, which has no room to ring before the first sample."""
    front_end = LogMel()
    samples = synthesize(label, 2, 48000)[:24000]
    mel = front_end(after_silence(samples, 2400))
    difference = np.abs(front_end(after_silence(samples, 0)) - mel)
    assert difference.mean() < 0.25
    assert np.median(difference[mel > -60]) < 0.5


def upper_edges(front_end):
    """The highest frequency in Hz that each mel band hears."""
    filters = librosa.filters.mel(
        sr=front_end.rate,
        n_fft=front_end.n_fft,
        n_mels=front_end.n_mels,
        fmin=front_end.fmin,
        fmax=front_end.fmax,
    )
    return (
        np.array([band.nonzero()[0].max() for band in filters]) * front_end.rate / front_end.n_fft
    )


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("rate", "mean", "most"), [(48000, 0.2, 1.5), (44100, 0.3, 4), (22050, 0.6, 5)]
)
def test_rate_changes_little_below_the_lowest_nyquist(label, rate, mean, most):
    """Against 96 kHz, which is resampled. Bins are 0.2 % wider at 44.1 and 22.05 kHz, and what is
    missing above the lowest Nyquist frequency shifts the onset by some samples."""
    front_end = LogMel()
    original = after_silence(synthesize(label, 2, 96000)[:96000], 4800, 96000)
    resampled = soxr.resample(original.samples, 96000, rate, quality="VHQ")
    mel, other = front_end(original), front_end(Clip(resampled, rate, 1.0))
    below = upper_edges(front_end) < 0.4 * min(rate, front_end.rate)
    assert below.sum() >= 50
    heard = mel[below] > -60
    difference = (other - mel)[below][heard]
    difference -= np.median(difference)  # the loudest cell, that of 0 dB, may lie above
    assert np.abs(difference).mean() < mean
    assert np.quantile(np.abs(difference), 0.99) < most


def test_alignment_keeps_a_lead_before_the_onset():
    front_end = LogMel(lead=100, onset_db=40)

    def aligned(samples, rate=32000):
        return front_end.prepare(Clip(samples, rate, 1.0)).samples

    samples = np.zeros(5000, np.float32)
    samples[1000:] = 0.009  # 41 dB below the peak
    samples[2000:3000] = 1.0
    assert len(aligned(samples)) == 3100
    early = aligned(samples[1950:])
    assert len(early) == 3100
    assert not early[:50].any()
    samples[1000:2000] = 0.011  # 39 dB below
    assert len(aligned(samples)) == 4100
    assert len(aligned(samples, 48000)) == 4150
