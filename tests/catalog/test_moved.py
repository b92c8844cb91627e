"""Where the catalog believes files to be that drumsort moved itself."""

import shutil

import pytest

from drumsort import Catalog, apply, classify, plan, scan, undo
from drumsort.catalog.moved import follow_run


@pytest.fixture
def places(scanned):
    """Looks up where each file that is there was found, and in which pack."""

    def look():
        with Catalog(scanned) as catalog:
            return {entry.path: (entry.root, entry.pack) for entry in catalog.entries()}

    return look


@pytest.fixture
def follow(scanned):
    """Tells the catalog of a run, and gives that run."""

    def tell(run, **options):
        with Catalog(scanned) as catalog:
            follow_run(catalog, run, **options)
        return run

    return tell


def test_what_is_moved_and_taken_back_is_in_the_folders_that_were_scanned(
    samples, scanned, places, follow, tmp_path, monkeypatch
):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    other = tmp_path / "Drive" / "Loops"
    shutil.copytree(samples / "Pack B", other / "Pack C")
    scan(other, catalog=scanned)
    before = places()
    assert {root for root, _ in before.values()} == {samples, other}
    run = follow(apply(plan(classify([samples, other]), tmp_path / "Sorted", "move")))
    assert run.done == len(before) == 8
    assert {root for root, _ in places().values()} == {tmp_path / "Sorted"}
    follow(undo(run.id))
    assert places() == before


def test_what_is_moved_away_is_gone_until_it_is_taken_back(
    samples, scanned, places, follow, tmp_path, monkeypatch
):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    before = places()
    run = apply(plan(classify(samples / "Pack B"), tmp_path / "Doubles", "move"))
    follow(run, away=True)
    assert places().keys() == {path for path in before if "Pack B" not in path.parts}
    follow(undo(run.id))
    assert places() == before
