"""The made-up packs are a believable, bland library."""

import re
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from drumsort.taxonomy import FAMILIES, LABELS

from .packs import write_packs


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder and what ``write_packs`` returned for it."""
    folder = tmp_path_factory.mktemp("packs") / "new" / "folder"
    return folder, write_packs(folder)


def test_every_label_is_there_six_times(made):
    _, truth = made
    assert len(truth) == 6 * len(LABELS)
    assert all(list(truth.values()).count(label) == 6 for label in LABELS)


def test_paths_come_in_order_and_are_all_that_is_there(made):
    folder, truth = made
    assert list(truth) == sorted(truth)
    there = {path for path in folder.rglob("*") if path.is_file()}
    extra = there - set(truth)
    assert set(truth) <= there
    assert [path.name for path in extra] == ["readme.txt"]


def test_every_sound_reads_back(made):
    _, truth = made
    for path in truth:
        samples, _ = soundfile.read(path)
        assert np.all(np.isfinite(samples))
        assert 0.1 < np.max(np.abs(samples)) <= 1.0


def test_formats_rates_and_channels_vary(made):
    _, truth = made
    infos = [soundfile.info(path) for path in truth]
    assert {info.format for info in infos} == {"WAV", "FLAC", "AIFF", "OGG"}
    assert {info.subtype for info in infos} == {"PCM_16", "PCM_24", "FLOAT", "VORBIS"}
    assert {info.samplerate for info in infos} == {44100, 48000, 96000}
    assert {info.channels for info in infos} == {1, 2}
    assert sum(info.format == "WAV" for info in infos) > len(infos) / 2


def test_each_pack_holds_many_labels_and_formats(made):
    folder, truth = made
    packs = [path for path in folder.iterdir() if path.is_dir()]
    assert len(packs) == 3
    for pack in packs:
        inside = {path: label for path, label in truth.items() if path.parent == pack}
        assert len(set(inside.values())) > len(LABELS) / 2
        assert {path.suffix for path in inside} == {".wav", ".flac", ".aif", ".ogg"}


def test_names_tell_nothing(made):
    folder, truth = made
    words = {word for name in (*LABELS, *FAMILIES) for word in name.split("_")}
    for path in truth:
        name = path.relative_to(folder).as_posix().lower()
        assert re.search(r"\d{3}", path.stem)
        assert not words & set(re.findall(r"[a-z]+", name))
    labels = list(truth.values())
    runs = sum(a == b for a, b in pairwise(labels))
    assert runs < len(labels) / 4


def test_same_seed_same_sounds_under_the_same_names(tmp_path):
    one = write_packs(tmp_path / "one", per_label=1, seed=4)
    two = write_packs(tmp_path / "two", per_label=1, seed=4)
    other = write_packs(tmp_path / "three", per_label=1, seed=5)
    assert list(one.values()) == list(two.values()) != list(other.values())
    # Not the bytes: some containers hold the time at which they were written.
    for a, b in zip(one, two, strict=True):
        assert a.relative_to(tmp_path / "one") == b.relative_to(tmp_path / "two")
        assert np.array_equal(soundfile.read(a)[0], soundfile.read(b)[0])
