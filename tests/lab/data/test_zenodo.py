"""A record of Zenodo in a folder: all of it, once, in as many calls as it takes."""

import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections import namedtuple

import pytest

from drumsort.errors import DataError
from drumsort.lab.data.disk import DiskError
from drumsort.lab.data.zenodo import ZenodoRecord

README = b"Kicks and snares.\n" * 1000


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for number in range(3):
            opened.writestr(f"kick/{number}.wav", random.Random(number).randbytes(100_000))
    return stream.getvalue()


ZIP = archive()
FILES = {"drums.zip": ZIP, "read me.txt": README}


@pytest.fixture
def record(site):
    """A record of a zip and a text file."""
    site.record(42, FILES)
    return ZenodoRecord.parse("zenodo:42", site.url + "/")


def names(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


UNPACKED = ["drums", "drums/kick", *(f"drums/kick/{number}.wav" for number in range(3))]
ALL = sorted([*UNPACKED, *FILES])


def test_what_a_record_holds(record):
    assert [(file.name, file.size) for file in record.files()] == [
        ("drums.zip", len(ZIP)),
        ("read me.txt", len(README)),
    ]


def test_all_of_it_is_fetched_and_unpacked(record, tmp_path):
    seen, unpacked = [], []
    record.fetch(tmp_path / "a" / "b", lambda *bytes: seen.append(bytes), on_unpack=unpacked.append)
    assert names(tmp_path / "a" / "b") == ALL
    assert (tmp_path / "a" / "b" / "read me.txt").read_bytes() == README
    assert seen == sorted(seen)
    assert seen[-1] == (len(ZIP) + len(README), len(ZIP) + len(README))
    assert unpacked == [tmp_path / "a" / "b" / "drums.zip"]


def test_what_is_there_is_left_alone(record, site, tmp_path):
    record.fetch(tmp_path)
    (tmp_path / "drums" / "kick" / "0.wav").unlink()
    del site.asked[:]
    record.fetch(tmp_path, on_unpack=pytest.fail)
    assert site.asked == []
    assert "drums/kick/0.wav" not in names(tmp_path)


def test_some_of_it(record, tmp_path):
    record.fetch(tmp_path, only="*.txt")
    assert names(tmp_path) == ["read me.txt"]
    record.fetch(tmp_path, unpack=False)
    assert names(tmp_path) == ["drums.zip", "read me.txt"]
    with pytest.raises(DataError, match=r"matches '\*\.wav', only drums\.zip, read me\.txt\."):
        record.fetch(tmp_path, only="*.wav")


def test_room_is_looked_for_before_the_first_file(record, site, tmp_path, monkeypatch):
    usage = namedtuple("usage", ["free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(len(ZIP)))
    with pytest.raises(DiskError, match=r"0\.3 MB left and 0\.3 MB are needed"):
        record.fetch(tmp_path)
    assert len(site.asked) == 1  # what there is
    (tmp_path / "read me.txt.part").write_bytes(README)
    record.fetch(tmp_path, unpack=False)
    assert names(tmp_path) == sorted(FILES)


@pytest.mark.parametrize(
    "name", ["zenodo:", "zenodo:x", "3665275", "zenodo:1/../2", "zenodo:\N{FULLWIDTH DIGIT ONE}"]
)
def test_names_of_no_record(name):
    with pytest.raises(DataError, match="names no record"):
        ZenodoRecord.parse(name)


@pytest.mark.parametrize(
    "change",
    [
        *({"key": key} for key in ("../x", "/x", "a/b", "a\\b", "..", ".", "", "C:x", "a\n", 7)),
        *({"size": size} for size in (-1, "5", None, True)),
        *({"checksum": md5} for md5 in ("", "md5:", "md5:xyz", "sha1:" + "0" * 32, None)),
        *({"links": links} for links in ({}, None, {"self": "file:///etc/passwd"}, {"self": 7})),
    ],
    ids=str,
)
def test_descriptions_that_are_not_believed(site, tmp_path, change):
    site.record(42, {"a.txt": README}, **change)
    with pytest.raises(DataError, match="does not describe its files as Zenodo does"):
        ZenodoRecord(42, site.url).fetch(tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[]", "does not describe"),
        (b"{}", "does not describe"),
        (b'{"files": {"a": 1}}', "does not describe"),
        (b'{"files": []}', "no files that everybody may have"),
    ],
    ids=str,
)
def test_answers_that_are_no_record(site, answer, words):
    site.files["/api/records/42"] = answer
    with pytest.raises(DataError, match=words):
        ZenodoRecord(42, site.url).files()


def test_two_files_of_one_name(site):
    site.record(42, {"a.txt": README, "A.txt": README})
    with pytest.raises(DataError, match="two files of one name"):
        ZenodoRecord(42, site.url).files()


def test_a_record_that_is_not_there(site):
    with pytest.raises(DataError, match=r"/api/records/7 cannot be had \(404 Not Found\)"):
        ZenodoRecord(7, site.url).files()


@pytest.fixture
def command(site, tmp_path):
    """Arguments of the real command, and the environment that leads it to the site."""
    args = [
        sys.executable,
        "-m",
        "drumsort",
        "lab",
        "data",
        "fetch",
        "zenodo:42",
        tmp_path / "Drums",
    ]
    return args, {**os.environ, "DRUMSORT_ZENODO": site.url, "COLUMNS": "200"}


def run(command, *options) -> subprocess.CompletedProcess[str]:
    args, env = command
    return subprocess.run([*args, *options], env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.usefixtures("record")
def test_the_command_says_what_it_fetches(command, site, tmp_path):
    site.once("/api/records/42", status=429, headers={"Retry-After": "0"})
    done = run(command)
    assert (done.returncode, done.stderr) == (0, "Unpacking drums.zip ...\n")
    assert re.fullmatch(
        r"2 files of zenodo:42, 318\.\d kB:\n"
        r"   300\.\d kB  drums\.zip\n"
        r"    18\.0 kB  read me\.txt\n"
        r"All of it is in .+/Drums\.\n"
        r"Now try: drumsort lab data label .+/Drums\n",
        done.stdout,
    )
    assert names(tmp_path / "Drums") == ALL


@pytest.mark.usefixtures("record")
def test_the_command_fails_with_one_sentence(command):
    done = run(command, "--only", "*.wav")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"drumsort: http://.+ read me\.txt\.\n", done.stderr)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.usefixtures("record")
def test_the_command_goes_on_where_it_was_stopped(command, site, tmp_path, how):
    path, hold = "/api/records/42/files/drums.zip/content", threading.Event()
    site.once(path, cut=200_000, hold=hold)
    args, env = command
    process = subprocess.Popen(
        args,
        env=env,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background
    )
    part = tmp_path / "Drums" / "drums.zip.part"
    while not (part.is_file() and part.stat().st_size) and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    hold.set()
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "What was fetched is kept: the same command goes on from there." in errors
        assert "Traceback" not in errors
    assert names(tmp_path / "Drums") == ["drums.zip.part"]
    kept = part.stat().st_size
    assert 0 < kept <= 200_000

    del site.asked[:]
    assert run(command).returncode == 0
    asked = [entry for entry in site.asked if entry[0] == path]
    assert asked == [(path, f"bytes={kept}-")]
    assert names(tmp_path / "Drums") == ALL
    assert (tmp_path / "Drums" / "drums.zip").read_bytes() == ZIP
