"""Keywords and what is hidden: kept by the sound, through scans, moves and undo."""

import shutil

import pytest

from drumsort import Catalog, find, scan
from drumsort.catalog.hidden import Hidden, hidden_ids
from drumsort.catalog.ids import ids_of
from drumsort.catalog.keywords import Keywords
from drumsort.catalog.steps import Steps
from drumsort.errors import DrumsortError
from drumsort.workflows.similar import similar

from ..small_library import SOUNDS, place, samples, scanned  # noqa: F401


@pytest.fixture
def catalog(scanned):  # noqa: F811
    with Catalog(scanned) as opened:
        yield opened


def names(catalog, query):
    return [path.name for path in find(query, catalog=catalog).paths]


def hidden(catalog):
    return names(catalog, "hidden:yes")


def test_a_keyword_is_given_found_and_taken_away(catalog, samples):  # noqa: F811
    keywords = Keywords(catalog)
    kicks = [samples / "Pack A" / "kick 1.wav", samples / "Pack A" / "kick 2.wav"]
    assert keywords.add("Für live set", kicks) == (2, {})
    assert keywords.add("fÜr LIVE set ", kicks[:1]) == (0, {})
    changed, failures = keywords.add("dusty", [*kicks[1:], samples / "readme.txt"])
    assert (changed, list(failures)) == (1, [samples / "readme.txt"])
    assert [(one.name, one.count) for one in keywords.all()] == [("dusty", 1), ("Für live set", 2)]
    assert keywords.of(kicks[1]) == ["dusty", "Für live set"]
    assert names(catalog, "keyword:=dusty") == ["kick 2.wav"]
    assert names(catalog, "live -keyword:dusty") == ["kick 1.wav"]
    assert keywords.ids(["DUSTY"]) == ids_of(catalog, kicks[1:])
    assert keywords.remove("Dusty", kicks) == (1, {})
    assert keywords.of(kicks[1]) == ["Für live set"]
    with pytest.raises(DrumsortError, match="choose one of Für live set"):
        keywords.remove("dusty", kicks)
    for wrong in ("", "  ", "a, b", 'a"', "a;b", "x" * 61, "a\nb"):
        with pytest.raises(DrumsortError, match="keyword"):
            keywords.add(wrong, kicks)


def test_what_is_hidden_is_left_out_until_it_is_asked_for(catalog, samples):  # noqa: F811
    (number,) = ids_of(catalog, [samples / "Pack A" / "kick 2.wav"])
    one = Hidden(catalog)
    assert len(names(catalog, "")) == len(SOUNDS)
    assert (one.hide([number]), one.hide([number])) == (1, 0)
    assert hidden(catalog) == ["kick 2.wav"]
    assert names(catalog, "kick") == ["kick 1.wav"]
    assert "kick 2.wav" not in [
        e.path.name for e, _ in similar(samples / "top.wav", catalog=catalog)
    ]
    assert one.hide_packs([b"Pack A"]) == 2
    assert names(catalog, "") == ["snare.wav", "tom.wav", "top.wav"]
    assert one.show([number]) == 1  # by itself, though its pack is hidden
    assert sorted(hidden(catalog)) == ["hat.wav", "kick 1.wav"]
    assert one.hide_packs([b"Pack A"]) == 1
    assert one.show_packs([b"Pack A"]) == 3
    assert (hidden(catalog), one.packs()) == ([], [])


def test_it_survives_scans_and_moves(catalog, samples, scanned):  # noqa: F811
    first, pack = samples / "Pack A" / "kick 1.wav", samples / "Pack B"
    Keywords(catalog).add("dusty", [first])
    Hidden(catalog).hide(ids_of(catalog, [first]))
    Hidden(catalog).hide_packs([b"Pack B"])
    (before,) = find("keyword:dusty hidden:yes", catalog=catalog).values("added")
    first.rename(samples / "moved.wav")
    shutil.copy(samples / "top.wav", pack / "again.wav")  # the same sound, in a hidden pack
    scan(samples, catalog=scanned)
    assert hidden(catalog) == ["again.wav", "snare.wav", "tom.wav", "moved.wav"]
    assert names(catalog, "keyword:dusty hidden:yes") == ["moved.wav"]
    assert find("keyword:dusty hidden:yes", catalog=catalog).values("added") == [before]
    assert "top.wav" in names(catalog, "")


def test_a_catalog_knows_when_a_file_came(catalog, samples, scanned):  # noqa: F811
    with catalog.writing() as connection:
        connection.execute(
            "UPDATE files SET added_at = 1000 WHERE CAST(path AS TEXT) LIKE '%kick%'"
        )
        connection.execute("UPDATE files SET added_at = NULL WHERE CAST(path AS TEXT) LIKE '%hat%'")
    scan(samples, catalog=scanned)
    assert names(catalog, "added+ name:.wav")[:2] == ["kick 1.wav", "kick 2.wav"]
    assert names(catalog, "added-")[-3:] == ["kick 1.wav", "kick 2.wav", "hat.wav"]
    assert names(catalog, "added:today") == ["snare.wav", "tom.wav", "top.wav"]


def test_a_visit_undoes_and_redoes_it(catalog):
    ids = [row for (row,) in catalog.read("SELECT rowid FROM files WHERE audio_hash IS NOT NULL")]
    steps, keywords, away = Steps(catalog), Keywords(catalog), Hidden(catalog)
    states, numbers = [], []
    for act in (
        lambda: keywords.add_all("dusty", ids),
        lambda: keywords.remove_all("dusty", ids[:3]),
        lambda: away.hide(ids[:2]),
        lambda: away.hide_packs([b"Pack B"]),
        lambda: away.show(ids),
        lambda: away.show_packs([b"Pack B"]),
    ):
        states.append((keywords.ids(["dusty"]), hidden_ids(catalog).tolist(), away.packs()))
        with steps.recording() as number:
            act()
        numbers.append(number)
    assert hidden_ids(catalog).tolist() == []
    for number, state in zip(reversed(numbers), reversed(states), strict=True):
        touched = steps.undo(number)
        assert touched.hidden == (number in numbers[2:])
        assert (keywords.ids(["dusty"]), hidden_ids(catalog).tolist(), away.packs()) == state
    for number in numbers:
        steps.redo(number)
    assert len(keywords.ids(["dusty"])) == len(ids) - 3
