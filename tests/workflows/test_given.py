"""Sounds that are no files: arrays and open files are heard as the same sound in a file is."""

import io

import numpy as np
import pytest
import soundfile

from drumsort import DrumsortError, classify, embed

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


@pytest.mark.parametrize("samples", [np.zeros((2, 2, 2)), ["a", "b"], 1.0])
def test_what_is_no_sound_is_said_to_be_none(samples):
    with pytest.raises(DrumsortError, match="is no sound: give samples"):
        list(classify((samples, 44100)))


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
