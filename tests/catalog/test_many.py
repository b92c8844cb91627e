"""What is done to very many sounds takes steps in proportion to their number, not to its square.

SQLite counts the steps of its own machine, so the bound is the same on a slow computer.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from drumsort import Catalog, Corrections, forget
from drumsort.catalog.collections import FAVOURITES, Collections
from drumsort.catalog.hidden import Hidden, hidden_ids
from drumsort.catalog.keywords import Keywords
from drumsort.catalog.steps import Steps
from drumsort.teaching.teach import Teaching

COUNT = 10_000
MOST = 500
"""Steps that one sound may take; a look through all sounds, for each one, takes above 10,000."""

STEP = 1000


@pytest.fixture
def many(tmp_path):
    """A catalog of many sounds that no scan found, all of them in the favourites."""
    with Catalog(tmp_path / "catalog.db") as catalog:
        top, at = os.fsencode(tmp_path), "2026-01-01T00:00:00.000000+00:00"
        keys = [catalog.key(tmp_path / f"{number:05d}.wav") for number in range(COUNT)]
        hashes = [number.to_bytes(32, "big") for number in range(COUNT)]
        with catalog.writing() as connection:
            connection.executemany(
                "INSERT INTO sounds (audio_hash, duration, rate, channels, loudness_db, peak_db,"
                " onset_s, brightness_hz) VALUES (?, 0.5, 44100, 1, -20, -1, 0, 4000)",
                [(sound,) for sound in hashes],
            )
            connection.executemany(
                "INSERT INTO files (path, root, pack, size, mtime_ns, audio_hash, format, note)"
                " VALUES (?, ?, ?, 1, 1, ?, 'WAV PCM_16', '')",
                [(key, top, b"P", sound) for key, sound in zip(keys, hashes, strict=True)],
            )
            connection.executemany(
                "INSERT INTO collected VALUES (1, ?, ?, ?)",
                [(sound, key, at) for key, sound in zip(keys, hashes, strict=True)],
            )
        yield catalog, [Path(os.fsdecode(key)) for key in keys]


@pytest.fixture
def bounded(many):
    """Stops SQLite once the catalog took more steps than its sounds may; call it to start anew."""
    catalog, _ = many
    taken = 0

    def step():
        nonlocal taken
        taken += STEP
        return taken > MOST * COUNT

    with catalog.writing() as connection:
        connection.set_progress_handler(step, STEP)

    def anew():
        nonlocal taken
        taken = 0

    return anew


def test_undoing_what_was_corrected_twice(many, bounded):
    catalog, paths = many
    corrections = Corrections(catalog)
    assert corrections.correct(paths, "snare") == {}
    assert corrections.correct(paths, "kick") == {}
    assert [one.label for one in corrections.all()] == ["kick"] * COUNT
    first = corrections.undo()
    assert [one.path for one in first] == paths
    assert {one.label for one in first} == {"kick"}
    assert {one.label for one in corrections.all()} == {"snare"}
    assert {one.label for one in corrections.undo()} == {"snare"}
    assert corrections.all() == []
    assert list(corrections.undo()) == []


def test_a_class_with_very_many_examples(many, bounded):
    catalog, paths = many
    Corrections(catalog).correct(paths, "tom")
    teaching = Teaching(catalog)
    assert teaching.add("Vox", paths) == {}
    assert teaching.classes() == [("Vox", COUNT)]
    teaching.forget("Vox")
    assert Corrections(catalog).all() == []


def test_collections_of_very_many(many, bounded):
    catalog, paths = many
    collections = Collections(catalog)
    made = collections.make("Kit")
    assert collections.add(made.number, paths) == {}
    assert [collections.of(path) for path in paths[:500]] == [[FAVOURITES, made.number]] * 500
    assert collections.remove(made.number, paths) == {}
    found, lost = collections.files(FAVOURITES)
    assert (len(found), lost) == (COUNT, [])


def test_keywords_of_very_many_and_hiding_them(many, bounded):
    catalog, _ = many
    ids = [row for (row,) in catalog.read("SELECT rowid FROM files")]
    keywords, hidden, steps = Keywords(catalog), Hidden(catalog), Steps(catalog)
    with steps.recording() as first:
        assert keywords.add_all("dusty", ids) == ("dusty", COUNT)
    assert [one.count for one in keywords.all()] == [COUNT]
    bounded()
    steps.undo(first)
    bounded()
    with steps.recording() as second:
        assert hidden.hide(ids) == COUNT
    assert hidden.hide_packs([b"P"]) == 0
    bounded()
    assert hidden.show(ids[: COUNT // 2]) == COUNT // 2
    assert len(hidden_ids(catalog)) == COUNT // 2
    assert second in steps


def test_forgetting_very_many(many, bounded, tmp_path):
    catalog, paths = many
    Corrections(catalog).correct(paths[: COUNT // 2], "tom")
    assert forget(tmp_path, catalog=catalog) == COUNT
    assert list(catalog.entries()) == []


def test_a_log_without_its_index_takes_too_many(many, bounded):
    catalog, paths = many
    with closing(sqlite3.connect(catalog.path)) as connection:
        connection.execute("DROP INDEX log_of_sound")
    corrections = Corrections(catalog)
    corrections.correct(paths, "snare")
    corrections.correct(paths, "kick")
    with pytest.raises(Exception, match="interrupted"):
        corrections.undo()


def test_a_step_of_very_many_is_undone_and_redone(many, bounded):
    catalog, paths = many
    ids = [row for (row,) in catalog.read("SELECT rowid FROM files")]
    corrections, steps = Corrections(catalog), Steps(catalog)
    with steps.recording() as first:
        assert corrections.correct_all(ids, "snare") == COUNT
    bounded()
    with steps.recording() as second:
        Collections(catalog).remove_all(FAVOURITES, ids)
    bounded()
    steps.undo(second)
    bounded()
    assert len(steps.undo(first).files) == COUNT
    assert corrections.count() == 0
    bounded()
    steps.redo(first)
    assert corrections.count() == COUNT
    assert len(Collections(catalog).files(FAVOURITES)[0]) == len(paths)


def test_what_was_put_into_a_collection_is_taken_out_again(many, bounded):
    catalog, _ = many
    steps = Steps(catalog)
    with steps.recording() as number, catalog.writing() as connection:
        connection.execute("INSERT INTO collections (number, name, made_at) VALUES (2, 'B', '')")
        connection.execute("INSERT INTO collected SELECT 2, audio_hash, path, '' FROM files")
    bounded()
    steps.undo(number)
    assert next(catalog.read("SELECT count(*) FROM collected"))[0] == COUNT
    bounded()
    steps.redo(number)
    assert next(catalog.read("SELECT count(*) FROM collected"))[0] == 2 * COUNT
