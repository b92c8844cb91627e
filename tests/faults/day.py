"""A day in the life of a library, in fast-forward, while ``drumsort watch`` looks on.

``python -m tests.faults day`` lives through many operations, and then compares what the catalog
knows with what a fresh scan finds.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from drumsort import Catalog, scan

from ..small_library import write

LABELS = ("kick", "snare", "closed_hat", "clap", "tom", "rim", "crash", "cowbell")
PENDING = (".part", ".crdownload", ".tmp")


class Watch:
    """``drumsort watch``, running in a process of its own.

    Args:
        top: where it runs and keeps what it says.
        args: of the command.
        through: a command that runs this one.
    """

    def __init__(self, top, *args, through=()):
        self.home, self.said = top / "home", top / "said.jsonl"
        with self.said.open("wb") as said, self.said.with_suffix(".errors").open("wb") as errors:
            self.process = subprocess.Popen(
                [*through, sys.executable, "-m", "drumsort", "watch", "--json", *map(str, args)],
                cwd=top,
                env={**os.environ, "DRUMSORT_HOME": str(self.home)},
                stdout=said,
                stderr=errors,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )

    @property
    def catalog(self):
        return self.home / "catalog.db"

    def happened(self, *events):
        """What it said so far; only of some kinds, if any are named."""
        lines = self.said.read_bytes().splitlines(keepends=True)
        told = [json.loads(line) for line in lines if line.endswith(b"\n")]
        return [one for one in told if not events or one["event"] in events]

    def total(self, count):
        """The sum over all scans of one of their counts."""
        return sum(one[count] for one in self.happened("scan"))

    def wait(self, condition, seconds=60):
        """Look until something is so, and give what ``condition`` said then."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            assert self.process.poll() is None, self.errors()
            assert time.monotonic() < end, f"waited in vain; {self.happened()[-5:]}"
            time.sleep(0.2)
        return found

    def errors(self):
        return self.said.with_suffix(".errors").read_text()

    def end(self, how=signal.SIGTERM):
        """End it; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()


@contextmanager
def watching(top, *args, **options):
    """A ``Watch``, which has looked at everything once; it ends with the block."""
    one = Watch(top, *args, **options)
    try:
        one.wait(lambda: one.happened("scan"), 60)
        yield one
    finally:
        code = one.end()
    assert code == 0, one.errors()
    assert "Traceback" not in one.errors(), one.errors()


def known(catalog, roots):
    """All that a catalog knows of the files that are there, with their verdicts."""
    with Catalog(catalog, create=False) as opened:
        return {
            os.fsdecode(entry.path): (
                entry.root,
                entry.pack,
                entry.facts and entry.facts.audio_hash,
                entry.error,
                entry.prediction and (entry.prediction.label, entry.prediction.confidence),
            )
            for root in roots
            for entry in opened.entries(root)
        }


class Day:
    """Random changes in a folder, always the same ones for a seed.

    Args:
        top: where the folder is, and others that files come from.
        seed: chooses what happens.
    """

    def __init__(self, top, seed):
        self.root, self._chance = top / "Library", random.Random(seed)
        self._outside, self._number = top / "elsewhere", 0
        self._pool = [
            write(top / "pool" / f"{label}.wav", label, number).read_bytes()
            for number, label in enumerate(LABELS)
        ]
        self._outside.mkdir()
        self.root.mkdir()

    def live(self, operations, pause=0.0):
        """Do so many things; some files grow while others change."""
        for _ in range(operations):
            with suppress(FileNotFoundError):  # what is done to a file that went with its folder
                self._chance.choice(DOINGS)(self)
            if pause:
                time.sleep(pause * self._chance.random())

    def _new(self, suffix=".wav"):
        self._number += 1
        folder = self._chance.choice([*self._folders(), self.root])
        return folder / f"{self._chance.choice(('Kick', 'x', 'Hat'))} {self._number}{suffix}"

    def _folders(self):
        return [path for path in sorted(self.root.rglob("*")) if path.is_dir()]

    def _file(self):
        files = [path for path in sorted(self.root.rglob("*")) if path.is_file()]
        return self._chance.choice(files) if files else self._put()

    def _put(self):
        path = self._new()
        path.write_bytes(self._chance.choice(self._pool))
        return path

    def _grow(self):
        content = self._chance.choice(self._pool)
        with self._new().open("wb") as file:
            for start in range(0, len(content), len(content) // 5):
                file.write(content[start : start + len(content) // 5])
                file.flush()
                time.sleep(0.01)

    def _download(self):
        path = self._new()
        pending = path.with_name(path.name + self._chance.choice(PENDING))
        path.touch()
        pending.write_bytes(self._chance.choice(self._pool))
        pending.replace(path)

    def _unpack(self):
        self._number += 1
        top = self._chance.choice([*self._folders(), self.root]) / f"Pack {self._number}"
        for number in range(self._chance.randint(1, 12)):
            path = top / f"{number % 3}" / f"hit {number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._chance.choice(self._pool))

    def _overwrite(self):
        self._file().write_bytes(self._chance.choice(self._pool))

    def _damage(self):
        self._file().write_bytes(b"RIFF and no more")

    def _rename(self):
        self._file().rename(self._new())

    def _rename_folder(self):
        if folders := self._folders():
            self._number += 1
            folder = self._chance.choice(folders)
            folder.rename(folder.with_name(f"Folder {self._number}"))

    def _nest(self):
        folders = self._folders()
        if len(folders) > 1:
            one, other = self._chance.sample(folders, 2)
            if one not in (other, *other.parents) and not (other / one.name).exists():
                one.rename(other / one.name)

    def _take_out(self):
        self._number += 1
        if folders := self._folders():
            self._chance.choice(folders).rename(self._outside / str(self._number))

    def _bring_back(self):
        if away := sorted(self._outside.iterdir()):
            self._number += 1
            self._chance.choice(away).rename(self.root / f"Again {self._number}")

    def _copy_folder(self):
        if folders := self._folders():
            self._number += 1
            one = self._chance.choice(folders)
            if sum(1 for _ in one.rglob("*")) < 40:
                shutil.copytree(one, self.root / f"Copy {self._number}")

    def _delete(self):
        self._file().unlink()

    def _delete_folder(self):
        if folders := self._folders():
            shutil.rmtree(self._chance.choice(folders))

    def _touch(self):
        os.utime(self._file())

    def _text(self):
        self._new(".txt").write_text("not a sound")

    def _hide(self):
        path = self.root / ".hidden" / "kick.wav"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self._pool[0])

    def _unplug(self):
        away = self.root.with_name("unplugged")
        self.root.rename(away)
        time.sleep(self._chance.random())
        away.rename(self.root)


DOINGS = (
    *[Day._put] * 6,
    *[Day._grow] * 3,
    *[Day._download] * 3,
    *[Day._unpack] * 3,
    *[Day._overwrite] * 3,
    *[Day._rename] * 3,
    *[Day._rename_folder] * 2,
    *[Day._delete] * 3,
    Day._damage,
    Day._nest,
    Day._take_out,
    Day._bring_back,
    Day._copy_folder,
    Day._delete_folder,
    Day._touch,
    Day._text,
    Day._hide,
    Day._unplug,
)


def lived(top, seed, operations, pause=0.0, rest=0.2):
    """Live through a day while it is watched; what differs from a fresh scan at the end."""
    day = Day(top, seed)
    with watching(top, day.root, "--rest", rest, "--ear", "quick") as watch:
        day.live(operations, pause)
        fresh = top / "fresh.db"
        scan(day.root, catalog=fresh, ear="quick")
        expected = known(fresh, [day.root])
        end = time.monotonic() + 60
        while (found := known(watch.catalog, [day.root])) != expected:
            if time.monotonic() > end:
                break
            time.sleep(0.2)
        kinds = [one["event"] for one in watch.happened()]
    differ = {p for p in {*found, *expected} if found.get(p) != expected.get(p)}
    return differ, len(expected), kinds


def main(top, days, operations):
    """Live through some days, print what was wrong, and count."""
    failed = 0
    for seed in range(int(days)):
        place = Path(top, str(seed))
        place.mkdir()
        began = time.monotonic()
        differ, count, kinds = lived(place, seed, int(operations), pause=0.1)
        took = time.monotonic() - began
        print(
            f"day {seed}: {operations} changes in {took:.0f} s, {kinds.count('scan')} scans, "
            f"{count} files, {len(differ)} of them other than a fresh scan says",
            *sorted(differ)[:5],
            flush=True,
        )
        failed |= bool(differ)
        shutil.rmtree(place)
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
