"""Corrections: kept by audio, so that nothing that happens to files or models loses them."""

import csv
import shutil

import pytest

from drumsort import find as find_sounds
from drumsort.audio.find import find
from drumsort.catalog import Catalog
from drumsort.catalog.classes import MOST, classes
from drumsort.errors import CatalogError, DrumsortError
from drumsort.teaching.corrections import Corrections
from drumsort.workflows.classify import Classifier
from drumsort.workflows.scan import scan

from ..small_library import write


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
        r.path.name: r
        for r in Classifier(catalog=catalog).classify_all(s for s, ok in find([samples]) if ok)
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
    before = corrections.all()
    corrections.correct(both[:1], "snare")
    assert labels(catalog) == {"kick 1.wav": "snare", "kick 2.wav": "tom"}
    assert [c.label for c in corrections.undo()] == ["snare"]
    assert corrections.all() == before
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
    (tmp_path / "odd.csv").write_text("\n".join([*lines, *odd]))
    count, failures = corrections.read(tmp_path / "odd.csv")
    assert count == 1
    assert [f.split(" of ")[0] for f in failures] == ["Line 3", "Line 4", "Line 5"]
    assert "There is no label 'zap'" in failures[0]
    assert "its audio_hash is not valid" in failures[1]
    assert "it ends too early" in failures[2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_a_spreadsheet_saved_is_read(catalog, samples, tmp_path, delimiter):
    corrections = Corrections(catalog)
    corrections.correct([samples / "top.wav"], "My; rims", new=True)
    corrections.write(tmp_path / "c.csv")
    with (tmp_path / "c.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))
    with (tmp_path / "saved.csv").open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    with Catalog(tmp_path / "other.db") as other:
        assert Corrections(other).read(tmp_path / "saved.csv") == (1, [])
        assert [c.label for c in Corrections(other).all()] == ["My; rims"]


def test_a_class_is_made_where_the_file_says_so_alone(catalog, samples, tmp_path):
    row = "audio_hash,label,path,{}\n" + f"{'ab' * 32},Vöx,a.wav," + "{}\n"
    other = f"{'cd' * 32},VÖX,b.wav," + "{}\n"
    (tmp_path / "old.csv").write_text(row.format("made_at", ""))
    assert Corrections(catalog).read(tmp_path / "old.csv")[0] == 0
    assert classes(catalog) == []
    (tmp_path / "new.csv").write_text(row.format("own_class", "yes") + other.format("Yes"))
    assert Corrections(catalog).read(tmp_path / "new.csv") == (2, [])
    assert classes(catalog) == ["Vöx"]
    assert {c.label for c in Corrections(catalog).all()} == {"Vöx"}
    (tmp_path / "saved.csv").write_text(row.format("own_class", "yes"), encoding="latin-1")
    _, (failure,) = Corrections(catalog).read(tmp_path / "saved.csv")
    assert failure.endswith("its label cannot be read, so save the file as CSV in UTF-8.")


@pytest.mark.parametrize(
    "content",
    [b"", b"fLaC" + bytes(range(256)) * 1000, b'{"a": [1, 2]}\n', b"name,size\na,1\n", b'"' * 99],
)
def test_what_holds_no_corrections_is_one_sentence(catalog, tmp_path, content):
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(DrumsortError, match=r"c\.csv is not a file of corrections: name one"):
        Corrections(catalog).read(tmp_path / "c.csv")


def test_a_file_that_is_damaged_further_on_is_left_alone(catalog, tmp_path):
    head = "audio_hash,label,path\n" + "ab" * 32 + ",rim,a.wav\n"
    (tmp_path / "c.csv").write_text(head + '"' + "x" * 200_000)
    with pytest.raises(CatalogError, match=r"c\.csv is damaged, so nothing is imported"):
        Corrections(catalog).read(tmp_path / "c.csv")
    assert labels(catalog) == {}


def test_nothing_is_overwritten(catalog, samples, tmp_path):
    corrections = Corrections(catalog)
    with pytest.raises(DrumsortError, match="No sound has been corrected"):
        corrections.write(tmp_path / "new.csv")
    assert not (tmp_path / "new.csv").exists()
    corrections.correct([samples / "top.wav"], "rim")
    assert corrections.write(tmp_path / "new.csv") == 1
    for path in (tmp_path / "new.csv", samples / "top.wav"):
        before = path.read_bytes()
        with pytest.raises(DrumsortError, match="exists already and is not overwritten: name"):
            corrections.write(path)
        assert path.read_bytes() == before


def test_what_cannot_be_corrected_is_named(catalog, samples, tmp_path):
    corrections = Corrections(catalog)
    with pytest.raises(DrumsortError, match="There is no label 'zap': choose one of kick, snare"):
        corrections.correct([samples / "top.wav"], "zap")
    failures = corrections.correct([tmp_path / "new.wav", samples / "top.wav"], "rim")
    assert list(failures) == [tmp_path / "new.wav"]
    assert "was never heard" in failures[tmp_path / "new.wav"]
    assert labels(catalog) == {"top.wav": "rim"}
    with pytest.raises(CatalogError, match="cannot be read"):
        corrections.read(tmp_path / "none.csv")
    with pytest.raises(CatalogError, match="cannot be written"):
        corrections.write(tmp_path / "no" / "c.csv")


def test_there_are_no_more_classes_than_have_numbers(catalog, samples):
    corrections, top = Corrections(catalog), [samples / "top.wav"]
    with catalog.writing() as connection:
        connection.executemany(
            "INSERT INTO classes VALUES (?, '')", [(f"My {n}",) for n in range(MOST)]
        )
    corrections.correct(top, "My 7", new=True)
    with pytest.raises(DrumsortError, match=f"There may be {MOST} classes of your own"):
        corrections.correct(top, "One more", new=True)
    assert find_sounds("name:top", catalog=catalog).values("label") == ["My 7"]
