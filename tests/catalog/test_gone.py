"""Forgetting files that are gone: they and what was heard of them, but nothing a person said."""

import shutil

import pytest

from drumsort import Catalog, Corrections, forget, scan
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
