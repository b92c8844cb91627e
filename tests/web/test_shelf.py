"""The sounds in memory are those in the catalog, whoever changed it, and say what changed."""

import sqlite3
import time
from contextlib import closing

import numpy as np
import pytest

from drumsort import Catalog, Corrections, scan
from drumsort.catalog import columns as reading
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import columns
from drumsort.catalog.fields import TYPES
from drumsort.errors import CatalogError
from drumsort.web.shelf import Shelf

from ..small_library import write


@pytest.fixture
def samples(tmp_path):
    """Twelve sounds in two packs."""
    for seed in range(6):
        write(tmp_path / "Samples" / "A" / f"{seed}.wav", "kick", seed)
        write(tmp_path / "Samples" / "B" / f"{seed}.wav", "snare", seed)
    return tmp_path / "Samples"


@pytest.fixture
def place(samples, tmp_path):
    """A catalog of them."""
    scan(samples, catalog=tmp_path / "catalog.db")
    return tmp_path / "catalog.db"


@pytest.fixture
def shelf(place):
    """A shelf of it that looks when it is told to."""
    opened = Shelf(place)
    opened._look()
    yield opened
    opened.close()


def same_as_catalog(shelf):
    """Every value is what a fresh look gives, in any order."""
    with Catalog(shelf.path) as catalog:
        codes = shelf.now().codes
        fresh = columns(catalog, Codes(codes.families, codes.labels, frozenset(),
                                       dict(codes.packs), dict(codes.folders)))  # fmt: skip
    here = shelf.now().sounds
    order, expected = np.argsort(here.values["id"]), np.argsort(fresh.values["id"])
    for name in TYPES:
        assert np.array_equal(
            here.values[name][order], fresh.values[name][expected], equal_nan=True
        )
    names = [here.names[row] for row in order]
    assert names == [fresh.names[row] for row in expected]
    assert shelf.now().total == len(here)


def correct(shelf, ids, label="ride"):
    with shelf.writing() as catalog:
        from drumsort.catalog.ids import paths_of

        Corrections(catalog).correct(paths_of(catalog, ids).values(), label)
    shelf.update(ids)


def test_a_version_tells_what_changed_since(shelf):
    first = shelf.version
    ids = shelf.now().sounds.values["id"].tolist()
    correct(shelf, ids[2:4])
    second = shelf.version
    correct(shelf, ids[3:5], "clap")
    assert first < second < shelf.version

    def since(version):
        rows = shelf.now().since(version)
        return shelf.now().sounds.values["id"][rows].tolist()

    assert since(first) == ids[2:5]
    assert since(second) == ids[3:5]
    assert since(shelf.version) == []
    assert shelf.now().since(first - 1) is None
    assert shelf.now().since(shelf.version + 1) is None
    same_as_catalog(shelf)


def test_what_others_write_is_seen_and_ones_own_is_not_read_again(shelf, place, monkeypatch):
    ids = shelf.now().sounds.values["id"].tolist()
    read = []
    monkeypatch.setattr(Shelf, "read_all", lambda self: read.append(True))
    correct(shelf, ids[:1])
    shelf._not_before = 0
    shelf._look()
    assert read == []
    with Catalog(place) as other:
        Corrections(other).undo()
    shelf._look()
    assert read == [True]


def test_after_others_only_what_differs_has_changed(shelf, place, samples):
    version = shelf.version
    with Catalog(place) as other:
        Corrections(other).correct([samples / "A" / "3.wav"], "ride")
    shelf.read_all()
    assert shelf.version == version + 1
    (row,) = shelf.now().since(version)
    assert shelf.now().sounds.names[row] == b"3.wav"
    shelf.read_all()
    assert shelf.version == version + 1


def test_new_files_come_last_and_then_in_order(shelf, place, samples):
    version, before = shelf.version, shelf.now().sounds.names
    write(samples / "A" / "0 new.wav", "tom", 1)
    scan(samples, catalog=place)
    shelf.growing = True
    shelf._look()
    assert shelf.now().sounds.names == [*before, b"0 new.wav"]
    (row,) = shelf.now().since(version)
    assert row == 12
    same_as_catalog(shelf)
    shelf._look()
    assert shelf.version == version + 1
    shelf.growing = False
    shelf.read_all()
    assert shelf.now().since(version) is None
    assert sorted(before[:6])[0] == b"0.wav"
    assert shelf.now().sounds.names[:2] == [b"0 new.wav", b"0.wav"]
    same_as_catalog(shelf)


def test_a_new_class_begins_all_again(shelf, samples):
    from drumsort.teaching.teach import Teaching

    version = shelf.version
    with shelf.writing() as catalog:
        Teaching(catalog).add("Vox", [samples / "A" / "1.wav"])
    shelf.update([1])
    assert shelf.now().since(version) is None
    assert "Vox" in shelf.now().codes.families
    same_as_catalog(shelf)


def test_the_first_are_there_before_the_last(place, monkeypatch):
    monkeypatch.setattr(reading, "_BATCH", 5)
    shelf = Shelf(place)
    seen = []
    monkeypatch.setattr(
        Shelf, "_tell", lambda self, trouble: seen.append((len(shelf._shown.sounds), shelf._all))
    )
    shelf._look()
    assert seen == [(5, False), (10, False), (12, False)]
    assert shelf._shown.total == 12
    assert len(shelf.now().sounds) == 12
    shelf.close()


def test_trouble_is_said_and_ends(place):
    with closing(sqlite3.connect(place)) as connection, connection:
        (kept,) = connection.execute("SELECT scores FROM verdicts WHERE rowid = 1").fetchone()
        connection.execute("UPDATE verdicts SET scores = x'00' WHERE rowid = 1")
    shelf = Shelf(place)
    shelf.start()
    with pytest.raises(CatalogError, match="is damaged"):
        shelf.now()
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE verdicts SET scores = ? WHERE rowid = 1", (kept,))
    end = time.monotonic() + 20
    while True:
        try:
            assert len(shelf.now().sounds) == 12
            break
        except CatalogError:
            assert time.monotonic() < end
            time.sleep(0.1)
    shelf.close()
