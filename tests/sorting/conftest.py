"""Trees of files: make some, sort them, read what is there."""

import errno
import importlib
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.types import Action, CheckedPlan, Operation, Plan, Prediction, Result, Run

LONG_AGO = 1_000_000_000_123_456_700


class Tree:
    """A folder with ``in`` and ``out`` that speaks of files as ``{"in/A/Kick.wav": b"..."}``."""

    def __init__(self, top: Path, out: Path | None = None) -> None:
        self.top, self.root, self.out = top, top / "in", out or top / "out"
        self.root.mkdir(parents=True, exist_ok=True)

    def make(self, files: Mapping[str, bytes]) -> None:
        """Write files, each with a time of its own, long ago."""
        for number, (name, content) in enumerate(files.items()):
            path = self.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            stamp = LONG_AGO + number * 1_000_000_000
            os.utime(path, ns=(stamp, stamp))

    def path(self, name: str) -> Path:
        return self.out / name[4:] if name.startswith("out/") else self.top / name

    def read(self) -> dict[str, bytes]:
        """Every file's content, hidden and temporary ones too; a link to ``x`` reads ``-> x``."""
        return {
            name: b"-> " + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            for name, path in self._paths()
            if path.is_symlink() or path.is_file()
        }

    def stamps(self) -> dict[str, int]:
        """Every file's time of last change; 0 for a folder and for a symbolic link."""
        return {
            name: 0 if path.is_dir() or path.is_symlink() else path.stat().st_mtime_ns
            for name, path in self._paths()
        }

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for label, base in (("in", self.root), ("out", self.out)):
            for path in sorted(base.rglob("*")):
                yield f"{label}/{path.relative_to(base).as_posix()}", path

    def hear(self, families: Mapping[str, str] | None = None) -> list[Result]:
        """Results for all files in ``in``: a kick, or what ``families`` says by name."""
        results = []
        for path in sorted(self.root.rglob("*")):
            if path.is_file():
                name = f"in/{path.relative_to(self.root).as_posix()}"
                family = (families or {}).get(name, "kick")
                results.append(result(self.root, path, family))
        return results

    def check(
        self,
        action: Action = Action.COPY,
        families: Mapping[str, str] | None = None,
        layout: str = sorting.DEFAULT_LAYOUT,
    ) -> CheckedPlan:
        return sorting.check(sorting.plan(self.hear(families), self.out, action, layout))

    def link_plan(self, twins: Mapping[str, str]) -> Plan:
        """To make each name of ``twins`` one of the file it leads to."""
        operations = []
        for name, kept in twins.items():
            stat = self.path(name).stat()
            operation = (self.path(name), self.path(kept), stat.st_size, stat.st_mtime_ns)
            operations.append(Operation(*operation))
        return Plan((self.root,), self.root, Action.RELINK, tuple(operations))

    def sort(
        self,
        action: Action = Action.COPY,
        families: Mapping[str, str] | None = None,
        layout: str = sorting.DEFAULT_LAYOUT,
    ) -> Run:
        return sorting.apply(self.check(action, families, layout))


def result(
    root: Path, path: Path, family: str = "kick", label: str | None = None, raw: str | None = None
) -> Result:
    stat = path.stat() if path.exists() else None
    prediction = Prediction(family, label or family, raw or label or family, 0.9, {})
    size, mtime = (stat.st_size, stat.st_mtime_ns) if stat else (0, 0)
    return Result(path, root, size, mtime, prediction)


@pytest.fixture
def kills(record_property):
    """Counts killed processes by kind; the sum is told at the end."""
    killed = Counter()
    yield killed
    record_property("killed", dict(killed))


@pytest.fixture(scope="session")
def make_result():
    return result


@pytest.fixture(scope="session")
def make_tree():
    """``Tree`` itself, for tests that need more than one."""
    return Tree


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "tree")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Journals of a test stay with the test."""
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def no_hard_links(monkeypatch):
    """A disk that has no hard links."""

    def link(*_, **__):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)


@pytest.fixture
def no_help_of_the_system(monkeypatch):
    """A system that can neither clone a file nor copy one by itself."""
    monkeypatch.setattr(importlib.import_module("drumsort.sorting.copying"), "_BY_SYSTEM", ())


@contextmanager
def mounted(kind: str, scratch: Path) -> Iterator[Path]:
    """A new disk with a file system of ``kind``, in a file of its own."""
    mkfs = shutil.which(f"mkfs.{kind}")
    if mkfs is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip(f"needs mkfs.{kind} and root, to mount a disk of its own")
    image, folder = scratch / f"{kind}.img", scratch / kind
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(320 * 2**20)
    for command in ([mkfs, "-q", str(image)], ["mount", "-o", "loop", str(image), str(folder)]):
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip(f"{command[0]} does not work here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(params=["xfs", "btrfs"])
def each_cloning_disk(request, tmp_path):
    """A folder on a disk whose files can share their blocks."""
    with mounted(request.param, tmp_path) as folder:
        yield folder


@pytest.fixture
def cloning_disk(tmp_path):
    """The same, on one kind of disk."""
    with mounted("xfs", tmp_path) as folder:
        yield folder


@pytest.fixture
def other_disk(tmp_path):
    """A folder on another disk than ``tmp_path``."""
    here = tmp_path.stat().st_dev
    disks = [Path(name) for name in ("/dev/shm", "/var/tmp")]
    other = next((disk for disk in disks if disk.is_dir() and disk.stat().st_dev != here), None)
    if other is None:
        pytest.skip("needs a second disk at /dev/shm or /var/tmp")
    with tempfile.TemporaryDirectory(dir=other) as folder:
        yield Path(folder)
