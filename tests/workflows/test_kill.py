"""Kill a scan, really, at any moment: it goes on, hears nothing twice, and ends the same."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from drumsort import Catalog, scan
from drumsort.taxonomy import LABELS

from ..small_library import dump, write

KILLS = 20
BATCH = 7
SCANS = """
import os, signal, sys, time
from drumsort.hearing import Listener
from drumsort.catalog import writer
from drumsort.model.infer import Network
from drumsort.workflows.scan import scan

writer.BATCH = int(sys.argv[4])
listen = Listener.__call__

def noted(self, path, **options):
    os.write(log, os.fsencode(path) + b"\\n")
    return listen(self, path, **options)

Listener.__call__ = noted
for line in sys.stdin:
    child = os.fork()
    if not child:
        log = os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        scan(sys.argv[1], catalog=sys.argv[2], workers=1)
        os._exit(0)
    ended = status = 0
    if line.strip():
        sounds, seconds = line.split()
        while not ended and open(sys.argv[3], "rb").read().count(b"\\n") < int(sounds):
            ended, status = os.waitpid(child, os.WNOHANG)
        if not ended:
            time.sleep(float(seconds))
            os.kill(child, signal.SIGKILL)
    if not ended:
        status = os.waitpid(child, 0)[1]
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
"""Runs a scan for each line it reads: a process that is killed so many seconds after so many sounds
were listened to, or not at all if the line is empty."""

POOL_KILLS = 3
POOL = """
import sys
from drumsort.catalog import writer
from drumsort.workflows.scan import scan

writer.BATCH = 7
scan(sys.argv[1], catalog=sys.argv[2], workers=2)
"""
LISTENED = """
import os, sys

if any("hearing.worker" in argument for argument in sys.orig_argv):
    log = os.open(os.environ["LISTENED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(event, arguments):
        if event == "open" and str(arguments[0]).endswith(".wav"):
            os.write(log, os.fsencode(arguments[0]) + b"\\n")

    sys.addaudithook(note)
"""
"""What each worker process runs at its start: it writes down the sounds that are opened."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Three hundred sounds, some of which hold the same, and some none."""
    top = tmp_path_factory.mktemp("sounds")
    folder = top / "Many"
    different = [
        write(top / "Few" / f"{label} {seed}.wav", label, seed)
        for label in LABELS
        for seed in range(4)
    ]
    for number in range(300):
        path = folder / f"Pack {number % 7}" / f"{number:03}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(different[number % len(different)], path)
    for number in range(0, 300, 50):
        (folder / "Pack 0" / f"{number:03} bad.wav").write_bytes(b"RIFF")
    return folder


def known(place):
    """The files that a catalog knows the verdict on."""
    if not place.exists():
        return set()
    sql = "SELECT path FROM files JOIN verdicts USING (audio_hash) WHERE error IS NULL"
    with Catalog(place) as catalog:
        return {path for (path,) in catalog.read(sql)}


@pytest.fixture
def scans(many, tmp_path):
    """Runs scans of ``many``, each a process of its own that is killed after some seconds."""
    arguments = [str(many), str(tmp_path / "killed.db"), str(tmp_path / "heard"), str(BATCH)]
    process = subprocess.Popen(
        [sys.executable, "-c", SCANS, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(when=""):
        process.stdin.write(f"{when}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield run
    process.stdin.close()
    assert process.wait() == 0
    process.stdout.close()


def test_killed_20_times_at_random_it_ends_with_the_same_catalog(scans, many, tmp_path):
    place, log = tmp_path / "killed.db", tmp_path / "heard"
    log.write_bytes(b"")
    assert scans() == 0
    expected = dump(place)
    rng = random.Random(20)
    kills = caught = went_on = ended = 0
    place.unlink()
    while kills < KILLS or known(place):
        before = known(place)
        log.write_bytes(b"")
        when = f"{rng.randrange(60)} {rng.uniform(0, 0.03)}" if kills < KILLS else ""
        code = scans(when)
        heard = log.read_bytes().splitlines()
        assert not before & {*heard}
        assert len(heard) == len({*heard})
        if code == 0:  # it was through: once more from the start
            assert dump(place) == expected
            ended += 1
            went_on += bool(before)
            place.unlink()
            continue
        assert code == -signal.SIGKILL
        kills += 1
        caught += bool(heard)
        lost = {path for path in heard if b" bad" not in path} - known(place)
        assert len(lost) <= BATCH
    assert caught >= KILLS / 2
    assert went_on >= 1
    assert ended >= 1


def killed(command, log, sounds):
    """Whether the process was killed once it had listened to so many sounds, before its end."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stderr=errors)
        while process.poll() is None and len(listened(log)) < sounds:
            time.sleep(0.01)
        process.kill()
        code = process.wait()
        errors.seek(0)
        assert code in (0, -signal.SIGKILL), errors.read()
    return code != 0


def listened(log):
    """What was listened to since the log was removed: nothing where the catalog knew it all."""
    return set(log.read_bytes().split(b"\n")) if log.exists() else set()


@pytest.fixture
def log(tmp_path, monkeypatch):
    """The sounds that worker processes listened to."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(LISTENED)
    # Before what is there already, so that scans import the drumsort that is tested here.
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"), prepend=os.pathsep)
    monkeypatch.setenv("LISTENED", str(tmp_path / "listened"))
    return tmp_path / "listened"


def test_killed_while_worker_processes_hear_it_ends_with_the_same_catalog(many, tmp_path, log):
    unbroken = tmp_path / "unbroken.db"
    scan(many, catalog=unbroken, workers=2)
    assert len(listened(log)) > 250
    expected = dump(unbroken)
    rng = random.Random(8)
    place = tmp_path / "killed.db"
    command = [sys.executable, "-c", POOL, str(many), str(place)]
    kills = steps = 0
    for _ in range(4 * POOL_KILLS):
        if kills == POOL_KILLS:
            break
        before = known(place)
        log.unlink(missing_ok=True)
        if not killed(command, log, rng.randrange(40, 200)):
            assert dump(place) == expected
            place.unlink()  # it was through: once more from the start
            continue
        kills += 1
        assert not before & listened(log)
        steps += known(place) > before
    assert kills == POOL_KILLS
    assert steps >= 1
    before = known(place)
    log.unlink(missing_ok=True)
    subprocess.run(command, check=True)
    assert not before & listened(log)
    assert dump(place) == expected
