"""Columns say of each sound what its entry says, and hold as many as there are."""

import math
import os
import sqlite3
from contextlib import closing
from threading import Thread

import numpy as np
import pytest

from drumsort import Catalog, Corrections, find, scan
from drumsort.catalog import siblings
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import HEARD, columns
from drumsort.catalog.fields import TYPES
from drumsort.catalog.ids import id_of, paths_of, same_sounds
from drumsort.catalog.sortable import sortable
from drumsort.errors import CatalogError, DrumsortError
from drumsort.model.verdict import corrected
from drumsort.packs import pack_of
from drumsort.taxonomy import UNSURE
from drumsort.teaching.teach import Teaching
from drumsort.web.live_sounds import LiveSounds

from ..small_library import write
from ..synth.packs import write_packs


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A catalog of demo sounds of all labels; tests that change it take it back."""
    folder = tmp_path_factory.mktemp("demo")
    write_packs(folder / "Demo", per_label=5)
    scan(folder / "Demo", catalog=folder / "catalog.db")
    return folder / "catalog.db"


@pytest.mark.parametrize(
    "read",
    [
        lambda live, catalog: len(find("", catalog=catalog)),
        lambda live, catalog: len(list(sortable(catalog))),
        lambda live, catalog: live.read_all(),
    ],
)
def test_a_class_that_another_process_makes_meanwhile_is_no_damage(scanned, monkeypatch, read):
    of = Codes.of

    def slowly(catalog):
        codes = of(catalog)
        with Catalog(scanned) as other:
            Corrections(other).correct([next(other.entries()).path], "my rattle", new=True)
        return codes

    live = LiveSounds(scanned)
    with Catalog(scanned) as catalog:
        monkeypatch.setattr(Codes, "of", slowly)
        read(live, catalog)
    live.close()


def same_as_entries(catalog, policy="balanced", names="hint"):
    codes = Codes.of(catalog)
    found = columns(catalog, codes, policy=policy, names=names)
    families, labels, packs = list(codes.families), codes.labels, codes.pack_names
    folders = codes.folder_names
    entries = [e for e in catalog.entries(policy=policy, names=names) if e.prediction]
    assert len(found) == len(entries)
    numbers = [id_of(catalog, entry.path) for entry in entries]
    assert found.values["id"].tolist() == numbers
    for row, entry in enumerate(entries):
        said = entry.prediction
        if entry.correction:
            said = corrected(said, entry.correction)
        value = {name: found.values[name][row].item() for name in TYPES}
        assert found.names[row].decode() == entry.path.name
        assert families[value["family"]] == said.family
        assert labels[value["label"]] == said.label
        assert said.raw in codes.families[families[value["guess"]]]
        assert value["confidence"] == np.float32(said.confidence)
        assert value["corrected"] == (entry.correction is not None)
        assert packs[value["pack"]] == entry.pack
        folder = entry.path.parent.relative_to(entry.root.parent)
        assert folders[value["folder"]] == folder.as_posix()
        assert (value["x"], value["y"]) == tuple(said.place.tolist())
        measured = entry.facts.analysis
        assert value["duration"] == np.float32(entry.facts.duration)
        assert value["brightness"] == np.float32(measured.brightness_hz)
        assert value["loudness"] == np.float32(measured.loudness_db)
        if entry.pitch_hz is None:
            assert math.isnan(value["pitch"])
        else:
            assert value["pitch"] == np.float32(entry.pitch_hz)
    return found, codes


@pytest.mark.parametrize("policy", ["careful", "balanced", "everything"])
def test_they_agree_with_entries(demo, policy):
    with Catalog(demo) as catalog:
        found, codes = same_as_entries(catalog, policy)
    assert {name: values.dtype for name, values in found.values.items()} == {**TYPES, **HEARD}
    assert list(codes.families)[-2:] == ["other", "unsure"]
    unsure = (found.values["family"] == list(codes.families).index(UNSURE)).sum()
    assert {"careful": unsure > 10, "balanced": unsure > 0, "everything": unsure == 0}[policy]


def test_they_agree_with_corrections_classes_and_lessons(demo):
    with Catalog(demo) as catalog:
        paths = [entry.path for entry in catalog.entries()]
        Corrections(catalog).correct(paths[:7], "cowbell")
        same_as_entries(catalog)
        teaching = Teaching(catalog)
        teaching.add("Vox", paths[20:26])
        _, codes = same_as_entries(catalog)
        assert list(codes.families)[-3:] == ["Vox", "other", "unsure"]
        assert codes.own == {"Vox"}
        before, _ = same_as_entries(catalog)
        teaching.use(teaching.learn().number)
        after, _ = same_as_entries(catalog)
        assert (before.values["confidence"] != after.values["confidence"]).any()
        teaching.forget("Vox")
        Corrections(catalog).undo()
        assert columns(catalog, Codes.of(catalog)).values["corrected"].sum() == 0


def test_the_one_of_several_models_that_was_used_last_counts(samples, place, tmp_path):
    scan(samples, catalog=place)
    with closing(sqlite3.connect(place)) as connection, connection:  # an older model with 3 labels
        connection.execute(
            "INSERT INTO models (id, families, policies, used) VALUES "
            """('old', '{"kick": ["kick"], "thing": ["thing", "stuff"]}', '{"balanced": 0.5}', 0)"""
        )
        for number, (audio_hash,) in enumerate(
            connection.execute("SELECT audio_hash FROM sounds ORDER BY audio_hash").fetchall()
        ):
            scores = np.array([0.2, 0.3, 0.5], np.float32).tobytes()
            connection.execute(
                "INSERT INTO verdicts VALUES (?, 2, 'stuff', 0.8, ?, NULL, 0.5, 0.5)",
                (audio_hash, scores),
            )
            if number < 3:
                connection.execute(
                    "DELETE FROM verdicts WHERE audio_hash = ? AND model = 1", (audio_hash,)
                )
    with Catalog(place) as catalog:
        same_as_entries(catalog)
        found, codes = same_as_entries(catalog, names="ignore")
        assert list(codes.families)[-3:] == ["thing", "other", "unsure"]
        assert (found.values["family"] == list(codes.families).index("thing")).sum() == 3


def test_what_was_never_heard_or_is_gone_is_no_row(samples, place):
    (samples / "bad.wav").write_bytes(b"RIFF")
    scan(samples, catalog=place)
    with Catalog(place) as catalog:
        assert len(same_as_entries(catalog)[0]) == 6
    (samples / "top.wav").unlink()
    scan(samples, catalog=place)
    with Catalog(place) as catalog:
        assert len(same_as_entries(catalog)[0]) == 5


def test_an_empty_catalog_has_no_rows(place):
    with Catalog(place) as catalog:
        found = columns(catalog, Codes.of(catalog))
    assert len(found) == 0
    assert {name: values.dtype for name, values in found.values.items()} == {**TYPES, **HEARD}


def test_some_are_read_by_their_numbers_and_packs_keep_theirs(demo):
    with Catalog(demo) as catalog:
        codes = Codes.of(catalog)
        everything = columns(catalog, codes)
        chosen = everything.values["id"][[50, 3, 17]].tolist()
        some = columns(catalog, codes, chosen)
        assert sorted(some.values["id"].tolist()) == sorted(chosen)
        rows = np.flatnonzero(np.isin(everything.values["id"], chosen))
        again = everything.rows(rows)
        assert again.names == some.names
        for name, values in again.values.items():
            assert np.array_equal(values, some.values[name], equal_nan=True)
        assert len(columns(catalog, codes, [])) == 0


def test_folders_are_told_from_their_root_on_and_keep_their_numbers(samples, scanned):
    with Catalog(scanned) as catalog:
        codes = Codes.of(catalog)
        last = columns(catalog, codes).values["id"][-1:].tolist()
        assert codes.folder_names == [
            "Samples/Pack A/deep", "Samples/Pack A", "Samples/Pack B", "Samples",
        ]  # fmt: skip
        assert columns(catalog, codes, last).values["folder"].tolist() == [3]
        write(samples / "Pack 0" / "new.wav", "kick", 9)
        scan(samples, catalog=scanned)
        found = columns(catalog, codes)
        assert found.values["folder"].tolist() == [4, 0, 1, 1, 2, 2, 3]
        assert codes.folder_names[4:] == ["Samples/Pack 0"]


@pytest.mark.parametrize(
    ("root", "path", "shown"),
    [
        ("/m/S", "/m/S/A/x.wav", "S/A"),
        ("/m/S", "/m/S/x.wav", "S"),
        ("/m/S", "/m/S/A\udcff/x.wav", "S/A\ufffd"),
        ("/m/S", "/m/Sun/x.wav", "/m/Sun"),
        ("/m", "/m/A/x.wav", "m/A"),
        ("/", "/m/A/x.wav", "m/A"),
    ],
)
def test_how_a_folder_is_shown(root, path, shown):
    codes = Codes({}, (), frozenset())
    root, path = (os.fsencode(name.replace("/", os.sep)) for name in (root, path))
    assert codes.folder(root, path) == 0
    assert codes.folder_names == [shown]


def test_company_is_the_same_however_many_folders_are_taken_at_once(demo, monkeypatch):
    with Catalog(demo) as catalog:
        whole = columns(catalog, Codes.of(catalog))
        monkeypatch.setattr(siblings, "_AT_ONCE", 7)
        parts = columns(catalog, Codes.of(catalog))
        alone = columns(catalog, Codes.of(catalog), siblings=siblings.Siblings(catalog, "1"))
    for name, values in whole.values.items():
        assert np.array_equal(values, parts.values[name], equal_nan=True), name
    assert not np.array_equal(whole.values["confidence"], alone.values["confidence"])


def test_no_such_policy(demo):
    with Catalog(demo) as catalog, pytest.raises(DrumsortError, match="no policy 'brave'"):
        columns(catalog, Codes.of(catalog), policy="brave")


def test_scores_that_were_never_written_are_damage(scanned):
    with closing(sqlite3.connect(scanned)) as connection, connection:
        connection.execute("UPDATE verdicts SET scores = x'00' WHERE rowid = 1")
    with Catalog(scanned) as catalog, pytest.raises(CatalogError, match="is damaged"):
        columns(catalog, Codes.of(catalog))


def test_numbers_lead_to_files_and_back(samples, place):
    write(samples / "twin.wav", "kick", 1)
    scan(samples, catalog=place)
    with Catalog(place) as catalog:
        kick, twin = (
            id_of(catalog, path)
            for path in (samples / "Pack A" / "kick 1.wav", samples / "twin.wav")
        )
        assert paths_of(catalog, [twin, 999])[twin] == samples / "twin.wav"
        assert set(same_sounds(catalog, [kick])) == {kick, twin}
        assert id_of(catalog, samples / "none.wav") is None


def test_what_is_sorted_is_what_entries_say(demo):
    with Catalog(demo) as catalog:
        entries = {e.path: e for e in catalog.entries(policy="careful")}
        Corrections(catalog).correct([next(iter(entries))], "cowbell")
        results = list(sortable(catalog, policy="careful"))
        Corrections(catalog).undo()
        assert [result.path for result in results] == list(entries)
        assert results[0].family == "percussion"
        for result in results[1:]:
            entry = entries[result.path]
            assert (result.family, result.label) == (
                entry.prediction.family,
                entry.prediction.label,
            )
            assert (result.size, result.mtime_ns) == (entry.size, entry.mtime_ns)
            assert result.root == entry.root
            assert (pack_of(result.path, result.root) or result.root.name) == entry.pack
        assert len(list(sortable(catalog, [1, 2, 999]))) == 2


def test_names_are_listed_while_another_thread_adds_some():
    codes = Codes({}, (), frozenset())

    def add():
        for number in range(50_000):
            codes.folder(b"/top", b"/top/%d/sound.wav" % number)
            codes.pack(b"%d" % number)

    thread = Thread(target=add)
    thread.start()
    while thread.is_alive():
        assert len(codes.folder_names) <= 50_000
        assert len(codes.pack_names) <= 50_000
    thread.join()
    assert len(codes.folder_names) == len(codes.pack_names) == 50_000
