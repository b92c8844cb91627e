"""Corrections: kept by audio, so that nothing that happens to files or models loses them."""

import shutil

import pytest

from drumsort.audio.files import find
from drumsort.errors import CatalogError, DrumsortError
from drumsort.library import Catalog, Corrections
from drumsort.pipeline import Ear
from drumsort.scanning import scan

from .conftest import write


@pytest.fixture
def catalog(scanned):
    with Catalog(scanned) as opened:
        yield opened


def labels(catalog):
    return {c.path.name: c.label for c in Corrections(catalog).all()}


def test_a_correction_is_listed_with_its_file(catalog, samples):
    corrections = Corrections(catalog)
    assert corrections.correct([samples / "top.wav"], "rim") == {}
    (one,) = corrections.all()
    assert (one.label, one.path) == ("rim", (samples / "top.wav").resolve())
    (entry,) = catalog.entries(samples / "top.wav")
    assert entry.correction == "rim"


def test_it_survives_a_move_and_a_new_scan(scanned, samples):
    with Catalog(scanned) as catalog:
        Corrections(catalog).correct([samples / "top.wav"], "rim")
    (samples / "elsewhere").mkdir()
    shutil.move(samples / "top.wav", samples / "elsewhere" / "renamed.wav")
    scan(samples, catalog=scanned)
    with Catalog(scanned) as catalog:
        (entry,) = catalog.entries(samples / "elsewhere" / "renamed.wav")
        assert entry.correction == "rim"


def test_what_is_heard_with_the_catalog_goes_by_it(catalog, samples):
    Corrections(catalog).correct([samples / "top.wav"], "rim")
    shutil.copy(samples / "top.wav", samples / "copy.wav")  # not scanned yet
    results = {
        r.path.name: r for r in Ear(catalog=catalog).hear_all(s for s, ok in find([samples]) if ok)
    }
    for name in ("top.wav", "copy.wav"):
        assert (results[name].family, results[name].label) == ("snare", "rim")
        assert results[name].prediction.reason == "you said so"
        assert results[name].confidence == 1
    assert results["tom.wav"].prediction.reason != "you said so"


def test_undo_takes_back_one_command_at_a_time(catalog, samples):
    corrections = Corrections(catalog)
    both = [samples / "Pack A/kick 1.wav", samples / "Pack A/kick 2.wav"]
    corrections.correct(both, "tom")
    corrections.correct(both[:1], "snare")
    assert labels(catalog) == {"kick 1.wav": "snare", "kick 2.wav": "tom"}
    assert [c.label for c in corrections.undo()] == ["snare"]
    assert labels(catalog) == {"kick 1.wav": "tom", "kick 2.wav": "tom"}
    assert len(corrections.undo()) == 2
    assert labels(catalog) == {}
    assert corrections.undo() == []


def test_a_csv_carries_them_to_another_catalog(catalog, samples, tmp_path):
    write(samples / "=1+1.wav", "rim", 7)
    scan(samples, catalog=catalog.path)
    corrections = Corrections(catalog)
    corrections.correct([samples / "top.wav", samples / "=1+1.wav"], "rim")
    assert corrections.write(tmp_path / "c.csv") == 2
    with Catalog(tmp_path / "other.db") as other:
        assert Corrections(other).read(tmp_path / "c.csv") == (2, [])
        hashes = {c.audio_hash for c in Corrections(other).all()}
        assert hashes == {c.audio_hash for c in corrections.all()}
    assert all(
        not cell.startswith(("=", "+", "@"))
        for line in (tmp_path / "c.csv").read_text().splitlines()
        for cell in line.split(",")
    )


def test_lines_that_say_nothing_usable_are_named_and_the_rest_is_taken(catalog, samples, tmp_path):
    corrections = Corrections(catalog)
    corrections.correct([samples / "top.wav"], "rim")
    corrections.write(tmp_path / "c.csv")
    lines = (tmp_path / "c.csv").read_text().splitlines()
    odd = [lines[1].replace(",rim,", ",zap,"), "xyz,rim,p,t", "short"]
    (tmp_path / "c.csv").write_text("\n".join([*lines, *odd]))
    count, failures = corrections.read(tmp_path / "c.csv")
    assert count == 1
    assert [f.split(" of ")[0] for f in failures] == ["Line 3", "Line 4", "Line 5"]
    assert "There is no label 'zap'" in failures[0]


def test_what_cannot_be_corrected_is_named(catalog, samples, tmp_path):
    corrections = Corrections(catalog)
    with pytest.raises(DrumsortError, match="There is no label 'zap': choose one of kick, snare"):
        corrections.correct([samples / "top.wav"], "zap")
    failures = corrections.correct([tmp_path / "new.wav", samples / "top.wav"], "rim")
    assert list(failures) == [tmp_path / "new.wav"]
    assert "scan its folder first" in failures[tmp_path / "new.wav"]
    assert labels(catalog) == {"top.wav": "rim"}
    with pytest.raises(CatalogError, match="cannot be read"):
        corrections.read(tmp_path / "none.csv")
    with pytest.raises(CatalogError, match="cannot be written"):
        corrections.write(tmp_path / "no" / "c.csv")
