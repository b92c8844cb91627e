"""What takes long."""

from typing import Literal

from drumsort.web.protocol.fields import Params, Reply, Text

JobKind = Literal["scan", "sort", "undo", "resume", "teach", "export", "slice"]


class Job(Reply, frozen=True):
    """A job: the one that runs, or the last one that did.

    Attributes:
        number: names it; a later job has a higher number.
        kind: what it is.
        what: what it is doing, as a heading.
        done: how much of it is done.
        total: how much there is to do, or null where that is not known.
        unit: what is counted.
        state: whether it runs, or how it ended.
        sentence: what came of it.
        failures: one sentence for each file that something is wrong with, 100 at most.
    """

    number: int
    kind: JobKind
    what: str
    done: int = 0
    total: int | None = None
    unit: str = "files"
    state: Literal["running", "done", "failed", "stopped"] = "running"
    sentence: str = ""
    failures: tuple[str, ...] = ()


class ScanFolders(Params):
    """Folders to scan.

    Attributes:
        folders: their full paths; without any, the folders that were scanned before.
    """

    folders: list[Text] | None = None
