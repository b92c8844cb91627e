"""Sounds that are no files: arrays and open files are heard as the same sound in a file is."""

import io

import numpy as np
import pytest
import soundfile

from drumsort import Catalog, DrumsortError, classify, embed, scan
from drumsort.workflows.correct import correct

from ..synth.drums import synthesize


@pytest.fixture(scope="module")
def kick(tmp_path_factory):
    path = tmp_path_factory.mktemp("given") / "kick.wav"
    soundfile.write(path, synthesize("kick", 1), 44100, "PCM_16")
    return path


def test_an_array_and_an_open_file_are_heard_as_the_file_is(kick):
    whole, _ = soundfile.read(kick, dtype="float32")
    integers, _ = soundfile.read(kick, dtype="int16")
    with kick.open("rb") as file:
        sounds = [
            (whole, 44100), kick, (integers, 44100), (np.stack([whole, whole], 1), 44100), file,
            io.BytesIO(kick.read_bytes()), (whole * 0, 44100), kick,
        ]  # fmt: skip
        results = list(classify(sounds, names="ignore"))
        file.seek(0)
        assert next(classify(file)).prediction == next(classify(kick)).prediction  # named so
    assert [r.path.name for r in results] == [
        "sound 1", "kick.wav", "sound 2", "sound 3", "kick.wav", "sound 5", "sound 6", "kick.wav",
    ]  # fmt: skip
    *_, silent, last = results
    assert silent.error == "sound 6 is silent: nothing above -80 dBFS was found in it."
    for result in results[:-2]:
        assert result.prediction.scores == pytest.approx(last.prediction.scores, abs=1e-4)
    assert next(classify((whole, 44100))).label == last.label


NO_SOUNDS = [np.zeros((2, 2, 2)), np.zeros((9, 0)), ["a", "b"], 1.0, [[0.1], [0.1, 0.2]]]


@pytest.mark.parametrize("samples", NO_SOUNDS)
def test_what_is_no_sound_is_said_to_be_none(samples):
    with pytest.raises(DrumsortError, match=r"^sound 1.* is no .*: give samples"):
        list(classify((samples, 44100)))


@pytest.mark.parametrize("sounds", [(44100, np.zeros(9)), [None, 3], (np.zeros(9), "44100"), [0.1]])
def test_what_is_neither_a_path_nor_a_sound_is_not_passed_over(sounds):
    with pytest.raises(DrumsortError, match="is neither a path nor a sound: give"):
        list(classify(sounds))


def test_samples_that_cannot_be_heard_do_not_end_a_batch(kick):
    whole, _ = soundfile.read(kick, dtype="float32")
    many = np.broadcast_to(np.float32(0), 2**30)
    sounds = [
        (np.zeros(0), 44100), (np.zeros((0, 2)), 44100), (many, 44100), (whole, 10**10), (whole, 0),
        (whole, 44100.5), (whole, float("nan")), (whole, 44100.0), (whole, np.float64(44100)),
    ]  # fmt: skip
    *bad, one, other = classify(sounds)
    assert [result.error.partition(":")[0] for result in bad] == [
        "sound 1 holds no samples",
        "sound 2 holds no samples",
        "sound 3 holds 1,073,741,824 samples, which is too many",
        "sound 4 has a rate of 10,000,000,000 Hz",
        "sound 5 has a rate of 0 Hz",
        "sound 6 has a rate of 44,100.5 Hz",
        "sound 7 has a rate of nan Hz",
    ]
    assert one.prediction.scores == other.prediction.scores
    assert one.label == "kick"


def test_embeddings_do_not_wait_for_the_whole_folder(kick, tmp_path):
    for number in range(4):
        (tmp_path / f"{number}.wav").write_bytes(kick.read_bytes())
    parts = embed(tmp_path, batch=1, workers=1)
    assert next(parts).paths == [tmp_path / "0.wav"]
    (tmp_path / "3.wav").unlink()
    assert [list(part.failures) for part in parts] == [[], [], [tmp_path / "3.wav"]]


def test_a_correction_holds_for_samples_and_open_files(kick, tmp_path):
    whole, _ = soundfile.read(kick, dtype="float32")
    with Catalog(tmp_path / "catalog.db") as catalog:
        scan(kick.parent, catalog=catalog)
        correct([kick], "cowbell", catalog=catalog)
        sounds = [kick, (whole, 44100), io.BytesIO(kick.read_bytes())]
        assert [result.label for result in classify(sounds, catalog=catalog)] == ["cowbell"] * 3


def test_a_file_that_is_open_as_text_is_refused(kick):
    with kick.open() as file, pytest.raises(DrumsortError, match=r"kick\.wav is open as text"):
        list(classify(file))


def test_embeddings_come_in_batches(kick, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"bad")
    parts = list(embed([kick, bad, kick, kick], batch=3))
    assert [part.paths for part in parts] == [[kick, kick], [kick]]
    assert list(parts[0].failures) == [bad]
    vectors = np.concatenate([part.vectors for part in parts])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(vectors[0], next(classify(kick)).prediction.embedding)
