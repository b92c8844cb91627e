"""An error at every call: the n-th open, read, write ... of a sort, an undo, a resume fails.

A small C library, preloaded, does that. ``python -m tests.faults errors`` tries every call of
every kind with every error; the tests try some of them.
"""

import ctypes
import errno
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from drumsort.workflows import undo as past

from .scene import (
    ACTIONS,
    FILES,
    TAGGED,
    Scene,
    Tally,
    differences,
    in_child,
    lost,
    settled,
    states,
)

SOURCE = Path(__file__).with_name("preload.c")
KINDS = {
    "open": (errno.EIO, errno.EACCES, errno.ENOSPC, errno.EINTR),
    "read": (errno.EIO, errno.EINTR, -1),
    "write": (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EINTR, -1),
    "stat": (errno.EIO, errno.EACCES),
    "rename": (errno.EIO, errno.ENOSPC, errno.EACCES),
    "link": (errno.EIO, errno.EDQUOT, errno.EACCES),
    "unlink": (errno.EIO, errno.EACCES, errno.EROFS),
    "mkdir": (errno.EIO, errno.ENOSPC, errno.EACCES),
    "rmdir": (errno.EIO, errno.EACCES, errno.EROFS),
    "fsync": (errno.EIO, errno.ENOSPC, errno.EINTR),
    "utime": (errno.EIO, errno.EINTR, errno.EACCES),
    "chmod": (errno.EIO, errno.EACCES),
    "ftruncate": (errno.EIO,),
    "copy_file_range": (errno.EIO, errno.ENOSPC, -1),
}


def library(folder: Path) -> Path:
    """Compile the library into ``folder``.

    Raises:
        OSError, subprocess.CalledProcessError: there is no C compiler, or it fails.
    """
    made = folder / "preload.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return made


def again_with(made: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this module in a process that has the library preloaded."""
    environment = os.environ | {"LD_PRELOAD": str(made)}
    command = [sys.executable, "-m", "tests.faults.errors", *arguments]
    top = Path(__file__).parents[2]
    return subprocess.run(command, env=environment, text=True, capture_output=True, cwd=top)


class Sweep:
    """Errors at the calls of one command over trees on one or two disks."""

    def __init__(self, command: str, top: Path, far: Path | None) -> None:
        self.verb, _, self.action = command.rpartition(" ")
        self.top = top
        files = TAGGED if self.action == "tag" else FILES
        out, home = (far or top / "tree") / "out", top / "tree" / "home"
        self.scene = Scene(top / "tree", out, home, files)
        self.calls = ctypes.CDLL(None)
        self.scene.clear()
        self.prepare()
        word = in_child(self.scene, self.work)
        assert word.well, word
        self.whole = self.scene.look()
        self.scene.clear()

    def prepare(self) -> None:
        """Make the tree, and what comes before the command."""
        self.scene.make()
        self.start = self.scene.look()
        if self.verb == "resume":
            word = in_child(self.scene, lambda: self.scene.sort(self.action), _die_at_placed)
            assert word.crashed, word
        elif self.verb == "undo":
            in_child(self.scene, lambda: self.scene.sort(self.action))

    def work(self):
        match self.verb:
            case "":
                return self.scene.sort(self.action)
            case "resume":
                return past.resume(catalog=False)
            case _:
                return past.undo(catalog=False)

    def trial(self, kind: str, number: int, code: int) -> str | None:
        """What was wrong after the ``number``-th call failed; ``None`` if there is no such call."""
        self.scene.clear()
        self.prepare()
        flag = self.top / "not fired"
        flag.write_bytes(b"")

        def arm() -> None:
            folder = os.fsencode(self.scene.top)
            self.calls.arm(kind.encode(), number, code, folder)

        def work():
            try:
                return self.work()
            finally:
                if self.calls.fired():
                    flag.unlink()

        word = in_child(self.scene, work, arm)
        if flag.exists():
            return None
        return self.verdict(word)

    def verdict(self, word) -> str:
        scene = self.scene
        if word.crashed:
            return f"crashed: {word.crashed.strip().splitlines()[-1]}"
        if gone := lost(scene):
            return f"lost: {gone}"
        if "Errno" in word.text:
            return f"raw: {word.text}"
        if word.well:
            if wrong := differences(self.whole, scene.look()):
                return f"said to be well, but {wrong}"
            wanted = "undone" if self.verb == "undo" else "finished"
            if word.run.id and states(scene)[0] != wanted:
                return f"said to be well, but the run is {states(scene)[0]}"
        elif not word.text:
            return "said nothing"
        if states(scene):
            if states(scene)[0] == "unfinished" and (wrong := settled(scene, "resume")):
                return f"{wrong} (after: {word.text})"
            if wrong := settled(scene, "undo"):
                return f"{wrong} (after: {word.text})"
        elif self.verb:
            return "no run is known"
        wrong = differences(self.start, scene.look())
        return f"not as before: {wrong} (after: {word.text})" if wrong else ""

    def sweep(self, every: int = 1, first: int = 1) -> Iterator[tuple[str, int, int, str]]:
        """Kind, number, error and what was wrong, of every ``every``-th call of each kind."""
        for kind, codes in KINDS.items():
            for nth, code in enumerate(codes):
                for number in itertools.count(first + nth % every, every):
                    wrong = self.trial(kind, number, code)
                    if wrong is None:
                        break
                    yield kind, number, code, wrong


def _die_at_placed() -> None:
    """Stop a run after its files are in place, before its journal says so."""
    from drumsort.sorting.journal import Journal

    add = Journal.add

    def stop(self, **entry):
        if "placed" in entry:
            raise SystemExit("stopped")
        add(self, **entry)

    Journal.add = stop  # type: ignore[method-assign]


COMMANDS = [
    *ACTIONS,
    *(f"undo {action}" for action in ACTIONS),
    *(f"resume {action}" for action in ACTIONS[:4]),
    *("tag", "undo tag", "resume tag"),
]


def main(top: str, far: str, every: str, *commands: str) -> int:
    """Sweep some commands and print what was wrong, and count trials by kind of call."""
    tally = Tally()
    for command in commands or COMMANDS:
        for apart in (
            (None, Path(far))
            if far != "-" and "link" not in command and "tag" not in command
            else (None,)
        ):
            where = " to another disk" if apart else ""
            for kind, number, code, wrong in Sweep(command, Path(top), apart).sweep(int(every)):
                name = errno.errorcode.get(code, "short")
                tally.add(kind, wrong, f"{command}{where}: {kind} {number} {name}")
    print(tally)
    return tally.faults.total() > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
