"""The real ``watch`` in a process of its own, and real files that come, grow, change and go."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from drumsort import Catalog
from drumsort.catalog import writer_lock
from drumsort.sorting import folder_locks, plan

from ..faults.day import Watch, known, lived, watching
from ..faults.disks import small_disk
from ..faults.disks import why_not as why_no_disk
from ..small_library import write
from .conftest import SOUNDS, tree

REST = ("--rest", "0.4", "--ear", "quick")


def names(watch, root):
    """The sounds that the catalog knows below a folder."""
    return {str(path.relative_to(root)) for path in map(type(root), known(watch.catalog, [root]))}


@pytest.fixture
def kick(tmp_path):
    """A sound that is not in the library."""
    return write(tmp_path / "pool" / "kick.wav", "kick", 77)


def test_what_comes_changes_moves_and_goes_is_taken_up(samples, tmp_path, kick):
    later = tmp_path / "later"
    with watching(tmp_path, samples, later, *REST) as watch:
        assert [one["folder"] for one in watch.happened("away")] == [str(later)]
        (first,) = watch.happened("scan")
        assert (first["heard"], first["unchanged"]) == (len(SOUNDS), 0)
        assert names(watch, samples) == {*SOUNDS}
        shutil.copy(kick, samples / "Pack A" / "new.wav")
        watch.wait(lambda: "Pack A/new.wav" in names(watch, samples), 20)
        (samples / "Pack A").rename(samples / "Pack Z")
        watch.wait(lambda: "Pack Z/deep/PRT_1.wav" in names(watch, samples))
        watch.wait(lambda: watch.total("moved") == 4)
        (samples / "Pack B" / "PRT_1.wav").unlink()
        watch.wait(lambda: "Pack B/PRT_1.wav" not in names(watch, samples))
        shutil.copy(samples / "Pack Z" / "PRT_2.wav", samples / "Pack Z" / "new.wav")
        shutil.copytree(samples / "Pack B", later)
        write(later / "late.wav", "tom", 5)
        watch.wait(lambda: names(watch, later) == {"late.wav"})
        watch.wait(lambda: watch.total("heard") + watch.total("twins") == len(SOUNDS) + 3)
        with Catalog(watch.catalog) as catalog:
            sounds = {entry.path.name: entry.facts.audio_hash for entry in catalog.entries()}
        assert sounds["new.wav"] == sounds["PRT_2.wav"]
        assert watch.happened("scan")[0]["failures"] == {}


def test_nothing_is_taken_up_before_it_is_whole(samples, tmp_path, kick):
    content = kick.read_bytes()
    part, grown = samples / "part.wav.part", samples / "grown.wav"
    with watching(tmp_path, samples, *REST) as watch:
        part.write_bytes(content)
        (samples / "part.wav").touch()  # as browsers do, to keep the place
        for number in range(8):
            with grown.open("ab") as file:
                file.write(content[len(content) * number // 8 : len(content) * (number + 1) // 8])
            pack = samples / "Pack N" / str(number % 2) / f"{number}.wav"
            pack.parent.mkdir(parents=True, exist_ok=True)
            pack.write_bytes(content)
            time.sleep(0.2)
        watch.wait(lambda: "grown.wav" in names(watch, samples))
        watch.wait(lambda: "Pack N/1/7.wav" in names(watch, samples))
        watch.wait(lambda: watch.total("heard") + watch.total("twins") == len(SOUNDS) + 9)
        part.replace(samples / "part.wav")
        watch.wait(lambda: "part.wav" in names(watch, samples))
        assert not any(one["failures"] for one in watch.happened("scan"))


def test_sorts_what_is_new_and_not_what_it_made_itself(drumsort_here, samples, tmp_path, kick):
    into = samples / "Sorted"
    with watching(tmp_path, samples, "--into", into, *REST) as watch:
        first = watch.wait(lambda: watch.happened("sort"))[0]
        assert first["done"] == len(SOUNDS)
        with kick.open("rb") as source, (samples / "new.wav").open("wb") as file:
            while some := source.read(4096):
                file.write(some)
                file.flush()
                time.sleep(0.02)
        second = watch.wait(lambda: watch.happened("sort")[1:])[0]
        assert [one["source"] for one in second["operations"]] == [str(samples / "new.wav")]
        watch.wait(lambda: len(names(watch, samples)) == 2 * (len(SOUNDS) + 1))  # with the copies
        time.sleep(1.5)
        assert len(watch.happened("sort")) == 2
        assert len(tree(into)) == len(SOUNDS) + 1
    assert drumsort_here("undo", second["run"]).returncode == 0
    assert len(tree(into)) == len(SOUNDS)
    assert drumsort_here("sort", samples, "--into", into).returncode == 2


def test_another_that_sorts_is_waited_for(samples, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    before = sorted(content for name, content in tree(samples).items() if name != "notes.txt")
    into = tmp_path / "Sorted"
    with ExitStack() as locks:
        locks.enter_context(folder_locks(plan([], into, "copy")))
        with watching(tmp_path, samples, "--into", into, "--move", *REST) as watch:
            (told,) = watch.wait(lambda: watch.happened("held"))
            assert "Another drumsort is at work in" in told["sentence"]
            assert told["sentence"].endswith("This is tried again.")
            assert not into.exists() and not watch.happened("sort")
            locks.close()
            watch.wait(lambda: watch.happened("sort"))
            assert sorted(tree(into).values()) == before
            assert [*tree(samples)] == ["notes.txt"]
            assert len(known(watch.catalog, [into])) == len(SOUNDS)


def test_another_that_scans_is_waited_for(samples, tmp_path, kick):
    with watching(tmp_path, samples, *REST) as watch:
        with writer_lock(watch.catalog):
            shutil.copy(kick, samples)
            (told,) = watch.wait(lambda: watch.happened("held"))
            assert "Another drumsort is filling the catalog" in told["sentence"]
        watch.wait(lambda: kick.name in names(watch, samples))
        assert len(watch.happened("held")) == 1


def test_a_sort_that_was_stopped_is_told_of_and_scans_go_on(drumsort_here, samples, tmp_path, kick):
    into = tmp_path / "Sorted"
    with watching(tmp_path, samples, "--into", into, *REST) as watch:
        run = watch.wait(lambda: watch.happened("sort"))[0]["run"]
        journal = tmp_path / "home" / "runs" / f"{run}.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(lines[:-1]))  # as a power cut leaves it
        shutil.copy(kick, samples)
        (told,) = watch.wait(lambda: watch.happened("held"))
        assert f"drumsort resume {run}" in told["sentence"]
        watch.wait(lambda: kick.name in names(watch, samples))
        assert drumsort_here("resume").returncode == 0
        watch.wait(lambda: len(watch.happened("sort")) == 2)


def test_too_many_folders_for_the_system_are_looked_through(samples, tmp_path):
    limited = [
        "unshare",
        "-Ur",
        "sh",
        "-c",
        'echo 1 > /proc/sys/user/max_inotify_watches; exec "$@"',
        "",
    ]
    if subprocess.run([*limited, "true"], capture_output=True).stderr:
        pytest.skip("no name space with a limit of its own can be made here")
    with watching(tmp_path, samples, *REST, through=limited) as watch:
        (told,) = watch.wait(lambda: watch.happened("held"))
        assert "OS file watch limit reached): every folder is looked through" in told["sentence"]


def test_a_drive_that_goes_and_comes_back_loses_nothing(samples, tmp_path, kick):
    mounted = not why_no_disk()  # else a folder stands for it, as in the day below
    drive, aside = tmp_path / "drive", tmp_path / "aside"
    with ExitStack() as disks:
        if mounted:
            disks.enter_context(small_disk(drive, 1 << 24))
            aside.mkdir()
        library = shutil.copytree(samples, drive / "Samples")
        watch = disks.enter_context(watching(tmp_path, library, *REST))
        _pull(drive, aside, mounted)
        watch.wait(lambda: watch.happened("away"))
        assert names(watch, library) == {*SOUNDS}
        shutil.copy(kick, aside / "Samples" / "new.wav")
        time.sleep(0.5)
        _plug_in(drive, aside, mounted)
        watch.wait(lambda: watch.happened("back"))
        watch.wait(lambda: names(watch, library) == {*SOUNDS, "new.wav"})
        watch.wait(lambda: watch.total("heard") == len(SOUNDS) + 1)
        assert watch.total("missing") == 0
        shutil.copy(kick, library / "and another.wav")  # it is watched again
        watch.wait(lambda: "and another.wav" in names(watch, library))


def _pull(drive, aside, mounted):
    if mounted:
        subprocess.run(["mount", "--bind", drive, aside], check=True)
        subprocess.run(["umount", "-l", drive], check=True)
    else:
        drive.rename(aside)


def _plug_in(drive, aside, mounted):
    if mounted:
        subprocess.run(["mount", "--bind", aside, drive], check=True)
        subprocess.run(["umount", "-l", aside], check=True)
    else:
        aside.rename(drive)


def test_a_storm_is_one_scan(samples, tmp_path, kick):
    with watching(tmp_path, samples, *REST) as watch:
        for number in range(9900):  # read, but not heard: that would take long
            (samples / "Pack A" / f"{number}.txt").write_bytes(b"no sound")
        for number in range(100):
            (samples / "Pack A" / f"{number}.wav").write_bytes(b"no sound")
        storm = watch.wait(lambda: watch.happened("scan")[1:])[0]
        assert len(storm["failures"]) == 100
        shutil.copy(kick, samples / "Pack B")
        watch.wait(lambda: "Pack B/kick.wav" in names(watch, samples))
        watch.wait(lambda: len(watch.happened("scan")) == 3)


def test_changes_are_looked_for_where_the_system_tells_of_none(samples, tmp_path, kick):
    with watching(tmp_path, samples, "--poll", "0.3", *REST) as watch:
        assert watch.happened("watching")[0]["polled"] == [str(samples)]
        (samples / "Pack C").mkdir()
        shutil.copy(kick, samples / "Pack C")
        (samples / "Pack B" / "PRT_1.wav").unlink()
        wanted = {*SOUNDS, "Pack C/kick.wav"} - {"Pack B/PRT_1.wav"}
        watch.wait(lambda: names(watch, samples) == wanted)
        samples.rename(tmp_path / "away")
        watch.wait(lambda: watch.happened("away"))
        (tmp_path / "away").rename(samples)
        watch.wait(lambda: watch.happened("back"))
        assert names(watch, samples) == wanted


def test_finishes_the_sort_before_it_ends(drumsort_here, samples, tmp_path):
    write_many(samples, 300)
    into = tmp_path / "Sorted"
    watch = Watch(tmp_path, samples, "--into", into, *REST)
    watch.wait(lambda: into.is_dir() and any(into.rglob("*.wav")))
    assert watch.end(signal.SIGTERM) == 0
    assert watch.happened()[-1]["event"] == "end"
    assert watch.happened("sort")[0]["done"] == 300 + len(SOUNDS) == len(tree(into))
    assert "stopped" not in drumsort_here("history").stdout


def test_ends_at_once_while_it_listens(samples, tmp_path):
    write_many(samples, 2000)
    watch = Watch(tmp_path, samples, *REST)
    watch.wait(lambda: watch.catalog.exists() and known(watch.catalog, [samples]))
    assert watch.end(signal.SIGINT) == 0
    assert not watch.errors()
    assert watch.happened()[-1]["event"] == "end"
    assert 0 < len(known(watch.catalog, [samples])) < 2000


def write_many(folder, count):
    content = next(folder.rglob("*.wav")).read_bytes()
    for number in range(count):
        (folder / f"{number}.wav").write_bytes(content + bytes([number % 256, number // 256]))


def test_what_cannot_be_watched_is_refused(drumsort_here, samples):
    for words, said in (
        ([samples, "--move"], "--move says how to sort: it needs --into."),
        ([samples, "--into", samples], "is where the files come from"),
        ([samples, "--into", samples / "notes.txt"], "is a file"),
        ([samples, "--into", "Sorted", "--layout", "{x}"], "{x}"),
        ([samples, "--model", "none"], "none"),
    ):
        done = drumsort_here("watch", *words)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_says_what_happens(samples, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", "watch", samples, "--into", "Sorted", "-v", *REST],
        cwd=tmp_path,
        env={**os.environ, "DRUMSORT_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines = [process.stdout.readline() for _ in range(3)]
    assert f"Watching {samples}, sorting into {tmp_path}/Sorted. Ctrl-C ends it." in lines[0]
    assert "4 files heard." in lines[1]
    assert "4 files copied. To take this back: drumsort undo " in lines[2]
    assert f"{samples}/Pack " in process.stdout.readline()
    (samples / "bad.wav").write_text("no sound")
    errors = [process.stderr.readline() for _ in range(2)]  # once, though it is not sorted either
    assert (errors[0], "bad.wav is damaged" in errors[1]) == ("Not heard: 1 file\n", True)
    (samples / "Pack B" / "PRT_1.wav").unlink()
    lines = [process.stdout.readline() for _ in range(4)]  # three more files that were placed
    assert "1 file gone." in lines[3]
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "No longer watching.\n")


def test_a_day_of_changes_ends_as_a_fresh_scan_would(tmp_path):
    differ, count, told = lived(tmp_path, seed=1, operations=90)
    assert not differ
    assert count > 20 and told.count("scan") > 1
