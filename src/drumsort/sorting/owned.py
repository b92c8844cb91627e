"""What drumsort put into an output folder and where it is now, as the journals tell."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from drumsort.errors import JournalError
from drumsort.sorting.history import later, recorded
from drumsort.sorting.journal import load
from drumsort.sorting.record import RunRecord
from drumsort.sorting.sidecars import followers
from drumsort.types import Action, Terms


@dataclass(frozen=True, slots=True)
class Owned:
    """A file that a sort put into an output folder, where a later one may have re-filed it.

    Attributes:
        path: where drumsort left it.
        origin: the file that was sorted.
        root: the folder that it was sorted from.
        size: bytes, when it was sorted.
        mtime_ns: modification time in nanoseconds, when it was sorted.
        digest: its ``file_hash``; ``""`` for a symbolic link, which leads to ``origin``.
        terms: how the sort decided on its place.
        action: how it was put there; a moved file is the only one, so what lies at ``origin`` now
            is another.
    """

    path: Path
    origin: Path
    root: Path
    size: int
    mtime_ns: int
    digest: str
    terms: Terms
    action: Action

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return not self.digest


def owned(into: Path) -> list[Owned]:
    """All files that sorts put into a folder and no undo took away, by path.

    Whether they are still there is for the disk to say.
    """
    files: dict[Path, Owned] = {}
    for record in _sorts(into):
        sidecars = followers(record.operations)
        for index, digest in record.placed.items():
            if index in record.undone or index in sidecars:
                continue
            op = record.operations[index]
            if op.origin is None:
                made = _made(record, index, digest)
            elif (before := files.pop(op.source, None)) is not None:
                terms = before.terms.then(record.terms) if record.terms else before.terms
                made = replace(before, path=op.target, terms=terms)
            else:
                continue
            files[op.target] = made
    return [files[path] for path in sorted(files)]


def made_folders(into: Path) -> set[Path]:
    """All folders that sorts into a folder created."""
    return {folder for record in _sorts(into) for folder in record.folders}


def refiled_since(run: RunRecord) -> dict[Path, tuple[Path, str]]:
    """Where later sorts moved what a run put in place: its target to the new path and the run."""
    moved = {}
    for record in later(run):
        if record.terms is not None:
            for index in record.placed.keys() - record.undone:
                op = record.operations[index]
                if op.origin is not None:
                    moved[op.source] = op.target, record.id
    return moved


def _sorts(into: Path) -> Iterator[RunRecord]:
    """The sorts into a folder, the oldest first; what cannot be read is left out."""
    real = os.path.realpath(into)
    try:
        runs = recorded()
    except OSError:  # who may not see the journals has none
        return
    for run in reversed(runs):
        if run.into is None or os.path.realpath(run.into) != real:
            continue
        try:
            record = load(run.id)
        except JournalError:
            continue
        if record.terms is not None:
            yield record


def _made(record: RunRecord, index: int, digest: str) -> Owned:
    op = record.operations[index]
    holding = [root for root in record.roots if op.source.is_relative_to(root)]
    root = max(holding, key=lambda folder: len(folder.parts), default=op.source.parent)
    assert record.terms is not None
    action = record.action
    digest = "" if action is Action.SYMLINK else digest
    return Owned(op.target, op.source, root, op.size, op.mtime_ns, digest, record.terms, action)
