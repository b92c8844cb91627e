"""The demo is a real library, free to give away, that a sort tidies up as the README says."""

import csv
from collections import Counter
from urllib.parse import unquote

import pytest
import soundfile

from drumsort.errors import DrumsortError
from drumsort.taxonomy import FAMILIES, FOLDERS, UNSURE
from drumsort.workflows.demo import CREDITS, demo
from drumsort.workflows.sort import sort


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """The demo, in a folder of its own."""
    folder = tmp_path_factory.mktemp("demo") / "new" / "Samples"
    demo(folder)
    return folder


@pytest.fixture(scope="module")
def rows(samples):
    """What the credits say of each file."""
    with (samples / CREDITS).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_there_are_sounds_of_all_families_in_less_than_a_megabyte(samples, rows):
    there = {p.relative_to(samples).as_posix() for p in samples.rglob("*") if p.is_file()}
    assert there == {CREDITS, *(row["file"] for row in rows)}
    assert len(rows) >= 96
    assert {row["family"] for row in rows} == set(FAMILIES)
    assert sum((samples / file).stat().st_size for file in there) < 1_000_000
    for row in rows:
        info = soundfile.info(samples / row["file"])
        assert (info.format, info.channels) == ("OGG", 1)
        assert 0.01 < info.duration <= 1.31


def test_all_are_in_the_public_domain_and_named(rows):
    assert {row["licence"] for row in rows} == {"CC0-1.0", "Unlicense"}
    assert all(row["origin"].startswith("https://github.com/") for row in rows)
    assert len({row["origin"] for row in rows}) == len(rows)


def test_no_model_learned_from_them(rows, data):
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as table:
        known = {row["origin"]: row for row in csv.DictReader(table) if row["split"] == "test"}
    for row in rows:
        repository, _, path = row["origin"].partition(".com/")[2].partition("/blob/")
        commit, _, path = path.partition("/")
        there = known[f"{repository}@{commit}:{unquote(path)}"]
        assert (there["family"], there["label"]) == (row["family"], row["label"])


def test_nine_in_ten_of_what_is_filed_is_filed_right(samples, rows, tmp_path):
    done = sort(samples, tmp_path / "Sorted", catalog=False, dry_run=True)
    assert not done.failures and not done.damaged
    found = {
        o.source: o.target.relative_to(tmp_path / "Sorted").parts[0]
        for o in done.checked.operations
    }
    said = Counter()
    for row in rows:
        place = found[samples / row["file"]]
        right = place == FOLDERS.get(row["family"], row["family"])
        said["unsure" if place == FOLDERS[UNSURE] else "right" if right else "wrong"] += 1
    assert said["right"] >= 9 * said["wrong"]
    assert said["right"] >= 0.8 * len(rows)


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(DrumsortError, match=r"is not empty: choose"):
        demo(tmp_path)
    with pytest.raises(DrumsortError, match=r"is a file: choose"):
        demo(tmp_path / "mine.txt")
    with pytest.raises(DrumsortError, match=r"cannot be written to"):
        demo(tmp_path / "mine.txt" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
