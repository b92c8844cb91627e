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
from drumsort.catalog.known_models import models
from drumsort.errors import CatalogError
from drumsort.model.bundle import Bundle
from drumsort.web import live_sounds
from drumsort.web.context import Context
from drumsort.web.handlers import scans
from drumsort.web.live_sounds import LiveSounds

from ..processes import wait_until
from ..small_library import two_networks, write


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
def live(place):
    """A live of it that looks when it is told to."""
    opened = LiveSounds(place)
    opened._look()
    yield opened
    opened.close()


def same_as_catalog(live):
    """Every value is what a fresh look gives, in any order."""
    with Catalog(live.path) as catalog:
        codes = live.snapshot().codes
        fresh = columns(catalog, Codes(codes.families, codes.labels, frozenset(),
                                       dict(codes.packs), dict(codes.folders)))  # fmt: skip
    here = live.snapshot().sounds
    order, expected = np.argsort(here.values["id"]), np.argsort(fresh.values["id"])
    for name in TYPES:
        assert np.array_equal(
            here.values[name][order], fresh.values[name][expected], equal_nan=True
        )
    names = [here.names[row] for row in order]
    assert names == [fresh.names[row] for row in expected]
    assert live.snapshot().total == len(here)


def correct(live, ids, label="ride"):
    with live.writing() as catalog:
        from drumsort.catalog.ids import paths_of

        Corrections(catalog).correct(paths_of(catalog, ids).values(), label)
    live.update(ids)


def test_company_that_another_process_changed_counts_at_once(live, place):
    """Before all is read again: a sound that is read by itself has the siblings of now."""
    ids, known = live.snapshot().sounds.values["id"].tolist(), live._siblings
    labels = list(Bundle.load().labels)
    unsure, hat = (np.full(len(labels), 0.001, np.float32) for _ in range(2))
    unsure[labels.index("kick")], unsure[labels.index("closed_hat")] = 0.55, 0.43
    hat[labels.index("closed_hat")] = 0.98
    all_ = "UPDATE verdicts SET scores = ?"
    one = f"{all_} WHERE audio_hash = (SELECT audio_hash FROM files WHERE rowid = ?)"
    with closing(sqlite3.connect(place)) as other, other:
        other.execute(all_, (hat.tobytes(),))
        other.execute(one, (unsure.tobytes(), ids[0]))
    live.update(ids[:1])
    with Catalog(place) as catalog:
        codes = live.snapshot().codes
        fresh, stale = (
            columns(catalog, codes, ids[:1], siblings=siblings).values["confidence"]
            for siblings in (None, known)
        )
    assert live.snapshot().sounds.values["confidence"][0] == fresh != stale


def test_a_version_tells_what_changed_since(live):
    first = live.version
    ids = live.snapshot().sounds.values["id"].tolist()
    correct(live, ids[2:4])
    second = live.version
    correct(live, ids[3:5], "clap")
    assert first < second < live.version

    def since(version):
        rows = live.snapshot().since(version)
        return live.snapshot().sounds.values["id"][rows].tolist()

    assert since(first) == ids[2:5]
    assert since(second) == ids[3:5]
    assert since(live.version) == []
    assert live.snapshot().since(first - 1) is None
    assert live.snapshot().since(live.version + 1) is None
    same_as_catalog(live)


def test_what_others_write_is_seen_and_ones_own_is_not_read_again(live, place, monkeypatch):
    ids = live.snapshot().sounds.values["id"].tolist()
    read = []
    monkeypatch.setattr(LiveSounds, "read_all", lambda self: read.append(True))
    correct(live, ids[:1])
    live._not_before = 0
    live._look()
    assert read == []
    with Catalog(place) as other:
        Corrections(other).undo()
    live._look()
    assert read == [True]


def test_what_others_add_does_not_wait_until_all_can_be_read_again(live, place, samples):
    version, count = live.version, len(live.snapshot().sounds)
    live._not_before = time.monotonic() + 3600  # as after a long time of reading
    write(samples / "A" / "new.wav", "clap", 9)
    assert scan(samples, catalog=place).heard == 1
    live._look()
    assert live.version > version
    assert live.snapshot().sounds.names[count] == b"new.wav"
    live._not_before = 0
    live._look()
    same_as_catalog(live)


def test_after_others_only_what_differs_has_changed(live, place, samples):
    version = live.version
    with Catalog(place) as other:
        Corrections(other).correct([samples / "A" / "3.wav"], "ride")
    live.read_all()
    assert live.version == version + 1
    (row,) = live.snapshot().since(version)
    assert live.snapshot().sounds.names[row] == b"3.wav"
    live.read_all()
    assert live.version == version + 1


def test_new_files_come_last_and_then_in_order(live, place, samples):
    version, before = live.version, live.snapshot().sounds.names
    write(samples / "0" / "0 new.wav", "tom", 1)  # in a folder of its own: no sibling changes
    scan(samples, catalog=place)
    live.growing = True
    live._look()
    assert live.snapshot().sounds.names == [*before, b"0 new.wav"]
    (row,) = live.snapshot().since(version)
    assert row == 12
    same_as_catalog(live)
    live._look()
    assert live.version == version + 1
    live.growing = False
    live.read_all()
    assert live.snapshot().since(version) is None
    assert sorted(before[:6])[0] == b"0.wav"
    assert live.snapshot().sounds.names[:2] == [b"0 new.wav", b"0.wav"]
    same_as_catalog(live)


def test_a_new_class_begins_all_again(live, samples):
    from drumsort.teaching.teach import Teaching

    version = live.version
    with live.writing() as catalog:
        Teaching(catalog).add("Vox", [samples / "A" / "1.wav"])
    live.update([1])
    assert live.snapshot().since(version) is None
    assert "Vox" in live.snapshot().codes.families
    same_as_catalog(live)


def test_the_first_are_there_before_the_last(place, monkeypatch):
    monkeypatch.setattr(reading, "_BATCH", 5)
    live = LiveSounds(place)
    seen = []
    monkeypatch.setattr(
        LiveSounds,
        "_tell",
        lambda self, trouble: seen.append((len(live._snapshot.sounds), live._all)),
    )
    live._look()
    assert seen == [(5, False), (10, False), (12, False)]
    assert live._snapshot.total == 12
    assert len(live.snapshot().sounds) == 12
    live.close()


def test_of_many_the_first_do_not_wait_for_the_company_of_the_others(place, monkeypatch):
    whole = LiveSounds(place)
    whole._look()
    monkeypatch.setattr(live_sounds, "_MANY", 3)
    monkeypatch.setattr(live_sounds, "_FIRST", 5)
    live = LiveSounds(place)
    early = []

    def siblings_of_all(catalog):
        early.append(live.snapshot(5))
        return all_siblings(catalog)

    all_siblings = live_sounds.all_siblings
    monkeypatch.setattr(live_sounds, "all_siblings", siblings_of_all)
    live._look()
    (first,) = early
    assert (len(first.sounds), first.total) == (5, 12)
    for snapshot in first, live.snapshot():
        assert snapshot.version == live.version
        for name, values in snapshot.sounds.values.items():
            expected = whole.snapshot().sounds.values[name][: len(values)]
            assert np.array_equal(values, expected, equal_nan=True), name
    whole.close()
    live.close()


def test_trouble_is_said_and_ends(place):
    with closing(sqlite3.connect(place)) as connection, connection:
        (kept,) = connection.execute("SELECT scores FROM verdicts WHERE rowid = 1").fetchone()
        connection.execute("UPDATE verdicts SET scores = x'00' WHERE rowid = 1")
    live = LiveSounds(place)
    live.start()
    with pytest.raises(CatalogError, match="is damaged"):
        live.snapshot()
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE verdicts SET scores = ? WHERE rowid = 1", (kept,))
    end = time.monotonic() + 20
    while True:
        try:
            assert len(live.snapshot().sounds) == 12
            break
        except CatalogError:
            assert time.monotonic() < end
            time.sleep(0.1)
    live.close()


def test_a_scan_from_the_page_hears_by_its_ear(samples, tmp_path, monkeypatch):
    model, place = two_networks(tmp_path), tmp_path / "new.db"
    monkeypatch.setattr("drumsort.model.bundle._shipped", lambda: model)
    live = LiveSounds(place)
    with closing(live):
        live.start()
        context = Context(live, lambda: None, ear="quick")
        scans.start(context, [samples / "A"])
        wait_until(lambda: not context.jobs.running)
    with Catalog(place) as catalog:
        assert [known.id for known in models(catalog).values()] == [context.bundle.id]
    assert context.bundle == Bundle.load(model, "quick")
