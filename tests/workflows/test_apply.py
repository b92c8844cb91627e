"""A plan that Python code carries out: the catalog follows, as after a command."""

import pytest

from drumsort import Catalog, apply, classify, history, plan, scan, undo
from drumsort.catalog import default_path
from drumsort.errors import PlanRefused
from drumsort.sorting.journal import Journal
from drumsort.types import Action, Operation


@pytest.fixture
def own(samples, tmp_path, monkeypatch):
    """The user's own catalog, which knows the samples."""
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    scan(samples)
    return default_path()


def paths(catalog):
    """Every file that a catalog believes to be there."""
    with Catalog(catalog, create=False) as opened:
        return {entry.path for entry in opened.entries()}


def sorted_files(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_the_users_catalog_follows_a_move_and_its_undo(own, samples, tmp_path):
    before, into = paths(own), tmp_path / "Sorted"
    run = apply(plan(classify(samples), into, "move"))
    assert run.done == len(before) == 6
    assert paths(own) == sorted_files(into)
    assert undo(run).done == 6
    assert paths(own) == before


def test_another_catalog_follows_instead(own, samples, place, tmp_path):
    before, into = paths(own), tmp_path / "Sorted"
    scan(samples, catalog=place)
    run = apply(plan(classify(samples), into, "move"), catalog=place)
    assert paths(place) == sorted_files(into)
    assert paths(own) == before
    with Catalog(place) as opened:
        undo(run, catalog=opened)
        assert {entry.path for entry in opened.entries()} == before


def test_no_catalog_follows_where_none_is_wanted_or_there(own, samples, tmp_path):
    before = paths(own)
    run = apply(plan(classify(samples), tmp_path / "Sorted", "move"), catalog=False)
    assert run.done == 6
    assert paths(own) == before
    assert undo(run, catalog=False).done == 6
    own.unlink()
    assert apply(plan(classify(samples), tmp_path / "Sorted", "move")).done == 6
    assert not own.exists()


def test_a_catalog_that_cannot_be_told_is_a_warning(own, samples, tmp_path):
    with pytest.warns(UserWarning, match=r"none\.db.*Scan the moved files again"):
        run = apply(
            plan(classify(samples), tmp_path / "Sorted", "move"), catalog=tmp_path / "none.db"
        )
    assert run.done == 6


def test_duplicates_that_are_moved_away_count_as_gone(own, samples, tmp_path):
    before = paths(own)
    run = apply(plan(classify(samples / "Pack B"), tmp_path / "Doubles", "move"), away=True)
    assert paths(own) == {path for path in before if "Pack B" not in path.parts}
    undo(run)
    assert paths(own) == before


def test_a_run_is_running_while_somebody_works_on_it_and_unfinished_after(own, tmp_path):
    into = tmp_path / "Sorted"
    waiting = [Operation(tmp_path / "a.wav", into / "a.wav", 1, 1)]
    journal = Journal.create(Action.COPY, into, waiting, [])
    assert [run.state for run in history()] == ["running"]
    with pytest.raises(PlanRefused, match=r"is at work in .*Sorted right now"):
        apply(plan([], into))
    journal.close()
    assert [run.state for run in history()] == ["unfinished"]
    with pytest.raises(PlanRefused, match="was stopped: 'drumsort resume"):
        apply(plan([], into))
