"""Which contents are the same file but for the tags that drumsort wrote, as the journals tell."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from drumsort.errors import JournalError
from drumsort.files.hashes import file_hash
from drumsort.sorting import disk
from drumsort.sorting.history import recorded
from drumsort.sorting.journal import load
from drumsort.sorting.record import RunRecord
from drumsort.types import Action


class Kin:
    """Contents that tagging made of one another, by their ``file_hash``."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}  # to a content of the same kin, up to one for all
        self._sizes: dict[str, set[int]] = {}
        for record in _tag_runs():
            for index, made in record.tagged.items():
                one, other = self._root(made.before), self._root(made.after)
                sizes = self._sizes.setdefault(one, set())
                sizes |= {made.size, record.operations[index].size}
                if one != other:
                    sizes |= self._sizes.pop(other, set())
                    self._first[other] = one

    def are(self, one: str, other: str) -> bool:
        """Whether two contents are the same, or the same but for their tags."""
        return one == other or self._root(one) == self._root(other)

    def sizes(self, digest: str) -> set[int]:
        """The sizes in bytes that a content has had with and without tags."""
        return self._sizes.get(self._root(digest), set())

    def _root(self, digest: str) -> str:
        while (next_ := self._first.get(digest, digest)) != digest:
            digest = next_
        return digest


def tagged_since(run: RunRecord, indices: Iterable[int]) -> dict[int, str]:
    """Index to one sentence for each file of a run that has the tags of a later run.

    Args:
        run: which is to be taken back.
        indices: of its operations.
    """
    tagged: dict[Path, tuple[str, str]] = {}
    for record in _tag_runs(run):
        for index in record.placed.keys() - record.undone:
            path = record.operations[index].source
            tagged.setdefault(path, (record.tagged[index].after, record.id))
    found: dict[int, str] = {}
    for index in indices if tagged else ():
        op = run.operations[index]
        ends = {op.target} if run.action_of(index) is not Action.COPY else {op.target, op.source}
        for path in ends:
            digest, run_id = tagged.get(path, ("", ""))
            with suppress(OSError):
                if digest and disk.is_there(path) and file_hash(path) == digest:
                    found[index] = (
                        f"{path} was tagged by a later run: first 'drumsort undo {run_id}'."
                    )
    return found


def _tag_runs(since: RunRecord | None = None) -> Iterator[RunRecord]:
    """The runs that wrote tags, newest first, as far as they can be read."""
    try:
        runs = recorded()
    except OSError:  # who may not see the journals has none
        return
    for run in runs:
        if since is not None and run.id == since.id:
            return
        if run.action is Action.TAG:
            with suppress(JournalError):
                yield load(run.id)
