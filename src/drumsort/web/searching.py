"""Queries of the page, answered from the sounds in memory."""

import threading
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import Catalog
from drumsort.errors import DrumsortError, QueryError
from drumsort.query.gathered import LibraryFacts, facts_of, gathered
from drumsort.query.grammar import Query, parse
from drumsort.query.sounds import Sounds
from drumsort.web.live_sounds import LiveSounds
from drumsort.web.snapshot import Snapshot

_FILES = "SELECT count(*), total(mtime_ns), total(size), total(missing) FROM files"
_PATIENCE = 5  # while a scan runs, facts rest this many times as long as reading them took


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query finds.

    Attributes:
        version: of the sounds that were asked.
        query: as it was understood.
        ids: of the files, in the order of the query, shape ``(n,)``.
    """

    version: int
    query: Query
    ids: NDArray[np.int64]


class Searching:
    """Answers queries by the verdicts that the page shows.

    What was measured is read when it is first needed, and again where files or sounds have changed;
    a correction takes only the verdicts, which are in memory.

    Args:
        live: the sounds of the page.
    """

    def __init__(self, live: LiveSounds) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._own: Catalog | None = None
        self._facts: LibraryFacts | None = None
        self._files: tuple[float, ...] = ()
        self._of: Snapshot | None = None  # with which the facts were read
        self._seen: Snapshot | None = None
        self._written = -1
        self._sounds: Sounds | None = None
        self._counts: dict[str, int] = {}
        self._not_before = 0.0
        self._warming: threading.Thread | None = None

    def answer(self, text: str, *, hidden: bool = False) -> Answer:
        """Answer a query, from the sounds as they are now.

        Args:
            text: the query.
            hidden: as for ``parse``.

        Raises:
            QueryError: it is not understood.
            CatalogError: the catalog cannot be read.
        """
        version, sounds = self._now()
        query = parse(text, sounds.names, hidden=hidden)
        return Answer(version, query, sounds.ids[query.rows(sounds)])

    def count(self, text: str) -> int | None:
        """How many sounds a query finds: none if it is not understood.

        ``None`` until the sounds have been read once, which ``LiveSounds.said`` tells: nobody waits
        for that.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        if self._sounds is None:
            self.warm()
            return None
        self._now()
        if text not in self._counts:
            try:
                self._counts[text] = len(self.answer(text).ids)
            except QueryError:
                self._counts[text] = 0
        return self._counts[text]

    def warm(self) -> None:
        """Read what queries need in the background, so that the first one does not wait."""
        if self._sounds is None and (self._warming is None or not self._warming.is_alive()):
            self._warming = threading.Thread(target=self._warm, name="searching", daemon=True)
            self._warming.start()

    def close(self) -> None:
        """Let go of the catalog."""
        with self._lock:
            if self._own is not None:
                self._own.close()

    def _warm(self) -> None:
        try:
            self._now()
        except DrumsortError:
            return  # whoever asks is told
        self._live.said += 1

    def _now(self) -> tuple[int, Sounds]:
        """All sounds, as they are now, and their version."""
        with self._lock:
            if self._own is None:
                self._own = Catalog(self._live.path, create=False)
            (written,) = next(self._own.read("PRAGMA data_version"))
            now = self._live.snapshot()
            if self._sounds is None or now is not self._seen or written != self._written:
                facts = self._facts_now(self._own, now)
                self._sounds = gathered(self._own, facts, now.sounds.values, now.codes)
                self._counts, self._seen, self._written = {}, now, written
            return now.version, self._sounds

    def _facts_now(self, catalog: Catalog, now: Snapshot) -> LibraryFacts:
        """The facts, read again if files or sounds may have changed."""
        files = tuple(next(catalog.read(_FILES)))
        if self._facts is not None and files == self._files and _same_files(self._of, now):
            return self._facts
        if self._facts is not None and self._live.growing and time.monotonic() < self._not_before:
            return self._facts
        began = time.monotonic()
        self._facts, self._files, self._of = facts_of(catalog), files, now
        self._not_before = time.monotonic() + _PATIENCE * (time.monotonic() - began)
        return self._facts


def _same_files(before: Snapshot | None, now: Snapshot) -> bool:
    """Whether the same files lie in the same folders under the same names."""
    if before is None or before.sounds.names != now.sounds.names:
        return False
    return all(
        np.array_equal(before.sounds.values[name], now.sounds.values[name])
        for name in ("id", "folder")
    )
