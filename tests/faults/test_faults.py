"""Short versions of the campaign: some of each kind. ``python -m tests.faults`` has all."""

import importlib
import os
import random
import shutil
import subprocess
import sys

import pytest

from drumsort.errors import DrumsortError
from drumsort.sorting.volumes import Volume

from . import audio, disks, errors, fuzz, kills, page, power, races, shelf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made for Linux")


@pytest.mark.parametrize(
    ("command", "every"),
    [
        ("move", "90"),
        ("undo copy", "90"),
        ("resume move", "90"),
        ("resume symlink", "53"),
        ("tag", "60"),
        ("undo tag", "60"),
    ],
)
def test_an_error_at_a_call(top, command, every):
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler, to make calls fail")
    try:
        made = errors.library(top)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"cc does not make the library here: {error.stderr[-100:]!r}")
    done = errors.again_with(made, str(top / "trees"), "-", every, command)
    assert done.returncode == 0 and " 0 faults" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("action", ["copy", "move"])
@pytest.mark.parametrize("verb", ["", "undo", "resume"])
def test_a_kill(top, action, verb):
    sorts = kills.Sorts(top, None)
    sorts.measure(action)
    assert sorts.trial(action, verb, random.Random(f"{action} {verb}"))[1] == ""


@pytest.mark.parametrize("action", ["copy", "move"])
def test_a_race(top, action):
    race = races.Races(top, None)
    race.measure(action)
    for kind in ("sort", "undo"):
        assert race.pair(action, kind, random.Random(f"{action} {kind}")) == ""
    assert race.changing(action, random.Random(action)) == ""


def test_a_kill_of_a_tag(top):
    library = kills.Library(top)
    assert library.trial("tag", random.Random("tag"), 1.0)[1] == ""


def test_a_kill_of_a_sort_from_the_page(top):
    assert [wrong for _, _, wrong in shelf.Pages(top).all(1) if wrong] == []


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_a_power_cut(top, kind):
    """Home and samples lie apart, the cut comes after all was said: it must be so."""
    if why := power.why_not():
        pytest.skip(why)
    if shutil.which(power.KINDS[kind][0][0]) is None:
        pytest.skip(f"needs {power.KINDS[kind][0][0]}")
    try:
        cuts = power.Cuts(kind, True, top)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{error.cmd[0]} does not work here")
    try:
        cuts.measure("move")
        for verb in ("sort", "undo"):
            assert cuts.trial("move", verb, True, random.Random(verb), after=True) == ""
    finally:
        cuts.close()


@pytest.fixture
def mounts(top):
    if why := disks.why_not():
        pytest.skip(why)
    try:
        with disks.small_disk(top / "probe", 1 << 20):
            pass
    except subprocess.CalledProcessError:
        pytest.skip("no disk in memory can be mounted here")
    return top


@pytest.mark.parametrize("action", ["copy", "move"])
def test_a_full_disk(mounts, action):
    assert disks.full(mounts, action, 600_000) == ""


@pytest.mark.parametrize("what", ["read-only", "gone"])
@pytest.mark.parametrize(
    ("side", "verb", "action"),
    [("out", "sort", "copy"), ("in", "sort", "move"), ("in", "undo", "move")],
)
def test_a_disk_midway(mounts, what, side, verb, action):
    assert disks.midway(mounts, action, verb, side, what, 9) == ""


def test_a_drive_that_is_not_mounted_is_not_an_empty_one(mounts):
    with disks.small_disk(mounts / "drive", 1 << 20) as mount:
        here = Volume.of(mount / "Samples")
        assert here.is_here() and Volume.from_entry(here.entry()) == here
    assert mount.is_dir() and not here.is_here()
    with disks.small_disk(mounts / "drive", 1 << 20):
        assert not here.is_here() or not here.number, "another drive in its place"


def test_strange_names(top):
    assert disks.strange(top, "move") == ""


def test_damaged_sounds(top):
    found = [(name, wrong) for name, wrong in audio.batches(top, 150, "test") if wrong]
    assert found == []


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    if why := page.why_not():
        pytest.skip(why)
    with page.page(tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest.mark.parametrize(
    "attack",
    [
        lambda made: page.hostile(made, every=8),
        page.outside,
        lambda made: page.crowd(made, 300),
        lambda made: page.slow(made, 60),
        lambda made: page.patient(made, 60),
    ],
    ids=["hostile", "outside", "crowd", "slow", "patient"],
)
def test_the_page_under_attack(attacked, attack):
    assert [one for one in attack(attacked) if one[1]] == []
    assert attacked.well() == ""


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_what_is_parsed_lies_in_the_file(top, target):
    chance = random.Random(target)
    for content in fuzz.seeds(target, audio.seeds(top)):
        fuzz.TARGETS[target](content)
        for _ in range(20):
            fuzz.TARGETS[target](audio.mutated(content, chance))


def test_an_export_sweeps_up_after_one_that_was_killed(top):
    export = importlib.import_module("drumsort.kits.export")
    rest = top / ".drumsort-export-killed"
    rest.mkdir()
    (rest / ".lock").touch()
    (rest / "Kick.wav").touch()
    os.utime(rest / ".lock", (0, 0))
    with export._staged(top) as stage:
        assert list(top.iterdir()) == [stage]
        with pytest.raises(DrumsortError), export._staged(top) as other:
            assert stage.is_dir(), "one at work is left alone"
            raise DrumsortError(other.name)
    assert list(top.iterdir()) == []


def test_a_thread_that_cannot_be_started_is_done_without(top, monkeypatch):
    import threading

    from drumsort.sorting import disk

    def refuse(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert disk.sync_all([top, top / "none"])[0] is None


def test_ctrl_c_while_commands_load_is_silent():
    """The signal comes before anything of drumsort's own has run."""
    code = (
        "import os, signal, sys; sys.argv = ['drumsort', '--version']\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # tests may run behind a shell
        "import drumsort.__main__\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "drumsort.__main__.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=os.environ)
    assert done.stderr == b"" and done.returncode == -2
