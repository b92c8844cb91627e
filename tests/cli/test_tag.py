"""``drumsort tag`` and its undo, and lists for programs that read no tags."""

import io
import json
import os
import re
import shutil

import mutagen
import soundfile

from drumsort.sorting.journal import Journal
from drumsort.tags import edit
from drumsort.types import Action

from ..synth.drums import synthesize
from .conftest import SOUNDS, tree


def tags(path):
    return {key: str(value) for key, value in mutagen.File(path).tags.items()}


def test_tag_undo_and_clear(drumsort_here, samples):
    before = tree(samples)
    drumsort_here("scan", samples)
    dry = drumsort_here("tag", samples, "--dry-run")
    assert "PRT_1.wav: kick" in dry.stdout and "Dry run: 4 files would be tagged" in dry.stdout
    assert tree(samples) == before
    done = drumsort_here("tag", samples)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "4 files tagged.\nTo take this back: drumsort undo\n"
    for name, label in SOUNDS.items():
        found = tags(samples / name)
        assert found["TXXX:DRUMSORT_LABEL"] == label
        assert found["COMM::eng"].startswith(label.replace("_", " "))
        assert (
            soundfile.info(samples / name).frames == soundfile.info(io.BytesIO(before[name])).frames
        )
    assert (
        "4 files left alone: they have these tags already" in drumsort_here("tag", samples).stdout
    )
    assert "0 files heard, 4 unchanged" in drumsort_here("scan", samples).stdout
    assert "tag  4 of 4 files in " in drumsort_here("history").stdout
    assert drumsort_here("tag", samples, "--clear").stdout.startswith("4 files cleared")
    assert tree(samples) == before
    assert "4 files taken back (the tag in" in drumsort_here("undo").stdout
    assert "DRUMSORT" in str(tags(samples / "Pack B" / "PRT_1.wav"))
    assert "4 files taken back (the tag in" in drumsort_here("undo").stdout
    assert tree(samples) == before
    assert "0 files heard, 4 unchanged" in drumsort_here("scan", samples).stdout


def test_a_correction_is_written_and_follows_the_file(drumsort_here, samples):
    drumsort_here("scan", samples)
    clap = samples / "Pack B" / "PRT_1.wav"
    drumsort_here("tag", clap)
    drumsort_here("correct", clap, "--label", "rim")
    done = json.loads(drumsort_here("tag", clap, "--json").stdout)
    (one,) = done["tags"]
    assert (one["label"], one["family"], one["path"]) == ("rim", "snare", str(clap))
    assert one["comment"] == "rim (drumsort)" and done["done"] == 1
    assert tags(clap)["TXXX:DRUMSORT_LABEL"] == "rim" and tags(clap)["TCON"] == "snare"
    assert json.loads(drumsort_here("find", "corrected:yes", "--json").stdout)[0]["label"] == "rim"


def test_what_cannot_be_tagged_is_named_and_left(drumsort_here, samples):
    drumsort_here("scan", samples)
    kick = samples / "Pack A" / "PRT_1.wav"
    data = kick.read_bytes()
    (samples / "cut.wav").write_bytes(data[: len(data) // 2])
    (samples / "unfinished.wav").write_bytes(data[:4] + bytes(4) + data[8:])
    (samples / "long.wav").write_bytes(b"RF64" + data[4:])
    soundfile.write(samples / "k.caf", synthesize("kick", 0), 44100, format="CAF")
    (samples / "silent.wav").write_bytes(data[:44] + bytes(len(data) - 44))
    os.link(kick, samples / "link.wav")
    before = tree(samples)
    done = drumsort_here("tag", samples, "-v")
    assert done.returncode == 1 and "3 files tagged" in done.stdout
    for name, why in (
        ("cut.wav", "damaged|sizes in its header"),
        ("unfinished.wav", "sizes in its header"),
        ("long.wav", "RF64"),
        ("k.caf", "WAV, AIFF, MP3, FLAC, Ogg Vorbis and Opus are"),
        ("silent.wav", "silent"),
        ("link.wav", "hard links"),
        ("PRT_1.wav", "hard links"),
    ):
        assert re.search(f"{re.escape(name)}.*({why})", done.stderr), (name, done.stderr)
    drumsort_here("undo")
    assert tree(samples) == before
    cleared = drumsort_here("tag", samples, "--clear")
    assert (cleared.returncode, cleared.stderr) == (0, ""), "what cannot hold tags holds none"


def test_an_unfinished_run_below_comes_first(drumsort_here, samples, tmp_path):
    os.environ["DRUMSORT_HOME"] = str(tmp_path / "home")
    Journal.create(Action.COPY, samples / "Pack B", [], [], [tmp_path]).close()
    done = drumsort_here("tag", samples)
    assert done.returncode == 2 and "An earlier sort into" in done.stderr
    assert drumsort_here("tag", samples / "Pack A").returncode == 0, "it is in another folder"


def test_without_mutagen_one_sentence_says_what_to_install(drumsort_here, samples, monkeypatch):
    monkeypatch.setattr(edit.importlib.util, "find_spec", lambda name: None)
    done = drumsort_here("tag", samples)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("drumsort: Tags need mutagen")


def test_a_database_for_reaper(drumsort_here, samples):
    drumsort_here("scan", samples)
    quoted = samples / "Pack B" / 'a "name".wav'
    shutil.copy(samples / "Pack B" / "PRT_1.wav", quoted)
    drumsort_here("scan", samples)
    lines = drumsort_here("find", "--reaper").stdout.splitlines()
    kick = samples / "Pack A" / "PRT_1.wav"
    now = kick.stat()
    at = lines.index(f'FILE "{kick}" {now.st_size} 0 {int(now.st_mtime)}')
    assert lines[at + 1] == 'DATA "u:kick; pack Pack A" "d:kick" "g:kick"'
    assert 'DATA "u:hat; closed hat; pack Pack A" "d:closed hat" "g:hat"' in lines
    assert sum(line.startswith("FILE ") for line in lines) == 4, "a name with quotes is left out"
    assert drumsort_here("find", "--reaper", "--csv").returncode == 2
