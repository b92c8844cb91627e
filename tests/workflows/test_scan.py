"""A scan makes the catalog agree with the disk: added, changed, moved, removed, absent."""

import os
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest
import soundfile

from drumsort import Catalog, Corrections, Progress, Step, classify, scan, similar
from drumsort.audio.part import Part
from drumsort.catalog.collections import Collections
from drumsort.model.bundle import Bundle
from drumsort.packs import pack_of

from ..small_library import SOUNDS, another_model, correct, dump, failing, two_networks, write


def counts(done):
    return {
        name: getattr(done, name)
        for name in ("heard", "unchanged", "moved", "twins", "missing")
        if getattr(done, name)
    }


def entry(place, path, **options):
    with Catalog(place) as catalog:
        (found,) = catalog.entries(path, **options)
    return found


def test_every_file_is_remembered_as_classify_hears_it(samples, scanned):
    with Catalog(scanned) as catalog:
        entries = {entry.path: entry for entry in catalog.entries()}
    results = list(classify(samples))
    assert set(entries) == {result.path for result in results}
    for result in results:
        entry = entries[result.path]
        assert entry.prediction == result.prediction
        assert np.array_equal(entry.prediction.embedding, result.prediction.embedding)
        assert np.array_equal(entry.prediction.place, result.prediction.place)
        assert (entry.size, entry.mtime_ns) == (result.size, result.mtime_ns)
        assert (entry.pack, entry.root) == (pack_of(result.path, samples) or "Samples", samples)
        assert (entry.missing, entry.error, entry.correction) == (False, None, None)
        assert entry.model == Bundle.load().id
        assert (entry.facts.rate, entry.facts.channels) == (44100, 1)
        assert entry.facts.format == "WAV PCM_16"
        assert entry.facts.duration == pytest.approx(len(soundfile.read(entry.path)[0]) / 44100)


@pytest.mark.parametrize("min_confidence", [0.0, 1.0])
def test_the_policy_of_the_day_decides(samples, scanned, min_confidence):
    with Catalog(scanned) as catalog:
        entries = list(catalog.entries(min_confidence=min_confidence))
    results = sorted(classify(samples, min_confidence=min_confidence), key=lambda r: r.path)
    assert [entry.prediction for entry in entries] == [result.prediction for result in results]


def test_a_second_scan_hears_nothing(samples, scanned, heard):
    before = dump(scanned)
    assert counts(scan(samples, catalog=scanned)) == {"unchanged": 6}
    assert heard == []
    assert dump(scanned) == before


def test_added_and_changed_files_are_heard(samples, scanned, heard):
    write(samples / "Pack A" / "new.wav", "ride", 4)
    write(samples / "Pack B" / "tom.wav", "cowbell", 5)
    assert counts(scan(samples, catalog=scanned)) == {"heard": 2, "unchanged": 5}
    assert sorted(heard) == ["new.wav", "tom.wav"]
    (now,) = classify(samples / "Pack B" / "tom.wav")
    assert entry(scanned, now.path).prediction == now.prediction


def test_a_moved_file_is_not_heard_and_its_old_entry_goes(samples, scanned, heard):
    correct(scanned, "rim")
    (samples / "Pack B").rename(samples / "Pack C")
    assert counts(scan(samples, catalog=scanned)) == {"moved": 2, "unchanged": 4}
    assert heard == []
    moved = entry(scanned, samples / "Pack C" / "tom.wav")
    assert (moved.pack, moved.correction) == ("Pack C", "rim")
    with Catalog(scanned) as catalog:
        assert len(list(catalog.entries(missing=True))) == len(SOUNDS)


def test_a_file_moved_with_another_time_is_known_by_its_audio(samples, scanned):
    (samples / "top.wav").rename(samples / "Pack A" / "clap.wav")
    os.utime(samples / "Pack A" / "clap.wav", (1, 1))
    assert counts(scan(samples, catalog=scanned)) == {"moved": 1, "unchanged": 5}


def test_a_copy_is_not_heard_and_both_are_there(samples, scanned, heard):
    shutil.copy2(samples / "top.wav", samples / "copy.wav")
    assert counts(scan(samples, catalog=scanned)) == {"twins": 1, "unchanged": 6}
    assert heard == []
    one, other = (entry(scanned, samples / name) for name in ("top.wav", "copy.wav"))
    assert one.prediction == other.prediction
    assert one.facts == other.facts


def test_a_removed_file_is_missing_until_it_is_back(samples, scanned, heard):
    content, status = (samples / "top.wav").read_bytes(), (samples / "top.wav").stat()
    (samples / "top.wav").unlink()
    assert counts(scan(samples, catalog=scanned)) == {"unchanged": 5, "missing": 1}
    assert counts(scan(samples, catalog=scanned)) == {"unchanged": 5}
    with Catalog(scanned) as catalog:
        assert len(list(catalog.entries())) == 5
        assert len(list(catalog.entries(missing=True))) == 6
    (samples / "top.wav").write_bytes(content)
    os.utime(samples / "top.wav", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(scan(samples, catalog=scanned)) == {"unchanged": 6}
    assert heard == []
    assert not entry(scanned, samples / "top.wav").missing


@pytest.mark.parametrize("how", ["gone", "empty", "failing"])
def test_a_drive_that_is_not_there_keeps_its_entries(samples, scanned, tmp_path, how, monkeypatch):
    before = dump(scanned)
    if how == "failing":
        failing(monkeypatch, samples)
    samples.rename(tmp_path / "elsewhere")
    if how == "empty":
        samples.mkdir()
    done = scan([samples, tmp_path / "never was"], catalog=scanned)
    assert done.absent == (samples, tmp_path / "never was")
    assert counts(done) == {}
    assert dump(scanned) == before


def test_a_folder_that_is_closed_keeps_its_entries(as_nobody):
    folder, drop = as_nobody
    write(folder / "Samples" / "closed" / "kick.wav")
    write(folder / "Samples" / "tom.wav", "tom")
    folder.chmod(0o777)
    drop()
    scan(folder / "Samples", catalog=folder / "catalog.db")
    os.seteuid(0) if os.getuid() == 0 else None
    (folder / "Samples" / "closed").chmod(0o000)
    drop()
    done = scan(folder / "Samples", catalog=folder / "catalog.db")
    assert list(done.failures) == [folder / "Samples" / "closed"]
    assert counts(done) == {"unchanged": 1}
    with Catalog(folder / "catalog.db") as catalog:
        assert len(list(catalog.entries())) == 2


def test_only_what_lies_in_the_folder_is_looked_at(samples, scanned):
    shutil.rmtree(samples / "Pack B")
    (samples / "Pack A" / "kick 1.wav").unlink()
    done = scan(samples / "Pack A", catalog=scanned)
    assert counts(done) == {"unchanged": 2, "missing": 1}
    with Catalog(scanned) as catalog:
        assert len(list(catalog.entries())) == 5
        assert [e.path.name for e in catalog.entries(samples / "Pack A")] == [
            "hat.wav",
            "kick 2.wav",
        ]
    assert entry(scanned, samples / "Pack A" / "kick 2.wav").pack == "Pack A"


def test_a_file_that_cannot_be_heard_is_named_and_tried_again(samples, scanned):
    good = (samples / "top.wav").read_bytes()
    (samples / "top.wav").write_bytes(b"text")
    for _ in range(2):
        done = scan(samples, catalog=scanned)
        assert counts(done) == {"unchanged": 5}
        assert "top.wav is damaged" in done.failures[samples / "top.wav"]
    bad = entry(scanned, samples / "top.wav")
    assert "top.wav is damaged" in bad.error
    assert bad.prediction is bad.facts is None
    (samples / "top.wav").write_bytes(good)
    assert counts(scan(samples, catalog=scanned)) == {"heard": 1, "unchanged": 5}
    assert entry(scanned, samples / "top.wav").error is None


def test_a_new_model_hears_again_and_the_old_results_stand_until_then(samples, scanned, tmp_path):
    model, path = another_model(tmp_path), samples / "top.wav"
    old = entry(scanned, path)
    write(path.with_name("later.wav"), "clap", 9)

    class Stop(Progress):
        def at(self, step, done, total=None):
            if step is Step.LISTEN and done:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(samples, catalog=scanned, model=model, workers=1, progress=Stop())
    with Catalog(scanned) as catalog:
        models = [entry.model for entry in catalog.entries() if entry.prediction]
    assert len(models) == 7
    assert len(set(models)) == 2
    assert counts(scan(samples, catalog=scanned, model=model)) == {"heard": 6, "unchanged": 1}
    new = entry(scanned, path)
    assert new.model != old.model
    assert new.prediction.confidence < old.prediction.confidence
    assert entry(scanned, path, model=old.model).prediction == old.prediction
    shutil.rmtree(model)
    assert entry(scanned, path).prediction == new.prediction
    assert counts(scan(samples, catalog=scanned)) == {"heard": 1, "unchanged": 6}


def test_another_ear_hears_again_and_what_each_heard_is_kept_apart(samples, place, tmp_path):
    model, path = two_networks(tmp_path), samples / "top.wav"
    both, quick = Bundle.load(model), Bundle.load(model, "quick")
    assert quick.id == Bundle.load(ear="quick").id != both.id
    assert counts(scan(samples, catalog=place, model=model, ear="quick")) == {"heard": 6}
    assert counts(scan(samples, catalog=place, ear="quick")) == {"unchanged": 6}
    assert counts(scan(samples, catalog=place, model=model)) == {"heard": 6}
    assert counts(scan(samples, catalog=place, model=model)) == {"unchanged": 6}
    one, two = (entry(place, path, model=model.id).prediction for model in (quick, both))
    assert entry(place, path).prediction == two
    (now,) = classify(path, model=model)
    (before,) = classify(path, model=model, ear="quick")
    assert (now.prediction.scores, before.prediction.scores) == (two.scores, one.scores)
    with Catalog(place) as catalog:
        found = similar(path, catalog=catalog, model=model, ear="quick")
        assert {entry.model for entry, _ in found} == {quick.id}
        assert len(similar(path, catalog=catalog, model=model)) == 5


def test_names_that_are_no_text(samples, place):
    name = os.fsdecode(b"k\xefck \xff")
    try:
        (samples / name).mkdir()
        write(samples / "one.wav").rename(samples / name / f"{name}.wav")
    except (OSError, UnicodeError):
        pytest.skip("this disk has no such names")
    (samples / name / f"{name} bad.wav").write_bytes(b"")
    done = scan(samples, catalog=place)
    assert list(done.failures) == [samples / name / f"{name} bad.wav"]
    found = entry(place, samples / name / f"{name}.wav")
    assert (found.path.name, found.pack) == (f"{name}.wav", name)
    assert counts(scan(samples, catalog=place)) == {"unchanged": 7}


def test_a_link_to_the_folder_leads_to_the_same_entries(samples, scanned, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(samples)
    monkeypatch.chdir(tmp_path)
    for folder in ("link", "Samples", "Samples/../link/"):
        assert counts(scan(folder, catalog=scanned)) == {"unchanged": 6}
    with Catalog(scanned) as catalog:
        assert len(list(catalog.entries("link/Pack B"))) == 2


def test_a_folder_and_one_in_it_are_heard_once(samples, place):
    done = scan([samples / "Pack A", samples, samples / "top.wav"], catalog=place)
    assert counts(done) == {"heard": 6}


def test_progress_tells_of_how_many(samples, place):
    seen = []

    class Seen(Progress):
        def at(self, step, done, total=None):
            seen.append((step, done, total))

    scan(samples, catalog=place, progress=Seen())
    assert seen == [(Step.LOOK, 0, None), *((Step.LISTEN, done, 6) for done in range(7))]


def test_what_an_older_version_measured_is_measured_anew_once(samples, scanned):
    before = dump(scanned)
    with closing(sqlite3.connect(scanned)) as connection, connection:
        connection.execute(
            "UPDATE sounds SET loudness_db = 1, true_peak_db = NULL, attack_s = NULL"
        )
    with Catalog(scanned) as catalog:
        assert {e.facts.analysis.true_peak_db for e in catalog.entries()} == {None}
    shutil.copy2(samples / "top.wav", samples / "copy of top.wav")
    assert counts(scan(samples, catalog=scanned)) == {"heard": 7}
    (samples / "copy of top.wav").unlink()
    assert counts(scan(samples, catalog=scanned)) == {"unchanged": 6, "missing": 1}
    after = dump(scanned)
    assert after[1:] == before[1:]


def test_what_a_person_said_stays_with_bytes_that_are_read_better_now(samples, scanned):
    before, old = dump(scanned), bytes(32)
    top = samples / "top.wav"
    with Catalog(scanned) as catalog:
        Corrections(catalog).correct([top], "rim")
        Collections(catalog).add(1, [top])
        heard = bytes.fromhex(next(catalog.entries(top)).facts.audio_hash)
    with closing(sqlite3.connect(scanned)) as connection, connection:  # as it was read once
        for table in ("sounds", "verdicts", "files", "corrections", "correction_log", "collected"):
            connection.execute(
                f"UPDATE {table} SET audio_hash = ? WHERE audio_hash = ?", (old, heard)
            )
        connection.execute("UPDATE sounds SET true_peak_db = NULL")
    assert counts(scan(samples, catalog=scanned)) == {"heard": 6}
    with Catalog(scanned) as catalog:
        (entry,) = catalog.entries(top)
        assert (entry.facts.audio_hash, entry.label) == (heard.hex(), "rim")
        assert Collections(catalog).files(1) == ([top], [])
        assert [one.label for one in Corrections(catalog).undo()] == ["rim"]
    assert dump(scanned)[0] == before[0]


def test_a_part_is_looked_at_and_all_else_stays(samples, scanned, heard):
    write(samples / "Pack A" / "new.wav", "kick", 9)
    write(samples / "Pack B" / "new.wav", "snare", 9)
    (samples / "Pack A" / "kick 1.wav").unlink()
    (samples / "Pack B" / "tom.wav").unlink()
    heard.clear()
    pack = samples / "Pack A"
    done = scan(samples, catalog=scanned, part=Part([pack], without=[pack / "deep"]))
    assert (done.heard, done.unchanged, done.missing) == (1, 1, 1)
    assert heard == ["new.wav"]
    (pack / "kick 2.wav").unlink()
    assert scan(samples, catalog=scanned, part=Part([pack / "kick 2.wav"])).missing == 1
    with Catalog(scanned) as catalog:
        there = {str(entry.path.relative_to(samples)) for entry in catalog.entries()}
        assert {entry.root for entry in catalog.entries()} == {samples}
    assert there == {*SOUNDS, "Pack A/new.wav"} - {"Pack A/kick 1.wav", "Pack A/kick 2.wav"}
    rest = scan(samples, catalog=scanned)
    assert (rest.heard, rest.missing) == (1, 1)


def test_a_drive_that_goes_while_it_is_looked_at_loses_nothing(samples, scanned, tmp_path):
    for number in range(200):
        (samples / f"{number:03}.txt.wav").write_text("no sound")

    class Pulls(Progress):
        def at(self, step, done, total=None):
            if step is Step.LOOK and done == 100:
                samples.rename(tmp_path / "away")

    done = scan(samples, catalog=scanned, progress=Pulls())
    assert (done.absent, done.missing) == ((samples,), 0)
    assert len(done.vanished) == len(done.failures) > 100
    (tmp_path / "away").rename(samples)
    done = scan(samples, catalog=scanned)
    assert (done.heard, done.unchanged, done.missing, done.vanished) == (0, len(SOUNDS), 0, ())
