"""The same sound is found in other files, and other sounds are not taken for it."""

import io

import numpy as np
import pytest
import soundfile
import soxr

from drumsort.audio.decode import decode
from drumsort.features import LogMel
from drumsort.lab.data.near_duplicates import (
    SHIFTS,
    alike,
    duplicates,
    fingerprints,
    heard_hash,
    joined_groups,
)
from drumsort.lab.data.rows import Data, Row

from ...synth.drums import synthesize

RATE = 44100
LABELS = ("kick", "snare", "closed_hat", "crash", "clap", "tom")


def encoded(samples, rate, kind, subtype):
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=kind, subtype=subtype)
    stream.seek(0)
    return soundfile.read(stream, dtype="float32")


CHANGES = {
    "16 kHz": lambda x: (soxr.resample(x, RATE, 16000), 16000),
    "48 kHz": lambda x: (soxr.resample(x, RATE, 48000), 48000),
    "12 dB softer": lambda x: (x / 4, RATE),
    "upside down": lambda x: (-x, RATE),
    "MP3": lambda x: encoded(x, RATE, "MP3", "MPEG_LAYER_III"),
    "Ogg": lambda x: encoded(x, RATE, "OGG", "VORBIS"),
    "16 bits": lambda x: encoded(x, RATE, "WAV", "PCM_16"),
    "24 bits": lambda x: encoded(x, RATE, "WAV", "PCM_24"),
    "50 ms of silence before it": lambda x: (np.pad(x, (2205, 0)), RATE),
    "1 ms of its attack cut off": lambda x: (x[np.argmax(abs(x) > 0.01) + 44 :], RATE),
    "its last tenth cut off": lambda x: (x[: -len(x) // 10], RATE),
}
MISSED = {"1 ms of its attack cut off": ["kick"]}  # which now begins with a click


def heard(samples, rate=RATE, *, folder):
    path = folder / "sound.wav"
    soundfile.write(path, samples, rate, subtype="FLOAT")
    return LogMel()(decode(path))


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_recording_is_found(tmp_path, change):
    sounds = [synthesize(label, 3, RATE) for label in LABELS]
    before = [heard(sound, folder=tmp_path) for sound in sounds]
    after = [heard(*CHANGES[change](sound), folder=tmp_path) for sound in sounds]
    pairs, likeness = alike(np.stack([*before, *after]))
    found = [LABELS[i] for i, j in pairs.tolist() if j == i + len(LABELS)]
    assert len(found) == len(pairs)
    assert [label for label in LABELS if label not in found] == MISSED.get(change, [])
    assert (likeness <= 1.0001).all()


@pytest.mark.parametrize("label", ["snare", "crash", "clap"])
def test_a_start_cut_by_10_ms_is_found_whichever_file_comes_first(tmp_path, label):
    sound = synthesize(label, 2, RATE)
    cut = sound[np.argmax(abs(sound) > 0.01) + 441 :]
    both = [heard(x, folder=tmp_path) for x in (sound, cut)]
    assert len(alike(np.stack(both))[0]) == len(alike(np.stack(both[::-1]))[0]) == 1


@pytest.mark.parametrize("label", ["closed_hat", "shaker", "tambourine"])
def test_what_a_lower_rate_takes_away_does_not_count(tmp_path, label):
    sound = synthesize(label, 2, RATE)
    both = [
        heard(sound, folder=tmp_path),
        heard(soxr.resample(sound, RATE, 16000), 16000, folder=tmp_path),
    ]
    assert alike(np.stack(both))[1] > 0.95


def test_the_level_of_what_is_too_high_to_count_changes_nothing():
    noise = np.random.default_rng(1).uniform(-40, 0, (1, 64, 128)).astype(np.float32)
    louder = noise - 15
    louder[:, 60] = 0
    np.testing.assert_allclose(fingerprints(noise), fingerprints(louder), atol=1e-5)


def test_the_hash_is_of_rate_length_and_samples(tmp_path):
    sound = (synthesize("crash", 1, RATE)[:RATE] * 32767).astype(np.int16)
    sound = np.pad(sound, (0, 2 * RATE))
    heads = {"a": sound, "same": sound, "longer": np.pad(sound, (0, RATE))}
    for name, samples in heads.items():
        soundfile.write(tmp_path / f"{name}.wav", samples, RATE)
    soundfile.write(tmp_path / "slower.wav", sound, RATE // 2)
    hashes = {name: heard_hash(tmp_path / f"{name}.wav") for name in (*heads, "slower")}
    assert hashes["a"] == hashes["same"]
    assert len(set(hashes.values())) == 3


def test_other_sounds_of_the_same_drum_are_not(tmp_path):
    sounds = np.stack(
        [heard(synthesize(label, s, RATE), folder=tmp_path) for label in LABELS for s in range(6)]
    )
    pairs, _ = alike(sounds)
    assert len(pairs) <= 2, pairs  # of 630
    assert len(alike(sounds, 0.3)[0]) > 5


def test_chunks_do_not_change_what_is_found(tmp_path, monkeypatch):
    sounds = [heard(synthesize("snare", seed, RATE), folder=tmp_path) for seed in range(7)]
    sounds = np.stack([*sounds, *sounds])
    whole = alike(sounds, 0.2)
    monkeypatch.setattr("drumsort.lab.data.near_duplicates._CHUNK", 3)
    parts = alike(sounds, 0.2)
    assert whole[0].tolist() == parts[0].tolist()
    assert [i for i, j in whole[0].tolist() if j == i + 7] == list(range(7))
    np.testing.assert_allclose(whole[1], parts[1], atol=1e-5)


def test_a_fingerprint_has_unit_length_unless_nothing_ever_changes():
    noise = np.random.default_rng(1).uniform(-40, 0, (3, 64, 128)).astype(np.float32)
    noise[1] = -80
    for shift in SHIFTS:
        lengths = np.linalg.norm(fingerprints(noise, shift), axis=1)
        np.testing.assert_allclose(lengths, [1, 0, 1], atol=1e-5)
    assert alike(noise)[0].tolist() == []


def test_a_shift_leaves_out_the_first_frames():
    noise = np.random.default_rng(1).uniform(-40, 0, (2, 64, 128)).astype(np.float32)
    noise[:, 0, 5] = 0.0
    later = np.roll(noise, -1, axis=2)
    np.testing.assert_allclose(fingerprints(noise, 1.0), fingerprints(later), atol=1e-6)


def test_exact_duplicates_have_the_same_samples_at_the_same_rate(tmp_path):
    sound = (synthesize("snare", 1, RATE) * 32767).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", sound, RATE, subtype="PCM_16")
    soundfile.write(tmp_path / "b.flac", sound, RATE, subtype="PCM_16")
    soundfile.write(tmp_path / "softer.wav", sound // 2, RATE, subtype="PCM_16")
    soundfile.write(tmp_path / "other.wav", synthesize("kick", 1, RATE), RATE)
    names = ["a.wav", "b.flac", "softer.wav", "other.wav"]
    data = Data(tmp_path, [Row(name, "x", "x", name) for name in names])
    found = duplicates(data, np.stack([LogMel()(decode(tmp_path / name)) for name in names]))
    assert found.exact.tolist() == [[0, 1]]
    assert found.near.tolist() == [[0, 1], [0, 2], [1, 2]]


def test_no_duplicates_are_an_empty_list_of_pairs(tmp_path):
    found = duplicates(Data(tmp_path, []), np.zeros((0, 64, 128), np.float32))
    assert found.exact.shape == found.near.shape == (0, 2)


def test_groups_are_joined_over_any_number_of_pairs():
    rows = [Row(f"{i}.wav", "kick", "kick", group) for i, group in enumerate("abcdea")]
    joined = joined_groups(rows, [(3, 2), (2, 1), (5, 4)])
    assert [row.group for row in joined] == ["a", "b", "b", "b", "a", "a"]
    assert [row.path for row in joined] == [row.path for row in rows]
    assert joined_groups(rows, []) == rows
