"""Lists of sounds outlive what happens to the files."""

import shutil

import pytest

from drumsort.catalog import Catalog
from drumsort.catalog.collections import FAVOURITES, LONGEST, Collections
from drumsort.errors import DrumsortError
from drumsort.workflows.classify import classify
from drumsort.workflows.scan import scan

from ..small_library import write


@pytest.fixture
def collections(scanned):
    with Catalog(scanned) as catalog:
        yield Collections(catalog)


def test_favourites_are_there_from_the_start(collections):
    (only,) = collections.all()
    assert (only.number, only.name, only.count) == (FAVOURITES, "Favourites", 0)


def test_sounds_go_in_once_and_out_again(collections, samples):
    kick, hat = samples / "Pack A/kick 1.wav", samples / "Pack A/deep/hat.wav"
    assert collections.add(FAVOURITES, [kick, hat]) == {}
    assert collections.add(FAVOURITES, [kick]) == {}
    assert collections.files(FAVOURITES) == ([hat, kick], [])
    assert collections.of(kick) == [FAVOURITES]
    assert [entry.path for entry in collections.entries(FAVOURITES)] == [hat, kick]
    collections.remove(FAVOURITES, [kick])
    assert collections.files(FAVOURITES) == ([hat], [])
    assert collections.of(kick) == []
    assert collections.get(FAVOURITES).count == 1


def test_a_saved_query_is_kept_replaced_and_no_list(collections, samples):
    made = collections.save("Tight hats", "label:closed_hat length+")
    assert (made.query, made.count) == ("label:closed_hat length+", 0)
    now = collections.save("TIGHT HATS", "hat")
    assert (now.number, now.name, now.query) == (made.number, "Tight hats", "hat")
    assert collections.all()[-1] == now
    collections.rename(now.number, "Hats")
    assert collections.named("hats").query == "hat"
    with pytest.raises(DrumsortError, match="Hats is the saved query 'hat'"):
        collections.add_to("hats", [samples / "top.wav"])
    for change in collections.add_all, collections.remove_all, collections.remove:
        with pytest.raises(DrumsortError, match="saved query"):
            change(now.number, [])
    with pytest.raises(DrumsortError, match="Favourites is a list"):
        collections.save("favourites", "kick")
    collections.delete(now.number)
    assert len(collections.all()) == 1


def test_what_is_put_in_later_comes_later(collections, samples):
    collections.add(FAVOURITES, [samples / "top.wav"])
    collections.add(FAVOURITES, [samples / "Pack A/kick 1.wav"])
    files, _ = collections.files(FAVOURITES)
    assert [path.name for path in files] == ["top.wav", "kick 1.wav"]


def test_names_count_in_what_lies_outside_the_library_too(collections, tmp_path):
    outside = write(tmp_path / "elsewhere" / "Kick 9.wav", "snare", 9)
    list(classify(outside, catalog=collections.catalog))
    collections.add(FAVOURITES, [outside])

    def labels(names):
        return [e.label for e in collections.entries(FAVOURITES, "everything", names=names)]

    assert (labels("trust"), labels("ignore")) == (["kick"], ["snare"])


def test_two_sounds_that_had_the_same_name_are_both_in(collections, samples, scanned):
    kick, moved = samples / "Pack A/kick 1.wav", samples / "moved.wav"
    collections.add(FAVOURITES, [kick])
    kick.rename(moved)
    shutil.copyfile(samples / "Pack B/snare.wav", kick)
    scan(samples, catalog=scanned)
    collections.add(FAVOURITES, [kick])
    assert collections.files(FAVOURITES) == ([moved, kick], [])
    moved.unlink()
    scan(samples, catalog=scanned)
    assert collections.files(FAVOURITES) == ([kick], [kick])


def test_a_moved_file_stays_in_and_a_copy_stands_for_one_that_is_gone(
    collections, samples, scanned
):
    kick, snare = samples / "Pack A/kick 1.wav", samples / "Pack B/snare.wav"
    collections.add(FAVOURITES, [kick, snare])
    kick.rename(samples / "moved.wav")
    shutil.copyfile(snare, samples / "copy.wav")
    snare.unlink()
    scan(samples, catalog=scanned)
    files, lost = collections.files(FAVOURITES)
    assert {path.name for path in files} == {"moved.wav", "copy.wav"}
    assert lost == []
    (samples / "moved.wav").unlink()
    scan(samples, catalog=scanned)
    files, lost = collections.files(FAVOURITES)
    assert [path.name for path in files] == ["copy.wav"]
    assert lost == [kick]


def test_the_file_that_was_put_in_stands_before_its_copies(collections, samples, scanned):
    snare = samples / "Pack B/snare.wav"
    shutil.copyfile(snare, samples / "Pack B/a copy.wav")
    scan(samples, catalog=scanned)
    collections.add(FAVOURITES, [snare])
    assert collections.files(FAVOURITES) == ([snare], [])


def test_a_list_is_made_renamed_and_deleted(collections, samples):
    made = collections.make("  Dark kit ")
    assert made == collections.named("dark KIT")
    collections.add(made.number, [samples / "top.wav"])
    assert collections.rename(made.number, "DARK kit").count == 1
    collections.delete(made.number)
    assert [c.number for c in collections.all()] == [FAVOURITES]
    assert (samples / "top.wav").exists()
    again = collections.make("Dark kit")
    assert again.count == 0


def test_a_name_is_the_same_in_any_case_and_however_accents_are_written(collections, samples):
    made = collections.make("Été")
    for name in ("été", "ÉTÉ", "E\u0301te\u0301"):
        assert collections.named(name).number == made.number
        assert collections.add_to(name, [samples / "top.wav"])[0].number == made.number
        with pytest.raises(DrumsortError, match="There is a collection 'Été' already"):
            collections.make(name)
    assert collections.rename(made.number, "ÉTÉ").name == "ÉTÉ"


def test_a_new_list_is_made_for_sounds_alone(collections, samples):
    made, failures = collections.add_to("Kit", [samples / "none.wav"])
    assert (made, len(failures), len(collections.all())) == (None, 1, 1)
    made, failures = collections.add_to("Kit", [samples / "none.wav", samples / "top.wav"])
    assert (made.name, made.count, len(failures)) == ("Kit", 1, 1)
    made, failures = collections.add_to(" KIT ", [samples / "none.wav"])
    assert (made.name, made.count, len(failures)) == ("Kit", 1, 1)


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST + 1), "two\nlines", "\x1b[2J"])
def test_a_name_that_is_none_is_refused(collections, name):
    with pytest.raises(DrumsortError, match="name"):
        collections.make(name)


def test_what_cannot_be_done_is_one_sentence(collections, samples):
    collections.make("Kit")
    with pytest.raises(DrumsortError, match="There is a collection 'Kit' already"):
        collections.make("kit")
    with pytest.raises(DrumsortError, match="already"):
        collections.rename(FAVOURITES, "KIT")
    with pytest.raises(DrumsortError, match="Favourites cannot be deleted"):
        collections.delete(FAVOURITES)
    with pytest.raises(DrumsortError, match="There is no collection 'none': choose one of Fav"):
        collections.named("none")
    for act in (collections.get, collections.delete, collections.files):
        with pytest.raises(DrumsortError, match="There is no collection 9"):
            act(9)
    unknown = samples / "readme.txt"
    assert "was never heard" in collections.add(FAVOURITES, [unknown])[unknown]
