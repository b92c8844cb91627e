"""What a query sees is what the catalog holds now, and it is worked out once for each state."""

import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime

import numpy as np
import pytest

from drumsort import Catalog, Corrections, find, scan
from drumsort.catalog.collections import FAVOURITES, Collections
from drumsort.catalog.keywords import Keywords
from drumsort.query import kept
from drumsort.query.fields import ASKED

from ..small_library import write


@pytest.fixture
def made(monkeypatch):
    """How often the columns were worked out."""
    times = []
    make = kept._made

    def counted(*args):
        times.append(args)
        return make(*args)

    monkeypatch.setattr(kept, "_made", counted)
    return times


def age(catalog):
    """As if the last change had been a while ago."""
    then = time.time_ns() - 10**9
    os.utime(catalog, ns=(then, then))
    log = catalog.with_name(f"{catalog.name}-wal")
    if log.exists():
        os.utime(log, ns=(then, then))


def test_every_field_is_that_of_the_entry(scanned):
    with Catalog(scanned) as catalog:
        Collections(catalog).add(FAVOURITES, find("name:tom", catalog=catalog).paths)
        Keywords(catalog).add("dusty", find("name:tom", catalog=catalog).paths)
        Corrections(catalog).correct(find("name:snare", catalog=catalog).paths, "rim")
        found, entries = list(find("", catalog=catalog)), list(catalog.entries())
    assert len(found) == len(entries) == 6
    for sound, entry in zip(found, entries, strict=True):
        facts = entry.facts
        rest = dict(sound)
        assert rest.pop("guess")
        assert abs(datetime.fromisoformat(rest.pop("added")).timestamp() - time.time()) < 600
        assert rest.pop("confidence") == np.float32(entry.verdict.confidence)
        assert rest == {
            "path": str(entry.path),
            "name": entry.path.name,
            "folder": str(entry.path.parent),
            "pack": entry.pack,
            "collection": "Favourites" if entry.path.name == "tom.wav" else "",
            "keyword": "dusty" if entry.path.name == "tom.wav" else "",
            "hidden": False,
            "label": entry.label,
            "family": entry.family,
            "corrected": entry.path.name == "snare.wav",
            "length": facts.duration,
            "rate": facts.rate,
            "channels": facts.channels,
            "loudness": facts.analysis.loudness_db,
            "brightness": facts.analysis.brightness_hz,
            "pitch": entry.pitch_hz,
            "peak": facts.analysis.true_peak_db,
            "attack": facts.analysis.attack_s,
            "decay": facts.analysis.decay_s,
            "size": entry.size,
            "format": facts.format,
            "remark": facts.remark,
        }
    assert list(found[0]) == list(ASKED)


def test_they_are_worked_out_again_only_after_a_change(scanned, samples, made):
    age(scanned)
    for query in ("", "label:rim", "short"):
        find(query, catalog=scanned)
    assert len(made) == 1
    assert find("", catalog=scanned)[0] == next(iter(find("", catalog=scanned)))
    with Catalog(scanned) as catalog:
        Corrections(catalog).correct([samples / "top.wav"], "rim")
        assert [path.name for path in find("label:rim", catalog=catalog).paths] == ["top.wav"]
    (samples / "Pack A" / "kick 1.wav").unlink()
    write(samples / "new.wav", "ride", 3)
    scan(samples, catalog=scanned)
    names = [path.name for path in find("name+", catalog=scanned).paths]
    assert names == ["hat.wav", "kick 2.wav", "new.wav", "snare.wav", "tom.wav", "top.wav"]


def test_a_change_in_the_log_alone_is_seen(scanned, made):
    age(scanned)
    with closing(sqlite3.connect(scanned)) as other:  # keeps the log open, as the page does
        other.execute("SELECT count(*) FROM files").fetchone()
        assert len(find("corrected:yes", catalog=scanned)) == 0
        other.execute("INSERT INTO corrections SELECT audio_hash, 'rim', path, '' FROM files")
        other.commit()
        assert len(find("corrected:yes", catalog=scanned)) == 6


@pytest.mark.parametrize("damage", [b"", b"text", None])
def test_a_damaged_file_is_written_anew(scanned, made, damage):
    age(scanned)
    expected = find("", catalog=scanned).paths
    file = scanned.with_name("catalog.find-balanced")
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] if damage is None else damage)
    assert find("", catalog=scanned).paths == expected
    assert file.read_bytes() == whole
    assert len(made) == 2


def test_each_policy_has_its_own(scanned):
    age(scanned)
    unsure = [
        len(find("label:unsure", catalog=scanned, policy=policy))
        for policy in ("everything", "balanced", "careful")
    ]
    assert unsure[0] == 0
    assert unsure == sorted(unsure)
    assert len(list(scanned.parent.glob("catalog.find-*"))) == 3


def test_names_count_as_they_are_to_count(scanned, samples):
    shutil.copy(samples / "Pack B" / "snare.wav", samples / "Pack B" / "Kick 9.wav")
    scan(samples, catalog=scanned)
    age(scanned)

    def labels(names):
        found = find('name:"kick 9"', catalog=scanned, policy="everything", names=names)
        return found.values("label")

    for _ in range(2):  # as it was worked out, and as it was kept
        assert (labels("trust"), labels("ignore")) == (["kick"], ["snare"])


def test_a_saved_query_is_a_collection_of_what_it_finds(scanned, samples):
    with Catalog(scanned) as catalog:
        Collections(catalog).add(FAVOURITES, [samples / "top.wav", samples / "Pack A/kick 1.wav"])
        Collections(catalog).save("My drums", "label:kick , collection:favourites")
        Collections(catalog).save("Nested", "collection:drums")
        Collections(catalog).save("Forgotten", "label:vox")
        found = list(find("name+", catalog=catalog))
    assert {sound["name"]: sound["collection"] for sound in found if sound["collection"]} == {
        "kick 1.wav": "Favourites, My drums",
        "kick 2.wav": "My drums",
        "top.wav": "Favourites, My drums",
    }
    Corrections(Catalog(scanned)).correct([samples / "Pack B/tom.wav"], "kick")
    assert len(find("collection:drums", catalog=scanned)) == 4


def test_words_are_looked_for_in_folders_from_the_library_on(scanned, samples):
    names = [path.name for path in find("deep/", catalog=scanned).paths]
    assert names == []
    assert [path.name for path in find('"a/deep"', catalog=scanned).paths] == ["hat.wav"]
    assert len(find("samples", catalog=scanned)) == 6
    assert len(find(f'"{samples.parent.name}"', catalog=scanned)) == 0


def test_verdicts_that_still_hold_are_those_that_a_fresh_look_gives(scanned, samples, monkeypatch):
    asked = []
    columns = kept.columns

    def counted(catalog, codes, ids=None, **rest):
        asked.append(None if ids is None else len(ids))
        return columns(catalog, codes, ids, **rest)

    monkeypatch.setattr(kept, "columns", counted)

    def told(catalog=scanned):
        age(scanned)
        return [dict(sound) for sound in find("", catalog=catalog, policy="everything")]

    def fresh():
        copy = shutil.copy(scanned, samples.parent / "copy.db")
        with Catalog(copy):
            return [dict(sound) for sound in find("", catalog=copy, policy="everything")]

    told()
    with Catalog(scanned) as catalog:
        for path, label in (("top.wav", "rim"), ("Pack B/tom.wav", "kick"), ("top.wav", "ride")):
            Corrections(catalog).correct([samples / path], label)
            told()
        Corrections(catalog).undo()
        told()
        Collections(catalog).add(FAVOURITES, [samples / "top.wav"])
        told()
    assert asked == [None, 1, 1, 1, 1]
    now = told()
    assert now == fresh()
    assert [s["label"] for s in now if s["corrected"]] == ["kick", "rim"]
    asked.clear()
    (samples / "Pack A" / "kick 1.wav").rename(samples / "Pack A" / "snare 7.wav")
    scan(samples, catalog=scanned)
    assert told() == fresh()
    assert asked == [None, None]


def test_a_file_that_became_another_known_sound_has_its_verdict(scanned, samples):
    def label():
        age(scanned)
        return find("name:top", catalog=scanned, policy="everything", names="ignore")[0]["label"]

    assert label() == "clap"
    shutil.copy2(samples / "Pack A/kick 1.wav", samples / "top.wav")
    scan(samples, catalog=scanned)
    assert label() == "kick"


def test_an_empty_catalog_answers_every_query(place):
    Catalog(place).close()
    age(place)
    for query in ("", "kick", "short name+", "label:kick length-", "path:a , pitch:C1.."):
        assert list(find(query, catalog=place)) == find(query, catalog=place).paths == []


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_name_that_is_no_text_keeps_its_bytes(scanned, samples):
    odd = samples / os.fsdecode(b"\xff Kick.wav")
    shutil.copy(samples / "top.wav", odd)
    scan(samples, catalog=scanned)
    age(scanned)
    for _ in range(2):  # as it was read, and as it was kept
        found = find("KICK", catalog=scanned)
        assert odd in found.paths
        assert odd.name in found.values("name")


def test_a_folder_that_cannot_be_written_is_no_obstacle(as_nobody):
    folder, drop = as_nobody
    write(folder / "Samples" / "kick.wav", "kick", 1)
    scan(folder / "Samples", catalog=folder / "data" / "catalog.db")
    for path in (folder / "data", *(folder / "data").iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    drop()
    assert len(find("", catalog=folder / "data" / "catalog.db")) == 1
    assert not list((folder / "data").glob("catalog.find-*"))
