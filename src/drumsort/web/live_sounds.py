"""The sounds of the catalog in memory, and which of them changed since the page last looked."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from drumsort.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import (
    HEARD,
    Columns,
    all_siblings,
    blocks,
    columns,
    joined,
    overlaid,
    said_of,
)
from drumsort.catalog.hidden import hidden_ids
from drumsort.catalog.ids import count, first, newer, roots, same_sounds
from drumsort.catalog.siblings import Siblings
from drumsort.catalog.steps import Steps, Touched
from drumsort.errors import CatalogError, DrumsortError
from drumsort.model.named import HINT
from drumsort.web.snapshot import Snapshot, filled, merged, replaced, rewritten

_SECONDS = 1.0
_MANY = 50_000  # the company of so many takes seconds, so the first are read by themselves before
_FIRST = 20_000  # so many then
_PATIENCE = 5  # rests this many times as long as the last reading of all sounds took
_FEW = 1000  # so many are looked up one by one; for more, one look at all corrections is quicker


@dataclass
class Change:
    """A change of what a person said, while it is made.

    Attributes:
        catalog: to change.
        step: names the change once it is made; ``None`` where nothing changed.
    """

    catalog: Catalog
    step: int | None = None


class LiveSounds:
    """Keeps the sounds up to date while the page, a scan or another process writes the catalog.

    Sounds that a scan adds, here or in another process, come last until all are read again; then
    the page has to fetch all of them.

    Attributes:
        path: of the catalog.
        names: how names count in verdicts.
        growing: whether a scan is adding sounds.
        said: rises when what a person said may have changed.

    Args:
        path: of the catalog.
        names: how names count in verdicts: ``hint``, ``ignore`` or ``trust``.

    Raises:
        CatalogError: it cannot be opened.
    """

    def __init__(self, path: Path, names: str = HINT) -> None:
        self.path, self.names = path, names
        self.growing = False
        self.said = 0
        self._own = Catalog(path)
        self._steps = Steps(self._own)
        self._writing, self._publishing = threading.RLock(), threading.RLock()
        self._ended, self._more = threading.Event(), threading.Condition()
        self._all = False  # whether all was read once
        self._trouble: str | None = None
        self._others = self._newest = 0  # what was there when all was read
        self._siblings: Siblings | None = None  # of all sounds, when all was read
        self._not_before = 0.0
        start = time.time_ns() // 1_000_000  # above every version of an earlier server
        nothing = np.empty(0, np.int64)
        self._snapshot = Snapshot(start, start, Codes.of(self._own), joined([]), nothing)

    @property
    def version(self) -> int:
        """Rises with every change of the sounds, over restarts of the server as well."""
        return self._snapshot.version

    def snapshot(self, rows: int | None = None) -> Snapshot:
        """All sounds, or at least the first ``rows``; waits while they are read at the start.

        Raises:
            CatalogError: they cannot be read.
        """
        with self._more:
            self._more.wait_for(
                lambda: (
                    self._all
                    or self._trouble
                    or (rows is not None and len(self._snapshot.sounds) >= rows > 0)
                    or (rows == 0 and self._snapshot.total)
                )
            )
        if self._trouble:
            raise CatalogError(self._trouble)
        return self._snapshot

    def start(self) -> None:
        """Read the sounds, and check once a second whether another process changed them."""
        threading.Thread(target=self._keep, name="live sounds", daemon=True).start()

    def close(self) -> None:
        """Let go of the catalog."""
        self._ended.set()
        with self._writing:
            self._own.close()

    @contextmanager
    def writing(self) -> Iterator[Catalog]:
        """The catalog, to write, one thread at a time; call ``update`` afterwards.

        Raises:
            CatalogError: it cannot be written.
        """
        with self._writing:
            yield self._own

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """The catalog, to change what a person said, as one step; see ``writing``."""
        with self._writing:
            change = Change(self._own)
            with self._steps.recording() as number:
                yield change
            if number in self._steps:
                change.step = number
        self.said += 1

    def undo(self, step: int) -> None:
        """Undo a change; raises what ``redo`` raises."""
        with self._writing:
            touched = self._steps.undo(step)
        self._take(touched)

    def redo(self, step: int) -> None:
        """Redo a change that was undone.

        Raises:
            ChangedSince: something else changed the same since; nothing is done.
            CatalogError: the catalog cannot be read or written.
        """
        with self._writing:
            touched = self._steps.redo(step)
        self._take(touched)

    def _take(self, touched: Touched) -> None:
        if touched.everything:
            self.read_all()
        elif touched.files:
            self.relabel(touched.files)
        if touched.hidden:
            self.rehide()
        self.said += 1

    @contextmanager
    def _publishing_from(self) -> Iterator[Catalog]:
        """The catalog as it is at one moment, for what is published next; one thread at a time."""
        with self._publishing, Catalog(self.path) as catalog, catalog.at_one_moment():
            yield catalog

    def relabel(self, ids: Sequence[int]) -> None:
        """Take what a person now says of some sounds, by the number of one file of each.

        What was heard of them stays as it is, so nothing is read but corrections.

        Raises:
            CatalogError: these cannot be read.
        """
        with self._publishing_from() as catalog:
            codes, values = self._codes(catalog), self._snapshot.sounds.values
            if codes is not self._snapshot.codes:
                self.read_all()
                return
            if len(ids) > _FEW:
                fresh = overlaid(values, said_of(catalog, codes, values["id"]), codes)
            else:
                ids = same_sounds(catalog, ids)
                rows = np.flatnonzero(np.isin(values["id"], ids))
                some = {name: values[name][rows] for name in HEARD}
                said = said_of(catalog, codes, values["id"][rows], ids)
                fresh = {}
                for name, column in overlaid(some, said, codes).items():
                    if name in values:
                        fresh[name] = values[name].copy()
                        fresh[name][rows] = column
            fresh.pop("best", None)
            self._snapshot = rewritten(self._snapshot, fresh)

    def rehide(self) -> None:
        """Take which sounds are hidden now.

        Raises:
            CatalogError: that cannot be read.
        """
        with self._publishing_from() as catalog:
            ids = self._snapshot.sounds.values["id"]
            hidden = np.isin(ids, hidden_ids(catalog)).astype(np.uint8)
            self._snapshot = rewritten(self._snapshot, {"hidden": hidden})

    def update(self, ids: Iterable[int]) -> None:
        """Read some sounds again, by the numbers of their files.

        Raises:
            CatalogError: they cannot be read.
        """
        with self._publishing_from() as catalog:
            codes = self._codes(catalog)
            if codes is not self._snapshot.codes:
                self.read_all()
                return
            ids = list(ids)
            most = 2 * len(ids) > len(self._snapshot.sounds)  # then all are read sooner
            siblings = self._siblings if self._written() == self._others else None
            fresh = self._columns(catalog, codes, siblings, None if most else ids)
            self._snapshot = merged(self._snapshot, fresh)

    def read_all(self) -> None:
        """Read all sounds again.

        Raises:
            CatalogError: they cannot be read.
        """
        with self._publishing_from() as catalog:
            began = time.monotonic()
            others, codes = self._written(), self._codes(catalog)
            newest = newer(catalog, 0)
            self._siblings = all_siblings(catalog)
            fresh = self._columns(catalog, codes, self._siblings)
            there = replaced(self._snapshot, codes, fresh)
            self._snapshot = replace(there, roots=tuple(roots(catalog)))
            self._others, self._newest = others, max(newest, default=0)
            self._not_before = time.monotonic() + _PATIENCE * (time.monotonic() - began)

    def _keep(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
                self._tell(None)
            except DrumsortError as error:
                self._tell(str(error))
            self._ended.wait(_SECONDS)

    def _tell(self, trouble: str | None) -> None:
        """Wake those who wait for sounds."""
        with self._more:
            self._trouble = trouble
            self._more.notify_all()

    def _look(self) -> None:
        if not self._all:
            self._read_first()
        elif self.growing:
            self._grow()
        elif self._written() != self._others:
            if time.monotonic() >= self._not_before:
                self.read_all()
                self.said += 1
            else:  # reading all again would take long, but what is new need not wait
                self._grow()

    def _read_first(self) -> None:
        """Read all sounds; the first are there while the others are read."""
        with self._publishing_from() as catalog:
            self._others, self._newest = self._written(), max(newer(catalog, 0), default=0)
            known = replace(
                self._snapshot,
                codes=self._codes(catalog),
                total=count(catalog),
                roots=tuple(roots(catalog)),
            )
            if known.total > _MANY:
                some = first(catalog, _FIRST)
                self._publish(known, self._columns(catalog, known.codes, None, some))
            self._siblings = all_siblings(catalog)
            parts: list[Columns] = []
            there = 0
            for block in blocks(catalog, known.codes, names=self.names, siblings=self._siblings):
                parts.append(block)
                there += len(block)
                # Joined at each block, the work would grow by the square of their number.
                if there >= 2 * len(self._snapshot.sounds):
                    self._publish(known, joined(parts))
            self._publish(known, joined(parts))
            self._snapshot = replace(self._snapshot, total=len(self._snapshot.sounds))
            self._all = True

    def _publish(self, known: Snapshot, sounds: Columns) -> None:
        """The first sounds of all."""
        self._snapshot = filled(known, sounds)
        self._tell(None)

    def _grow(self) -> None:
        """Add new files; other changes wait until the scan ends."""
        with self._publishing_from() as catalog:
            ids = newer(catalog, self._newest)
            if ids:
                self.update(ids)
                self._newest = max(ids)

    def _columns(
        self,
        catalog: Catalog,
        codes: Codes,
        siblings: Siblings | None,
        ids: Iterable[int] | None = None,
    ) -> Columns:
        return columns(catalog, codes, ids, names=self.names, siblings=siblings)

    def _written(self) -> int:
        """A number that differs after each change that was not made through ``writing``."""
        with self._writing, suppress(StopIteration):
            return int(next(self._own.read("PRAGMA data_version"))[0])
        return -1

    def _codes(self, catalog: Catalog) -> Codes:
        """The codes in use, or new ones where a class or a model came or went."""
        before, now = self._snapshot.codes, Codes.of(catalog)
        if now == before and list(now.families) == list(before.families):
            return before
        return replace(now, packs=before.packs, folders=before.folders)
