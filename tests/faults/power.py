"""Power cuts, and drives that are pulled: file systems in images, shut down without a flush.

``FS_IOC_SHUTDOWN`` makes a file system forget all that was not flushed, as a power cut does. What
mounts again afterwards is what a flush had put there. Home and samples lie on one disk or on two;
of two, both are cut or only that of the samples. ``python -m tests.faults power`` does 300 cuts.
"""

import contextlib
import errno
import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from drumsort.sorting.journal import load
from drumsort.workflows import undo as past

from .scene import TAGGED, Scene, Tally, differences, in_child, lost, newest, settled, states

SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN
WITHOUT_FLUSH = 2  # FS_SHUTDOWN_FLAGS_NOLOGFLUSH
KINDS = {
    "ext4": (["mkfs.ext4", "-q", "-F"], "loop"),
    "ext4 writeback": (["mkfs.ext4", "-q", "-F"], "loop,data=writeback"),
    "xfs": (["mkfs.xfs", "-q", "-f"], "loop"),
}
MANY = {f"{n % 5}/Kick {n}.wav": bytes([n % 50]) * (3000 + 137 * (n % 50)) for n in range(72)}


class Disk:
    """A file system in an image, at a mount point."""

    def __init__(self, kind: str, image: Path, mount: Path) -> None:
        self.image, self.mount = image, mount
        make, self.options = KINDS[kind]
        mount.mkdir(parents=True, exist_ok=True)
        with image.open("wb") as file:
            file.truncate(320 * 2**20)
        subprocess.run([*make, str(image)], check=True, capture_output=True)
        self.plug_in()

    def plug_in(self) -> None:
        command = ["mount", "-o", self.options, str(self.image), str(self.mount)]
        subprocess.run(command, check=True, capture_output=True)

    def unplug(self) -> None:
        for _ in range(200):
            done = subprocess.run(["umount", str(self.mount)], capture_output=True)
            if done.returncode == 0 or not os.path.ismount(self.mount):
                return
            time.sleep(0.02)
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(self.mount))

    def cut(self) -> None:
        fd = os.open(self.mount, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", WITHOUT_FLUSH))
        finally:
            os.close(fd)

    def remove(self) -> None:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            self.unplug()
        self.image.unlink(missing_ok=True)


def why_not() -> str:
    """Why no disk can be cut here, or ``""``."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "needs root, to mount a disk of its own"
    if not shutil.which("mkfs.ext4") or not Path("/dev/loop-control").exists():
        return "needs mkfs.ext4 and loop devices"
    return ""


class Cuts:
    """Cuts of one kind of file system, with home and samples together or apart."""

    def __init__(self, kind: str, apart: bool, top: Path) -> None:
        self.apart = apart
        self.samples = Disk(kind, top / "samples.img", top / "samples")
        self.own = Disk("ext4", top / "own.img", top / "own") if apart else self.samples
        self.disks = list(dict.fromkeys((self.samples, self.own)))
        mount = self.samples.mount
        self.scene = Scene(mount / "tree", mount / "tree" / "out", self.own.mount / "home", MANY)

    def close(self) -> None:
        for disk in self.disks:
            disk.remove()

    def prepare(self) -> dict[str, object]:
        self.scene.clear()
        self.scene.make()
        return self.scene.look()

    def measure(self, action: str) -> None:
        """How long an unbroken sort takes, and what it makes of the tree."""
        self.scene.files = TAGGED if action == "tag" else MANY
        self.prepare()
        os.sync()
        began = time.perf_counter()
        word = in_child(self.scene, lambda: self.scene.sort(action))
        self.length = time.perf_counter() - began
        assert word.well, word
        self.whole = self.scene.look()

    def trial(
        self, action: str, verb: str, both: bool, chance: random.Random, after: bool = False
    ) -> str:
        """What was wrong after a cut during, or soon after, a sort or its undo.

        Args:
            action: copy, move, link, relink or tag.
            verb: sort or undo.
            both: whether the disk of the home is cut, too.
            chance: draws the instant.
            after: whether to wait until the command has said all.
        """
        scene = self.scene
        start = self.prepare()
        if verb == "undo":
            in_child(scene, lambda: scene.sort(action))
        os.sync()
        work = (lambda: scene.sort(action)) if verb == "sort" else lambda: past.undo(catalog=False)

        def cut(pid: int) -> None:
            # A third of the cuts come after the end, when all that was said was said.
            if after:
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            else:
                time.sleep(chance.uniform(0, self.length * 1.5))
            for disk in self.disks if both else [self.samples]:
                disk.cut()
            time.sleep(0.02)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if both else 0)

        in_child(scene, work, meanwhile=cut)
        for disk in self.disks:
            disk.unplug()
            disk.plug_in()
        if gone := lost(scene):
            return f"lost: {gone}"
        told = states(scene)
        if not told:
            wrong = differences(start, scene.look())
            return f"no run is known, but {wrong}" if wrong else ""
        failed = load(newest(scene)).failed  # named; they are as they were, and not tried again
        if (
            told[0] == "finished"
            and not failed
            and (wrong := differences(self.whole, scene.look()))
        ):
            return f"the history says finished, but {wrong}"
        if told[0] == "undone" and (wrong := differences(start, scene.look())):
            return f"the history says undone, but {wrong}"
        if told[0] not in ("unfinished", "finished", "partly undone", "undone"):
            return f"the run is {told[0]}"
        if told[0] in ("unfinished", "finished") and chance.random() < 0.5:
            if (wrong := settled(scene, "resume")) and not failed:
                return wrong
            if not failed and (wrong := differences(self.whole, scene.look())):
                return f"after resume: {wrong}"
        if wrong := settled(scene, "undo"):
            return wrong
        wrong = differences(start, scene.look())
        return f"after undo: {wrong}" if wrong else ""


ACTIONS = ("copy", "move", "link", "relink", "tag")


def campaign(kind: str, top: Path, times: int) -> Iterator[tuple[str, str]]:
    """Where a cut came, and what was wrong."""
    for apart in (True, False):
        cuts = Cuts(kind, apart, top)
        try:
            for action in ACTIONS:
                cuts.measure(action)
                for verb in ("sort", "undo"):
                    chance = random.Random(f"{kind} {apart} {action} {verb}")
                    for number in range(times):
                        both = not apart or number % 2 == 0
                        where = "together" if not apart else "apart" if both else "pulled"
                        wrong = cuts.trial(action, verb, both, chance)
                        yield f"{kind}, {where}, {verb} {action}", wrong
        finally:
            cuts.close()


def main(top: str, times: str, *kinds: str) -> int:
    """So many cuts of each command on each kind of disk; prints what was wrong, and counts."""
    tally = Tally()
    for kind in kinds or KINDS:
        if not shutil.which(KINDS[kind][0][0]):
            print(f"{kind}: left out, {KINDS[kind][0][0]} is not installed")
            continue
        for name, wrong in campaign(kind, Path(top), int(times)):
            tally.add(", ".join(name.split(", ")[:2]), wrong, name)
    print(tally)
    return tally.faults.total() > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
