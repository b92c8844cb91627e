"""What a person said is undone and redone to the last row, but for what others changed since."""

from pathlib import Path

import pytest

from drumsort import Catalog, Corrections
from drumsort.catalog.collections import Collections
from drumsort.catalog.steps import _KEYS, ChangedSince, Steps
from drumsort.teaching.teach import Teaching

from ..small_library import SOUNDS, place, samples, scanned  # noqa: F401


@pytest.fixture
def catalog(scanned):  # noqa: F811
    with Catalog(scanned) as opened:
        yield opened


@pytest.fixture
def paths(samples):  # noqa: F811
    return [samples / name for name in SOUNDS]


def rows(catalog):
    """All that a person said."""
    return {
        table.name: sorted(map(repr, map(tuple, catalog.read(f"SELECT * FROM {table.name}"))))
        for table in _KEYS
    }


def actions(catalog, paths: list[Path]):
    """Each thing that a person can say, one after the other."""
    corrections, collections = Corrections(catalog), Collections(catalog)
    teaching = Teaching(catalog)
    ids = [row for (row,) in catalog.read("SELECT rowid FROM files WHERE audio_hash IS NOT NULL")]
    yield lambda: corrections.correct(paths, "snare")
    yield lambda: corrections.correct(paths[:3] + paths[:2], "kick")
    yield lambda: corrections.correct_all(ids, "tom")
    yield lambda: collections.make("A")
    yield lambda: collections.add(2, paths[:3])
    yield lambda: collections.add_all(2, ids)
    yield lambda: collections.rename(2, "B")
    yield lambda: collections.remove_all(2, ids[:2])
    yield lambda: collections.delete(2)
    yield lambda: teaching.add("Vox", paths[:2])
    yield lambda: teaching.forget("vox")
    yield corrections.undo


def test_all_that_is_said_is_undone_and_redone_to_the_last_row(catalog, paths):
    steps, numbers, states = Steps(catalog), [], [rows(catalog)]
    for act in actions(catalog, paths):
        with steps.recording() as number:
            act()
        assert number in steps
        numbers.append(number)
        states.append(rows(catalog))
    for _ in range(2):
        for nth in reversed(range(len(numbers))):
            steps.undo(numbers[nth])
            assert rows(catalog) == states[nth]
        for nth, number in enumerate(numbers):
            steps.redo(number)
            assert rows(catalog) == states[nth + 1]


def test_many_at_once_are_corrected_as_one_by_one(catalog, paths):
    corrections = Corrections(catalog)
    ids = [row for (row,) in catalog.read("SELECT rowid FROM files")]
    corrections.correct(paths, "snare")
    one_by_one = [(c.audio_hash, c.path) for c in corrections.all()]
    assert corrections.correct_all(ids, "kick") == len(SOUNDS) == corrections.count()
    assert {c.label for c in corrections.all()} == {"kick"}
    assert [(c.audio_hash, c.path) for c in corrections.undo()] == one_by_one
    assert {c.label for c in corrections.all()} == {"snare"}


def test_nothing_is_no_step_and_another_connection_takes_none(catalog, paths):
    steps = Steps(catalog)
    with steps.recording() as nothing:
        pass
    with steps.recording() as other, Catalog(catalog.path) as elsewhere:
        Corrections(elsewhere).correct(paths, "kick")
    assert nothing not in steps
    assert other not in steps
    with pytest.raises(ChangedSince, match="before drumsort was started"):
        steps.undo(other)


@pytest.mark.parametrize("what", ["corrections", "collection", "class"])
def test_what_changed_elsewhere_since_stays(catalog, paths, what):
    steps = Steps(catalog)
    with steps.recording() as number:
        {
            "corrections": lambda: Corrections(catalog).correct(paths, "kick"),
            "collection": lambda: Collections(catalog).make("A"),
            "class": lambda: Teaching(catalog).add("Vox", paths[:1]),
        }[what]()
    with Catalog(catalog.path) as elsewhere:
        {
            "corrections": lambda: Corrections(elsewhere).correct(paths[:1], "tom"),
            "collection": lambda: Collections(elsewhere).add(2, paths[:1]),
            "class": lambda: Teaching(elsewhere).add("Vox", paths[1:2]),
        }[what]()
    before = rows(catalog)
    with pytest.raises(ChangedSince, match="changed elsewhere since"):
        steps.undo(number)
    assert rows(catalog) == before
