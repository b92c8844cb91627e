"""Many files in, a result for each out: in order, as they come, whatever is wrong with some."""

import csv
import os
import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort import classify, pack_of
from drumsort.errors import BundleError
from drumsort.hearing import AHEAD
from drumsort.model.bundle import Bundle
from drumsort.taxonomy import FAMILIES, LABELS, UNSURE
from drumsort.types import Result
from drumsort.workflows.classify import Classifier

from ..synth.drums import synthesize


def write(path, samples, rate=44100):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate)
    return path


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Sounds of every label, quick and slow to read in turns, and some that cannot be heard."""
    folder = tmp_path_factory.mktemp("library")
    for number, label in enumerate(LABELS):
        silence = np.zeros(44100 * (20 if number % 3 == 0 else 0), np.float32)
        sound = np.concatenate([silence, synthesize(label, number)])
        write(folder / f"Pack {number % 4}" / f"{number:02} {label}.wav", sound)
    (folder / "Pack 0" / "00 bad.wav").write_bytes(b"text")
    (folder / "Pack 2" / "empty.flac").write_bytes(b"")
    (folder / "readme.txt").write_text("Not a sound.")
    return folder


@pytest.fixture(scope="module")
def kick(tmp_path_factory):
    return write(tmp_path_factory.mktemp("one") / "kick.wav", synthesize("kick", 1))


def test_every_sound_has_its_result_in_order(library):
    results = list(classify(library, workers=4))
    paths = [result.path for result in results]
    assert paths == sorted(path for path in library.rglob("*") if path.suffix in {".wav", ".flac"})
    assert {result.path.name for result in results if not result.ok} == {"00 bad.wav", "empty.flac"}
    for result in results:
        stat = result.path.stat()
        assert result.root == library
        assert pack_of(result.path, result.root) == result.path.parent.name
        if result.ok:
            assert (result.size, result.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
            assert result.family in {*FAMILIES, UNSURE}
            assert result.error is None
        else:
            assert str(result.path) in result.error
            assert result.family is result.label is result.confidence is None


def test_one_worker_and_four_say_the_same(library):
    several = sorted(library.rglob("*.*")) * 5
    one = list(classify(several, workers=1))
    assert one == list(classify(several, workers=4))
    assert one != list(classify(several, workers=4, ear="quick"))


def test_workers_are_one_for_each_core_by_default(library):
    assert list(classify(library)) == list(classify(library, workers=1))


def test_a_path_may_be_a_string_a_path_or_several(kick, library):
    alone = list(classify(kick))
    assert alone == list(classify(str(kick))) == list(classify([kick]))
    assert list(classify([str(kick), library]))[1:] == list(classify(library))


def test_order_of_the_paths_is_kept(library):
    paths = [path for path in sorted(library.rglob("*.wav")) if "bad" not in path.name]
    random.Random(5).shuffle(paths)
    assert [result.path for result in classify(paths, workers=3)] == paths


def test_what_does_not_exist_is_an_error_in_its_place(kick):
    missing, too_long = kick.with_name("missing.wav"), kick.with_name("x" * 5000)
    first, second, third, fourth = classify([missing, kick, too_long, kick])
    assert "No such file" in first.error
    assert "too long" in third.error
    assert second.ok
    assert fourth.ok
    assert isinstance(first, Result)
    assert (first.path, first.root) == (missing, missing.parent)


def test_nothing_found_gives_nothing(tmp_path):
    (tmp_path / "notes.txt").write_text("Nothing here.")
    assert list(classify(tmp_path)) == []
    assert list(classify([])) == []


@pytest.mark.parametrize("workers", [1, 3])
def test_paths_are_taken_as_results_are(kick, workers):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield kick

    results = classify(endless(), workers=workers)
    assert taken == 0
    for number in range(1, 6):
        next(results)
        assert taken < workers * AHEAD + number
    results.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_from_the_paths_comes_through_and_nobody_goes_on_hearing(kick, workers):
    def broken():
        yield from [kick] * 50
        raise KeyError("paths")

    before = set(threading.enumerate())
    with pytest.raises(KeyError, match="paths"):
        list(classify(broken(), workers=workers))
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize("gain_db", [-40, -20, 3])
def test_level_does_not_change_what_is_heard(tmp_path, gain_db):
    for number, label in enumerate(LABELS):
        sound = 0.7 * synthesize(label, number)
        for name, gain in (("a", 1), ("b", 10 ** (gain_db / 20))):
            path = tmp_path / name / f"{label}.wav"
            path.parent.mkdir(exist_ok=True)
            soundfile.write(path, gain * sound, 44100, subtype="FLOAT")
    plain, other = (list(classify(tmp_path / name)) for name in "ab")
    assert len(plain) == len(other) == len(LABELS)
    for a, b in zip(plain, other, strict=True):
        assert (a.family, a.label) == (b.family, b.label)
        assert a.confidence == pytest.approx(b.confidence, abs=1e-3)


def test_format_and_channels_do_not_change_what_is_heard(tmp_path):
    for label in ("kick", "snare", "closed_hat"):
        sound = synthesize(label, 3)
        soundfile.write(tmp_path / f"{label} 1.wav", sound, 44100, subtype="PCM_24")
        soundfile.write(tmp_path / f"{label} 2.flac", sound, 44100, subtype="PCM_24")
        soundfile.write(tmp_path / f"{label} 3.aiff", np.stack([sound] * 2, 1), 44100, "PCM_24")
        plain, *others = (r for r in classify(tmp_path) if r.path.name.startswith(label))
        for other in others:
            assert other.label == plain.label
            assert other.confidence == pytest.approx(plain.confidence, abs=1e-3)


def test_the_threshold_is_the_models_own_unless_given(library):
    balanced = Bundle.load().policies["balanced"]
    assert Classifier().min_confidence == balanced
    heard = [result for result in classify(library) if result.ok]
    assert all((r.family == UNSURE) == (r.confidence < balanced) for r in heard)
    assert all(r.family != UNSURE for r in classify(library, min_confidence=0) if r.ok)
    assert all(r.family == UNSURE for r in classify(library, min_confidence=1.0) if r.ok)


def test_a_note_on_the_file_becomes_part_of_the_reason(tmp_path):
    path = write(tmp_path / "cut.wav", synthesize("snare", 1))
    os.truncate(path, path.stat().st_size // 2)
    (result,) = classify(path)
    assert result.ok
    assert result.prediction.reason.startswith("the file is cut short")


def test_a_bad_model_is_refused_at_the_call(tmp_path, kick):
    with pytest.raises(BundleError, match="nowhere"):
        classify(kick, model=tmp_path / "nowhere")
    folder = shutil.copytree(Bundle.load().folder, tmp_path / "model")
    (folder / "model.onnx").write_bytes(b"broken")
    with pytest.raises(BundleError, match=r"model\.onnx"):
        classify(kick, model=str(folder))


def test_a_model_folder_of_ones_own(tmp_path, kick):
    folder = shutil.copytree(Bundle.load().folder, tmp_path / "model")
    assert list(classify(kick, model=folder)) == list(classify(kick))


def test_kicks_and_closed_hats_are_told_apart(tmp_path):
    for seed in range(8):
        for label in ("kick", "closed_hat"):
            write(tmp_path / label / f"{seed}.wav", synthesize(label, seed))
    raw = {
        label: [result.prediction.raw for result in classify(tmp_path / label)]
        for label in ("kick", "closed_hat")
    }
    assert "kick" not in raw["closed_hat"]
    assert "closed_hat" not in raw["kick"]


def test_real_sounds_are_heard_without_error(data: Path):
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        rows = random.Random(7).sample(list(csv.DictReader(stream)), 60)
    results = list(classify([data / row["path"] for row in rows], workers=2))
    assert [result.error for result in results] == [None] * 60
    for row, result in zip(rows, results, strict=True):
        assert result.path == data / row["path"]
        assert result.prediction.raw in LABELS
        assert sum(result.prediction.scores.values()) == pytest.approx(1, abs=1e-5)
    assert len({result.prediction.raw for result in results}) > 5
