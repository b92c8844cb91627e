"""Labelled sounds of a store: what the lab learns is what it learns from a folder."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.data import open_data
from drumsort.lab.data.features import FeatureCache

from ...stores import ObjectStore
from ...synth.drums import synthesize


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store with class folders in a bucket of a name of its own."""
    monkeypatch.setenv("DRUMSORT_CACHE", str(tmp_path / "cache"))
    bucket = f"lab-{tmp_path.name}".replace("_", "-")
    for label in ("kick", "clap", "tom"):
        for seed in range(3):
            folder = tmp_path / "stores" / bucket / "Drums" / label / f"Pack {seed % 2}"
            path = folder / f"#{seed}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, synthesize(label, seed, 16000), 16000)
    with ObjectStore(tmp_path / "stores") as one:
        for name, value in one.environment().items():
            monkeypatch.setenv(name, value)
        one.folder, one.drums = tmp_path / "stores" / bucket / "Drums", f"s3://{bucket}/Drums"
        yield one


def mels(data):
    return FeatureCache(LogMel()).features(data)


def test_class_folders_are_read_as_from_a_disk_and_fetched_once(store):
    here, there = open_data(store.folder), open_data(store.drums)
    assert there.rows == here.rows
    assert str(there.root) == store.drums
    for row in here.rows:
        assert there.path(row).read_bytes() == here.path(row).read_bytes()
    assert np.array_equal(mels(there).log_mels(), mels(here).log_mels())
    assert store.requests["GET"] == 9
    told = []
    open_data(store.drums, lambda *counts: told.append(counts))
    assert (store.requests["GET"], told) == (9, [])


def test_only_what_changed_is_fetched_again(store):
    before = open_data(store.drums)
    changed, lost, new = (store.folder / "kick" / "Pack 0" / f"#{n}.wav" for n in (0, 2, 7))
    shutil.copyfile(store.folder / "tom" / "Pack 1" / "#1.wav", changed)
    shutil.copyfile(store.folder / "tom" / "Pack 0" / "#2.wav", new)
    lost.unlink()
    told = []
    after = open_data(store.drums, lambda *counts: told.append(counts))
    assert told == [(1, 2), (2, 2)]
    assert len(after.rows) == len(before.rows)
    for row in after.rows:
        assert after.path(row).read_bytes() == (store.folder / row.path).read_bytes()


def test_a_manifest_and_a_sound_that_is_missing(store):
    names = ["kick/Pack 0/#0.wav", "tom/Pack 1/#1.wav", "kick/Pack 0/lost.wav"]
    with (store.folder / "manifest.csv").open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["path", "label"])
        rows.writerows([name, name.partition("/")[0]] for name in names)
    for place in (store.drums, f"{store.drums}/manifest.csv"):
        heard = mels(open_data(place))
        assert [row.path for row in heard.data.rows] == names[:2]
        (failure,) = heard.failures
        assert failure.startswith(f"{store.drums}/kick/Pack 0/lost.wav cannot be opened")


def test_an_interrupted_fetch_goes_on(store):
    def stop(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_data(store.drums, stop)
    told = []
    open_data(store.drums, lambda *counts: told.append(counts))
    assert told[-1] == (5, 5)


def test_one_sentence_where_a_store_gives_nothing(store):
    with pytest.raises(DataError, match=r"s3://.*/Toms does not exist"):
        open_data(store.drums.replace("Drums", "Toms"))
    open_data(store.drums)
    store.refuses = True
    with pytest.raises(DataError, match=r"s3://.*/Drums cannot be read: the store refuses it"):
        open_data(store.drums)


def test_copies_of_two_stores_are_kept_apart(store, tmp_path):
    other = store.folder.parent.with_name(f"{store.folder.parent.name}-2") / "Drums"
    shutil.copytree(store.folder / "kick", other / "kick")
    shutil.copytree(store.folder / "kick", other / "tom")
    one, two = open_data(store.drums), open_data(f"s3://{other.parent.name}/Drums")
    row = next(row for row in two.rows if row.label == "tom")
    assert one.path(row) != two.path(row)
    assert isinstance(two.path(row), Path)
    assert two.path(row).read_bytes() != one.path(row).read_bytes()
