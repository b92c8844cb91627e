"""Disks that are full, read-only, gone midway or of another kind, and names that no one expects.

``python -m tests.faults disks`` tries all; the tests try some.
"""

import os
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from drumsort.workflows import undo as past

from .scene import Scene, Tally, Word, differences, in_child, lost, settled, states

MANY = {f"{n % 5}/Kick {n}.wav": bytes([n % 50]) * (3000 + 1370 * n) for n in range(60)}
STRANGE = {
    os.fsdecode(b"Kick \xff\xfe.wav"): b"1",
    "New\nline.wav": b"2",
    "Caf\u00e9.wav": b"3",
    "Cafe\u0301.wav": b"4",
    "CON.wav": b"5",
    "aux": b"6",
    "trailing. ": b"7",
    "-rf.wav": b"8",
    "k" * 251 + ".wav": b"9",
    "K" * 251 + ".wav": b"10",
    "quote'\"`$(x).wav": b"11",
    "deep/" * 60 + "Kick.wav": b"12",
}


def why_not() -> str:
    """Why no disk can be mounted here, or ``""``."""
    return "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "needs root, to mount a disk"


@contextmanager
def small_disk(mount: Path, size: int) -> Iterator[Path]:
    """A disk in memory with room for ``size`` bytes."""
    mount.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={size}", "drumsort", str(mount)]
    subprocess.run(["mount", *options], check=True, capture_output=True)
    try:
        yield mount
    finally:
        subprocess.run(["umount", "-l", str(mount)], capture_output=True)


@contextmanager
def ntfs_disk(mount: Path, image: Path) -> Iterator[Path]:
    """A disk with NTFS, by way of FUSE."""
    mount.mkdir(parents=True, exist_ok=True)
    with image.open("wb") as file:
        file.truncate(64 * 2**20)
    subprocess.run(["mkfs.ntfs", "-q", "-F", "-f", str(image)], check=True, capture_output=True)
    subprocess.run(["ntfs-3g", str(image), str(mount)], check=True, capture_output=True)
    try:
        yield mount
    finally:
        subprocess.run(["umount", str(mount)], capture_output=True)
        image.unlink()


def judged(
    scene: Scene, word: Word, start: dict[str, object], on_to: str = "resume", most: int = 20
) -> str:
    """What was wrong after a fault that is over now; ``most`` files may be named."""
    if word.crashed:
        return f"crashed: {word.crashed.strip().splitlines()[-1]}"
    if gone := lost(scene):
        return f"lost: {gone[:3]}"
    if "Errno" in word.text:
        return f"raw: {word.text}"
    if word.run and len(word.run.failures) > most:
        return f"{len(word.run.failures)} sentences"
    if not word.well and not word.text:
        return "said nothing"
    if told := states(scene):
        for how in (
            ("resume", "undo") if told[0] == "unfinished" and on_to == "resume" else ("undo",)
        ):
            if wrong := settled(scene, how):
                return f"{wrong} (after: {word.text})"
    wrong = differences(start, scene.look())
    return f"not as before: {wrong[:300]}" if wrong else ""


def full(top: Path, action: str, free: int) -> str:
    """A disk that has room for ``free`` bytes of the sort, which is refused or stops midway."""
    with small_disk(top / "small", 1 << 23) as mount:
        scene = Scene(top / "tree", mount / "out", top / "home", MANY)
        scene.clear()
        scene.make()
        start = scene.look()
        checked = in_child(scene, lambda: scene.sort(action), lambda: _fill(mount, free))
        (mount / "filler").unlink(missing_ok=True)
        return judged(scene, checked, start)


def _fill(mount: Path, free: int) -> None:
    """Fill a disk after it was looked at, so that the run begins."""
    from drumsort.sorting import disk

    make, filler = disk.make_folders, mount / "filler"

    def fill(*arguments):
        if not filler.exists():
            room = os.statvfs(mount).f_bavail * os.statvfs(mount).f_bsize
            filler.write_bytes(b"\0" * max(0, room - free))
        return make(*arguments)

    disk.make_folders = fill


def too_large(top: Path, action: str, limit: int) -> str:
    """A system that lets no file grow beyond ``limit`` bytes: each that is larger is named."""
    import signal

    scene = Scene(top / "tree", top / "out", top / "home", MANY)
    scene.clear()
    scene.make()
    start = scene.look()

    def arm() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    word = in_child(scene, lambda: scene.sort(action), arm)
    larger = sum(len(content) > limit for content in scene.files.values())
    return judged(scene, word, start, on_to="undo", most=larger)


def midway(top: Path, action: str, verb: str, side: str, what: str, number: int) -> str:
    """A disk that becomes read-only, or goes, at the ``number``-th file of a run or its undo."""
    from drumsort.sorting import disk, transfer

    with small_disk(top / "other", 1 << 25) as mount:
        far = mount / "tree" if side == "in" else mount
        scene = Scene(
            far if side == "in" else top / "tree",
            top / "out" if side == "in" else mount / "out",
            top / "home",
            MANY,
        )
        (top / "aside").mkdir(exist_ok=True)
        scene.clear()
        scene.make()
        start = scene.look()
        if verb == "undo":
            in_child(scene, lambda: scene.sort(action))

        def arm() -> None:
            seen = [0]

            def wrap(module, name):
                real = getattr(module, name)

                def wrapped(*arguments, **keywords):
                    seen[0] += 1
                    if seen[0] == number:
                        _strike(mount, what, top / "aside")
                    return real(*arguments, **keywords)

                setattr(module, name, wrapped)

            wrap(transfer, "_link")
            wrap(disk, "drop")

        work = (lambda: scene.sort(action)) if verb == "sort" else lambda: past.undo(catalog=False)
        try:
            word = in_child(scene, work, arm)
            below = sum(1 for path in mount.rglob("*")) if what == "gone" else 0
        finally:
            _heal(mount, what, top / "aside")
        if below:
            return f"{below} entries below the empty mount point"
        return judged(scene, word, start)


def _strike(mount: Path, what: str, aside: Path) -> None:
    if what == "read-only":
        subprocess.run(["mount", "-o", "remount,ro", str(mount)], capture_output=True)
    else:
        subprocess.run(["mount", "--bind", str(mount), str(aside)], check=True)
        subprocess.run(["umount", "-l", str(mount)], check=True)


def _heal(mount: Path, what: str, aside: Path) -> None:
    if what == "read-only":
        subprocess.run(["mount", "-o", "remount,rw", str(mount)], capture_output=True)
    elif os.path.ismount(aside):
        subprocess.run(["mount", "--bind", str(aside), str(mount)], check=True)
        subprocess.run(["umount", "-l", str(aside)], check=True)


def foreign(top: Path, action: str) -> str:
    """A stay on NTFS, which keeps neither permissions nor nanoseconds here."""
    with ntfs_disk(top / "ntfs", top / "ntfs.img") as mount:
        scene = Scene(top / "tree", mount / "out", top / "home", MANY)
        scene.clear()
        scene.make()
        (scene.root / "0" / "Kick 0.wav").chmod(0o640)
        start = scene.look()
        return judged(scene, in_child(scene, lambda: scene.sort(action)), start)


def strange(top: Path, action: str) -> str:
    """Names that no one expects, beside loops, pipes, sockets and devices."""
    scene = Scene(top / "tree", top / "out", top / "home", {})
    scene.clear()
    scene.make()
    scene.root.mkdir(parents=True)
    files = {}
    for name, content in STRANGE.items():
        path = scene.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files[name] = content
    scene.files = files
    (scene.root / "loop").symlink_to(scene.root)
    (scene.root / "endless.wav").symlink_to("endless.wav")
    os.mkfifo(scene.root / "pipe.wav")
    os.link(scene.root / "aux", scene.root / "again.wav")
    with socket.socket(socket.AF_UNIX) as one, suppress(OSError):
        one.bind(str(scene.root / "socket.wav"))
    start = _names(scene)
    word = in_child(scene, lambda: scene.sort(action))
    if word.crashed or lost(scene) or word.run is None:
        return f"{word.crashed} {word.error} {lost(scene)}"
    if wrong := settled(scene, "undo"):
        return wrong
    return "" if _names(scene) == start else "not as before"


def _names(scene: Scene) -> list[bytes]:
    return sorted(os.fsencode(path) for path in scene.top.rglob("*") if "home" not in path.parts)


def trials(top: Path, every: int = 1) -> Iterator[tuple[str, str]]:
    """What was tried, and what was wrong; every ``every``-th of each kind."""
    for action in ("copy", "move"):
        for free in range(0, 3_000_000, 300_000 * every):
            yield f"full, {action}", full(top, action, free)
        for limit in range(2000, 90_000, 20_000 * every):
            yield f"limit of a file's size, {action}", too_large(top, action, limit)
        for what in ("read-only", "gone"):
            for side in ("out", "in"):
                for verb in ("sort", "undo"):
                    for number in range(1, 60, 12 * every):
                        wrong = midway(top, action, verb, side, what, number)
                        yield f"{what} midway ({side}), {verb} {action}", wrong
        yield f"strange names, {action}", strange(top, action)
        if shutil.which("mkfs.ntfs") and shutil.which("ntfs-3g"):
            yield f"NTFS, {action}", foreign(top, action)


def main(top: str, every: str) -> int:
    """Try all, print what was wrong, and count."""
    tally = Tally()
    for name, wrong in trials(Path(top), int(every)):
        tally.add(name.split(",")[0].split(" (")[0], wrong, name)
    print(tally)
    return tally.faults.total() > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
