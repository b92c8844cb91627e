"""What is exported can be read, by programs that drumsort has no part in where they are there."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort.catalog import Catalog
from drumsort.errors import DrumsortError, SortError
from drumsort.kits import Kind, export
from drumsort.kits.mpc import drum_program
from drumsort.remote import as_path
from drumsort.teaching.corrections import Corrections
from drumsort.workflows.scan import scan

from ..synth.drums import synthesize

SOUNDS = {
    "kick.wav": ("kick", {}),
    "deep/kick.wav": ("kick", {"subtype": "PCM_24"}),
    "snare & <b>.flac": ("snare", {}),
    "hat $1 #2 = ü.aiff": ("closed_hat", {}),
    "clap.ogg": ("clap", {}),
}


@pytest.fixture
def entries(tmp_path):
    samples = tmp_path / "Samples"
    for seed, (name, (label, options)) in enumerate(SOUNDS.items()):
        path = samples / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, synthesize(label, seed), 44100, **options)
    scan(samples, catalog=tmp_path / "catalog.db")
    with Catalog(tmp_path / "catalog.db") as catalog:
        for name, (label, _) in SOUNDS.items():
            Corrections(catalog).correct([samples / name], label)
        return list(catalog.entries())


@pytest.fixture
def into(tmp_path):
    return tmp_path / "Music" / "new"


def left(into):
    return sorted(path.name for path in into.iterdir())


def run(*command):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_a_folder_holds_every_file_as_it_is(entries, into):
    done = export(entries, "Dark kit", "folder", into)
    assert (done.path, done.count, done.failures) == (into / "Dark kit", len(SOUNDS), {})
    assert left(into) == ["Dark kit"]
    held = {path.name: path.read_bytes() for path in done.path.iterdir()}
    assert set(held) == {Path(name).name for name in SOUNDS} | {"kick (2).wav"}
    assert sorted(held.values()) == sorted(entry.path.read_bytes() for entry in entries)


def test_a_zip_holds_the_same(entries, into):
    done = export(entries, "Dark kit", "zip", into)
    assert left(into) == ["Dark kit.zip"]
    with zipfile.ZipFile(done.path) as archive:
        assert archive.testzip() is None
        held = [archive.read(name) for name in archive.namelist()]
        assert all(name.startswith("Dark kit/") for name in archive.namelist())
    assert sorted(held) == sorted(entry.path.read_bytes() for entry in entries)


def test_an_instrument_says_what_each_key_plays(entries, into):
    done = export(entries, "Dark kit", "sfz", into)
    text = (done.path / "Dark kit.sfz").read_text(encoding="utf-8")
    regions = re.findall(r"key=(\d+)(.*)\n?sample=(.*)", text.replace("\ngroup", " group"))
    assert {int(key) for key, _, _ in regions} == {35, 36, 38, 39, 42}
    for key, choke, sample in regions:
        samples, rate = soundfile.read(done.path / sample)
        assert rate == 44100
        assert np.abs(samples).max() > 0.05
        assert ("off_by" in choke) == (key == "42")
        assert not set("$#=") & set(sample)


def test_a_wav_of_another_format_holds_the_same_samples(entries, into):
    done = export(entries, "Kit", "sfz", into)
    for entry in entries:
        if entry.path.suffix in (".flac", ".aiff"):
            stem = re.sub("[$#=<>]", "_", entry.path.stem).replace("ü", "u")
            heard, _ = soundfile.read(done.path / "samples" / f"{stem}.wav", dtype="float32")
            meant, _ = soundfile.read(entry.path, dtype="float32")
            assert np.array_equal(heard, meant)


def test_another_program_reads_the_instrument(entries, into, tmp_path):
    done = export(entries, "Dark kit", "sfz", into)
    font = tmp_path / "font.sf2"
    if not shutil.which("polyphone"):
        pytest.skip("polyphone is not installed")
    made = run(
        "xvfb-run", "-a", "polyphone", "-1", "-i", str(done.path / "Dark kit.sfz"),
        "-d", str(tmp_path), "-o", "font",
    )  # fmt: skip
    assert font.exists(), made.stderr
    assert font.stat().st_size > sum(f.stat().st_size for f in done.path.glob("samples/*")) // 2


def test_a_preset_plays_each_key_and_hats_cut_each_other_off(entries, into):
    done = export(entries, "Düster & <kit>", "decent", into)
    root = ET.parse(done.path / "Düster & _kit_.dspreset").getroot()
    assert (root.tag, [child.tag for child in root]) == ("DecentSampler", ["groups"])
    keys = []
    for group in root.iterfind("groups/group"):
        (sample,) = group
        notes = {sample.get(name) for name in ("rootNote", "loNote", "hiNote")}
        keys.append(int(notes.pop()))
        assert not notes
        assert soundfile.info(str(done.path / sample.get("path"))).format == "WAV"
        assert (group.get("silencedByTags") == group.get("tags") == "hats") is (keys[-1] == 42)
    assert keys == [35, 36, 38, 39, 42]


def test_hydrogen_takes_the_drumkit_for_valid(entries, into):
    done = export(entries, "Düster & <kit>", "hydrogen", into)
    assert left(into) == ["Düster & _kit_.h2drumkit"]
    checked = run("h2cli", "--check", str(done.path))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_drumkit_names_its_files_and_keys(entries, into, tmp_path):
    done = export(entries, "Dark kit", "hydrogen", into)
    shutil.unpack_archive(done.path, tmp_path / "kit", "gztar", filter="data")
    kit = tmp_path / "kit" / "Dark kit"
    space = {"h": "http://www.hydrogen-music.org/drumkit"}
    instruments = ET.parse(kit / "drumkit.xml").findall(".//h:instrument", space)
    keys = [int(i.findtext("h:midiOutNote", "", space)) for i in instruments]
    assert keys == [35, 36, 38, 39, 42]
    for instrument in instruments:
        file = instrument.findtext(".//h:filename", "", space)
        assert soundfile.info(str(kit / file)).format == "WAV"


def test_a_drum_program_has_each_sound_on_a_pad_with_its_note(entries, into):
    done = export(entries, "Düster & <kit>", "mpc", into)
    (file,) = done.path.glob("*.xpm")
    program = ET.parse(file).find("Program")
    assert (file.name, program.get("type")) == ("Duster & _kit_.xpm", "Drum")
    assert program.findtext("Name") == "Düster & _kit_"
    notes = [int(pad.findtext("Note")) for pad in program.iterfind("PadNoteMap/PadNote")]
    assert sorted(notes) == list(range(128))
    instruments = program.findall("Instruments/Instrument")
    assert [int(one.get("number")) for one in instruments] == list(range(1, 129))
    on_pads = {}
    for note, instrument in zip(notes, instruments, strict=True):
        first, *others = [layer.findtext("SampleName") for layer in instrument.iter("Layer")]
        assert others == ["", "", ""]
        assert instrument.findtext("OneShot") == "True"
        if first:
            on_pads[note] = first
            assert soundfile.info(str(done.path / f"{first}.wav")).format == "WAV"
            assert instrument.findtext("MuteGroup") == str(int(note == 42))
    assert list(on_pads) == [35, 36, 38, 39, 42] == notes[:5]
    assert len(list(done.path.glob("*.wav"))) == len(SOUNDS)
    json.loads(program.findtext("ProgramPads"))


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_kit_plays_each_pad_and_what_is_on_those_of_hats_cuts_each_other_off(entries, into):
    of = {entry.path.name: entry for entry in entries}
    pads = {4: of["clap.ogg"], 6: of["clap.ogg"], 0: of["snare & <b>.flac"]}
    text = (export(entries, "Kit", "sfz", into, pads=pads).path / "Kit.sfz").read_text()
    keys = dict(
        re.findall(r"key=(\d+)(?: group=1 off_by=1)? sample=samples/(\w+)", text.replace("\n", " "))
    )
    assert (keys["42"], keys["46"], keys["36"]) == ("clap", "clap", "snare")
    assert re.findall(r"key=(\d+)\ngroup=1", text) == ["42", "46", "72"]  # the last is the hat


@pytest.mark.parametrize("kind", list(Kind))
def test_a_name_that_is_no_text_hinders_nothing(entries, tmp_path, kind):
    given = []
    for entry in entries:
        ending = entry.path.suffix.replace(".flac", ".raw")  # what is in it counts
        path = Path(os.fsdecode(os.fsencode(entry.path.with_suffix("")) + b"\xff") + ending)
        given.append(replace(entry, path=entry.path.rename(path)))
    done = export(given, "Kit", kind, tmp_path / os.fsdecode(b"\xff"))
    assert (done.count, done.failures) == (len(entries), {})


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_overwritten(entries, into, kind):
    first = export(entries, "Kit", kind, into)
    before = first.path.stat().st_mtime_ns
    second = export(entries[:1], "kit", kind, into)
    assert second.path != first.path
    assert len(left(into)) == 2
    assert first.path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("kind", "second"), [("folder", "Kit v1.2 (2)"), ("zip", "Kit v1.2 (2).zip")]
)
def test_a_dot_in_a_name_begins_no_extension_of_a_folder(entries, into, kind, second):
    for _ in range(2):
        done = export(entries[:1], "Kit v1.2", kind, into)
    assert done.path == into / second


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sound_in_a_store_is_fetched(entries, into, tmp_path, kind):
    kick = next(entry for entry in entries if entry.path.name == "kick.wav")
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.write(kick.path, "kick.wav")
    url = as_path(f"zip://kick.wav::file://{tmp_path}/pack.zip")
    done = export([replace(kick, path=url)], "Kit", kind, into)
    assert (done.count, done.failures) == (1, {})
    if kind == "folder":
        assert (done.path / "kick.wav").read_bytes() == kick.path.read_bytes()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sound_that_is_gone_is_named_and_the_rest_goes_on(entries, into, kind):
    entries[0].path.unlink()
    done = export(entries, "Kit", kind, into)
    assert done.count == len(entries) - 1
    (sentence,) = done.failures.values()
    assert str(entries[0].path) in sentence


@pytest.mark.parametrize("kind", list(Kind))
def test_where_nothing_can_be_exported_nothing_stays(entries, into, kind):
    for entry in entries:
        entry.path.unlink()
    with pytest.raises(DrumsortError, match="cannot be"):
        export(entries, "Kit", kind, into)
    assert left(into) == []


def test_stopping_leaves_nothing(entries, into):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(entries, "Kit", "zip", into, stop)
    assert left(into) == []


@pytest.mark.parametrize(
    ("hours", "can_lock", "stays"),
    [(0, True, True), (1, True, False), (1, False, True), (25, False, False)],
)
def test_of_exports_those_are_swept_up_that_nobody_can_be_at(
    entries, into, monkeypatch, hours, can_lock, stays
):
    rest = into / ".drumsort-export-other"
    rest.mkdir(parents=True)
    (rest / ".lock").touch()
    made = time.time() - 3600 * hours
    os.utime(rest / ".lock", (made, made))
    if not can_lock:

        def refuse(fd, how):
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr(pytest.importorskip("fcntl"), "flock", refuse)
    export(entries[:1], "Kit", "folder", into)
    assert rest.exists() == stays


@pytest.mark.parametrize(
    ("name", "called"), [("../../etc", "_.._etc"), ("con", "_con"), ("a/b:c", "a_b_c"), ("..", "_")]
)
def test_no_name_leads_out_of_the_folder(entries, into, name, called):
    assert export(entries, name, "folder", into).path == into / called


def test_what_cannot_be_done_is_one_sentence(entries, into, tmp_path):
    with pytest.raises(DrumsortError, match="There is no kind 'rar': choose one of folder"):
        export(entries, "Kit", "rar", into)
    with pytest.raises(DrumsortError, match="There is no sound in 'Kit'"):
        export([], "Kit", "zip", into)
    (tmp_path / "file").write_text("")
    with pytest.raises(SortError, match="cannot be written"):
        export(entries, "Kit", "zip", tmp_path / "file")


@pytest.fixture
def odd(entries):
    """Gives the first entry another file, or one for each of some names."""

    def given(*paths):
        return [replace(entries[0], path=path) for path in paths]

    return given


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_names_in_a_zip_are_text_that_every_disk_allows_and_differ(odd, entries, tmp_path, into):
    names = [b"caf\xe8.wav", b"caf\xe9.wav", b"caf_.wav", b"what? 1:2.wav", b"CON.wav", b"long"]
    paths = [tmp_path / os.fsdecode(name) for name in names]
    for number, path in enumerate(paths):
        path.write_bytes(entries[0].path.read_bytes() + bytes([number]))
    done = export(odd(*paths), "Kit", "zip", into)
    with zipfile.ZipFile(done.path) as archive:
        held = {archive.read(name)[-1]: name.removeprefix("Kit/") for name in archive.namelist()}
    called = ["caf_.wav", "caf_ (2).wav", "caf_ (3).wav", "what_ 1_2.wav", "_CON.wav", "long"]
    assert [held[number] for number in range(len(paths))] == called


def test_names_that_a_disk_does_not_allow_are_said_and_replaced_on_request(
    odd, entries, tmp_path, into, monkeypatch
):
    paths = [tmp_path / "12:30?.wav", tmp_path / "fine.wav"]
    for path in paths:
        path.write_bytes(entries[0].path.read_bytes())
    copyfile = shutil.copyfile

    def as_exfat_does(source, target):
        if set(":?") & set(target.name):
            raise OSError(errno.EINVAL, "Invalid argument", str(target))
        copyfile(source, target)

    monkeypatch.setattr("shutil.copyfile", as_exfat_does)
    done = export(odd(*paths), "Kit", "folder", into)
    assert left(done.path) == ["fine.wav"]
    (sentence,) = done.failures.values()
    assert f"The name of {paths[0]} contains ':' '?', which this disk does not allow" in sentence
    assert "--portable-names" in sentence
    done = export(odd(*paths), "Kit", "folder", into, portable_names=True)
    assert left(done.path) == ["12_30_.wav", "fine.wav"]
    assert not done.failures


@pytest.mark.parametrize(("audible", "channels"), [((0,), 1), ((1, 4), 2), ((0, 1, 2), 1)])
def test_samples_of_a_kit_are_mono_or_stereo(odd, tmp_path, into, audible, channels):
    sound = np.zeros((4410, 6))
    sound[:, audible] = np.random.default_rng(0).uniform(-0.9, 0.9, (4410, len(audible)))
    soundfile.write(tmp_path / "six.wav", sound, 44100)
    done = export(odd(tmp_path / "six.wav"), "Kit", "sfz", into)
    held, _ = soundfile.read(done.path / "samples" / "six.wav", always_2d=True)
    meant = sound[:, audible] if channels == len(audible) else sound[:, audible].mean(1)[:, None]
    np.testing.assert_allclose(held, meant, atol=2 / 32768)


def test_what_cannot_be_read_leaves_no_file_and_a_wav_that_was_never_closed_is(
    odd, entries, tmp_path, into
):
    kick = next(entry.path for entry in entries if entry.path.name == "kick.wav")
    whole = kick.read_bytes()
    (tmp_path / "open.wav").write_bytes(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])
    soundfile.write(tmp_path / "torn.flac", np.random.default_rng(0).uniform(-1, 1, 44100), 44100)
    torn = (tmp_path / "torn.flac").read_bytes()
    (tmp_path / "torn.flac").write_bytes(torn[:30000] + bytes(20000) + torn[50000:])
    done = export(odd(tmp_path / "open.wav", tmp_path / "torn.flac"), "Kit", "sfz", into)
    assert left(done.path / "samples") == ["open.wav"]
    assert [path.name for path in done.failures] == ["torn.flac"]
    held, _ = soundfile.read(done.path / "samples" / "open.wav", dtype="int16")
    assert np.array_equal(held, soundfile.read(kick, dtype="int16")[0])


@pytest.mark.parametrize("kind", list(Kind))
def test_a_full_disk_is_said_to_be_full_and_holds_no_half_kit(entries, tmp_path, kind):
    disk = tmp_path / "disk"
    disk.mkdir()
    size = 100_000  # bytes
    if kind == Kind.MPC:
        size += len(drum_program("Kit", []))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a disk is not allowed here")
    try:
        with pytest.raises(SortError, match=r"The disk of .*disk is full, so nothing was exported"):
            export(entries, "Kit", kind, disk)
        assert left(disk) == []
        alone = export(entries[-1:], "Kit", kind, disk)  # 30 kB or so
        assert alone.count == 1
    finally:
        subprocess.run(["umount", str(disk)], check=True)
