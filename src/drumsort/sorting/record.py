"""What a journal says about one run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from drumsort.sorting.sidecars import refiled_sounds
from drumsort.sorting.volumes import Volume
from drumsort.types import Action, Operation, Plan, Run, Tags, Terms, Way


class RunState(StrEnum):
    """How far a run, or its undoing, got."""

    RUNNING = "running"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    PARTLY_UNDONE = "partly undone"
    UNDONE = "undone"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A file that a tag changed, and the way back.

    Attributes:
        before: its ``file_hash`` without the tags.
        after: the same with them.
        size: bytes, with the tags.
        mtime_ns: modification time in nanoseconds, with the tags.
        patch: what makes the old bytes from the new ones, see ``patch``.
    """

    before: str
    after: str
    size: int
    mtime_ns: int
    patch: str

    def entry(self) -> Sequence[Any]:
        """What the journal keeps of it."""
        return [self.before, self.after, self.size, self.mtime_ns, self.patch]


@dataclass(slots=True)
class RunRecord:
    """The sum of a journal's entries; it grows with each entry, in memory as on disk.

    Attributes:
        folders: the folders that did not exist before the run, parents first.
        roots: the folders that the sources lie in; empty for journals of older formats.
        volumes: on which the output folder and the roots lie; none for journals of older formats.
        number: 1 for the first run of all, and so on; 0 for journals of older formats.
        terms: how a sort decided on the targets; ``None`` if no sort did, and for older formats.
        placed: index of an operation to the ``file_hash`` of the file that is durably in place
            (``""`` for a symbolic link).
        failed: index to one sentence for what was not done, or only in part.
        ways: way of copying to the number of files.
        undone: indices of the operations that were taken back.
        tagged: in a tag, index to the way back of each file that was about to be replaced.
        ready: whether the journal was complete before any file was touched.
        finished: whether every operation was tried.
        undoing: whether an undo began.
        left: number of files that the last undo left; ``None`` if it did not end.
        unseen: whether an undo found that the output folder could not be seen, and said so.
    """

    id: str
    action: Action
    into: Path
    created: datetime
    folders: tuple[Path, ...]
    operations: tuple[Operation, ...]
    roots: tuple[Path, ...]
    volumes: tuple[Volume, ...]
    number: int
    terms: Terms | None
    placed: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    ways: Counter[Way] = field(default_factory=Counter)
    undone: set[int] = field(default_factory=set)
    tagged: dict[int, Tagged] = field(default_factory=dict)
    ready: bool = False
    finished: bool = False
    undoing: bool = False
    left: int | None = None
    unseen: bool = False

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add one entry of the journal.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: it is not an entry.
        """
        for name, value in entry.items():
            match name:
                case "placed":
                    self.placed.update((int(index), str(digest)) for index, digest in value.items())
                case "done":
                    pass  # how many are placed, for the history, which reads no more
                case "failed":
                    self.failed.update((int(index), str(why)) for index, why in value.items())
                case "ways":
                    self.ways.update({Way(way): int(count) for way, count in value.items()})
                case "lost":  # placed once, but the disk has it no more: to be placed again
                    for index in value:
                        self.placed.pop(int(index), None)
                        self.failed.pop(int(index), None)
                    self.finished = False
                case "tagged":
                    self.tagged.update((int(index), Tagged(*made)) for index, made in value.items())
                case "undone":
                    self.undone.update(value)
                case "returned":  # undone once, but the disk has it again
                    self.undone.difference_update(value)
                case "ready":
                    self.ready = True
                case "finished":
                    self.finished = True
                case "undoing":
                    self.undoing, self.left, self.unseen = True, None, False
                case "left":
                    self.undoing, self.left = True, int(value)
                case "unseen":
                    self.unseen = True
                case _:
                    raise ValueError(name)

    @property
    def state(self) -> RunState:
        """How far the run, or its undoing, got."""
        if self.undoing:
            return RunState.UNDONE if self.left == 0 else RunState.PARTLY_UNDONE
        return RunState.FINISHED if self.finished else RunState.UNFINISHED

    @property
    def plan(self) -> Plan:
        """The folders that the run works on, as a plan without operations."""
        return Plan(self.roots, self.into, self.action, ())

    @property
    def run(self) -> Run:
        """What the run did; failures are named by their source."""
        failures = {self.operations[index].source: why for index, why in self.failed.items()}
        refiled = self.refiled(self.placed)
        ways = dict(self.ways)
        return Run(
            self.id, self.action, self.into, len(self.placed), failures, ways, refiled=refiled
        )

    def refiled(self, indices: Iterable[int]) -> int:
        """How many of these operations re-file a sound; its sidecars do not count."""
        return len(refiled_sounds(self.operations).intersection(indices))

    def action_of(self, index: int) -> Action:
        """What is done with one file: what is re-filed moves, whatever the run does with others."""
        return self.action if self.operations[index].origin is None else Action.MOVE


def header(record: RunRecord, version: int) -> Mapping[str, Any]:
    """The first entry of a journal."""
    return {
        "format": version,
        "id": record.id,
        "action": record.action.value,
        "into": str(record.into),
        "created": record.created.isoformat(),
        "folders": [str(folder) for folder in record.folders],
        "roots": [str(root) for root in record.roots],
        "volumes": [volume.entry() for volume in record.volumes],
        "number": record.number,
        "terms": None if record.terms is None else asdict(record.terms),
        "operations": len(record.operations),
    }


def row(operation: Operation) -> Sequence[Any]:
    """One operation as an entry of a journal."""
    paths = str(operation.source), str(operation.target)
    others: list[Any] = [
        str(path) if path else "" for path in (operation.origin, operation.cut_from)
    ]
    others.append(astuple(operation.tags) if operation.tags else "")
    while others and not others[-1]:
        others.pop()
    return [*paths, operation.size, operation.mtime_ns, operation.mode, *others]


def from_entries(head: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> RunRecord:
    """The record that the entries ``head`` and ``rows`` were written from.

    Raises:
        KeyError, TypeError, ValueError: they are not such entries.
    """
    return RunRecord(
        id=head["id"],
        action=Action(head["action"]),
        into=Path(head["into"]),
        created=datetime.fromisoformat(head["created"]),
        folders=tuple(Path(folder) for folder in head["folders"]),
        operations=tuple(map(_operation, rows)),
        roots=tuple(Path(root) for root in head.get("roots", ())),
        volumes=tuple(Volume.from_entry(entry) for entry in head.get("volumes", ())),
        number=int(head.get("number", 0)),
        terms=Terms(**terms) if (terms := head.get("terms")) else None,
    )


def _operation(row: Sequence[Any]) -> Operation:
    source, target, size, mtime_ns, *rest = row
    mode = int(rest[0]) if rest else 0
    origin, cut_from = (Path(path) if path else None for path in (*rest[1:3], "", "")[:2])
    tags = Tags(*rest[3]) if rest[3:] else None
    paths = Path(source), Path(target)
    return Operation(*paths, int(size), int(mtime_ns), mode, origin, cut_from, tags)
