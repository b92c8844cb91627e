"""Kill a scan, really, at any moment: it goes on, hears nothing twice, and ends the same."""

import os
import random
import shutil
import subprocess
import sys
import time

import pytest

from drumsort import Catalog, scan
from drumsort.taxonomy import LABELS

from .conftest import dump, write

KILLS = 8
SCAN = """
import os, sys
from drumsort.library import notes
from drumsort.pipeline import Ear
from drumsort.scanning import scan

notes.BATCH = 7
heard, hear = os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT | os.O_APPEND), Ear.hear

def listen(self, source, **options):
    os.write(heard, os.fsencode(source.path) + b"\\n")
    return hear(self, source, **options)

Ear.hear = listen
scan(sys.argv[1], catalog=sys.argv[2])
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


@pytest.fixture
def many(tmp_path):
    """Three hundred sounds, some of which hold the same, and some none."""
    folder = tmp_path / "Many"
    different = [
        write(tmp_path / "Few" / f"{label} {seed}.wav", label, seed)
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
    with Catalog(place) as catalog:
        return {os.fsencode(e.path) for e in catalog.entries() if e.prediction}


def killed(command, seconds):
    """Whether the process was killed before its end."""
    process = subprocess.Popen(command)
    time.sleep(seconds)
    process.kill()
    code = process.wait()
    assert code in (0, -9)
    return code != 0


def test_killed_at_random_it_ends_with_the_same_catalog(many, tmp_path):
    unbroken = tmp_path / "unbroken.db"
    scan(many, catalog=unbroken)
    expected = dump(unbroken)
    rng = random.Random(8)
    place, log = tmp_path / "killed.db", tmp_path / "heard"
    command = [sys.executable, "-c", SCAN, str(many), str(place), str(log)]
    started = time.monotonic()
    subprocess.run([*command[:4], str(tmp_path / "timed.db"), str(tmp_path / "timed")], check=True)
    whole = time.monotonic() - started
    kills = steps = 0
    for _ in range(4 * KILLS):
        if kills == KILLS:
            break
        before = known(place)
        log.unlink(missing_ok=True)
        if not killed(command, rng.uniform(0.4, 0.4 + 0.8 * whole / 2)):
            place.unlink()  # it was through: once more from the start
            continue
        kills += 1
        heard = log.read_bytes().split(b"\n") if log.exists() else []
        assert not before & set(heard)
        steps += known(place) > before
    assert kills == KILLS
    assert steps >= 2
    before = known(place)
    log.unlink(missing_ok=True)
    subprocess.run(command, check=True)
    assert not before & set(log.read_bytes().split(b"\n"))
    assert dump(place) == expected
