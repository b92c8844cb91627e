"""Forgetting files that are gone: they and what was heard of them, but nothing a person said."""

import shutil

import pytest

from drumsort import Catalog, Corrections, forget, scan, similar
from drumsort.catalog import writer_lock
from drumsort.catalog.collections import Collections
from drumsort.errors import CatalogError

from ..small_library import dump


def left(place):
    """How many files and sounds a catalog knows, and how many verdicts."""
    files, sounds, verdicts, _ = dump(place)
    assert {row[0] for row in sounds} == {row[1] for row in verdicts}
    return len(files), len(sounds)


def test_only_what_is_not_there_is_forgotten(samples, scanned):
    (samples / "Pack A" / "kick 1.wav").unlink()
    assert forget(samples / "Pack B", catalog=scanned) == 0
    assert forget(samples, catalog=scanned) == 1
    assert left(scanned) == (5, 5)
    assert scan(samples, catalog=scanned).unchanged == 5


def test_a_drive_that_never_comes_back(samples, scanned, tmp_path):
    samples.rename(tmp_path / "elsewhere")
    assert scan(samples, catalog=scanned).absent == (samples,)
    assert forget([samples / "Pack A", samples / "top.wav"], catalog=scanned) == 4
    assert left(scanned) == (2, 2)
    assert forget(samples, catalog=scanned) == 2
    assert left(scanned) == (0, 0)
    (tmp_path / "elsewhere").rename(samples)
    assert scan(samples, catalog=scanned).heard == 6


def test_what_a_person_said_and_what_others_hold_is_kept(samples, scanned):
    kick, hat, top = (
        samples / name for name in ("Pack A/kick 1.wav", "Pack A/deep/hat.wav", "top.wav")
    )
    shutil.copy2(top, samples / "Pack A" / "copy.wav")
    scan(samples, catalog=scanned)
    with Catalog(scanned) as catalog:
        Corrections(catalog).correct([kick], "tom")
        Collections(catalog).add(1, [hat])
        shutil.rmtree(samples / "Pack A")
        assert forget(samples / "Pack A", catalog=catalog) == 4
    assert left(scanned) == (3, 5)
    assert [row[1] for row in dump(scanned)[3]] == ["tom"]


def test_one_sentence_where_nothing_is_known(samples, scanned, place, tmp_path):
    with pytest.raises(CatalogError, match=r"knows no file in .*never\."):
        forget(tmp_path / "never", catalog=scanned)
    with writer_lock(place), pytest.raises(CatalogError, match="Another drumsort is filling"):
        forget(samples, catalog=place)
    with pytest.raises(CatalogError, match="There is no catalog"):
        forget(samples, catalog=tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("renamed", [".", "Pack A"])
def test_a_renamed_folder_is_named_as_it_is_now(samples, scanned, renamed):
    old = samples / renamed
    new = old.with_name("Renamed")
    with Catalog(scanned) as catalog:
        Collections(catalog).add(1, [samples / "Pack A" / "kick 1.wav"])
        old.rename(new)
        done = scan(new, catalog=catalog)
        count = sum(path.suffix == ".wav" for path in new.rglob("*"))
        assert (done.heard, done.twins, done.replaced) == (0, count, count)
        assert scan(new, catalog=catalog).replaced == 0
        assert all(entry.path.exists() for entry in catalog.entries())
        kick = next(new.rglob("kick 1.wav"))
        assert Collections(catalog).files(1) == ([kick], [])
        assert all(entry.path.exists() for entry, _ in similar(kick, catalog=catalog))
        new.rename(old)  # the drive is back
        scan(samples, catalog=catalog)
        assert all(entry.path.is_relative_to(samples) for entry in catalog.entries())
        assert len(list(catalog.entries())) == 6


def test_a_drive_that_is_unplugged_keeps_what_is_nowhere_else(samples, scanned, tmp_path):
    shutil.copytree(samples / "Pack A", tmp_path / "Copy")
    with Catalog(scanned) as catalog:
        scan(tmp_path / "Copy", catalog=catalog)
        Collections(catalog).add(1, [samples / "Pack A" / "kick 1.wav", samples / "top.wav"])
        samples.rename(tmp_path / "unplugged")
        here = tmp_path / "Copy" / "kick 1.wav"
        before = {samples / "top.wav", here}  # known without another scan
        assert {*Collections(catalog).files(1)[0]} == before
        found = {entry.path for entry, _ in similar(tmp_path / "Copy/kick 2.wav", catalog=catalog)}
        assert here in found and samples / "Pack A" / "kick 1.wav" not in found
        assert scan(tmp_path / "Copy", catalog=catalog).replaced == 3
        assert {*Collections(catalog).files(1)[0]} == before
        left = {entry.path for entry in catalog.entries(samples)}
        assert left == {
            samples / "Pack B/snare.wav",
            samples / "Pack B/tom.wav",
            samples / "top.wav",
        }
