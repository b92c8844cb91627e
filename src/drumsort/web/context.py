"""What every handler works on: the catalog, its sounds in memory, and the job that runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from drumsort.catalog import Catalog, Entry
from drumsort.catalog.ids import paths_of
from drumsort.model.bundle import Bundle
from drumsort.types import CheckedPlan
from drumsort.web.jobs import Jobs
from drumsort.web.live_sounds import LiveSounds
from drumsort.web.response import Refused, printable
from drumsort.web.searching import Searching
from drumsort.workflows.by_ear import ByEar


@dataclass(frozen=True)
class Planned:
    """A sort that was shown and may be carried out.

    Attributes:
        id: names it.
        checked: what is to be done.
        version: of the sounds that it was made from.
    """

    id: str
    checked: CheckedPlan
    version: int


@dataclass
class Context:
    """A catalog that is open in a page.

    Attributes:
        sounds: the catalog's sounds, in memory.
        quit: ends the server.
        ear: by which scans hear.
        jobs: what takes long.
        ended: set when the server ends.
        plan: the latest sort that was planned.
        searching: answers queries.
    """

    sounds: LiveSounds
    quit: Callable[[], None]
    ear: str = "second"
    jobs: Jobs = field(default_factory=Jobs)
    ended: threading.Event = field(default_factory=threading.Event)
    plan: Planned | None = None
    searching: Searching = field(init=False)

    def __post_init__(self) -> None:
        self.searching = Searching(self.sounds)

    @property
    def path(self) -> Path:
        """Of the catalog."""
        return self.sounds.path

    @cached_property
    def bundle(self) -> Bundle:
        """The model that listens."""
        return Bundle.load(ear=self.ear)

    @cached_property
    def by_ear(self) -> ByEar:
        """Hears sounds from outside; its network is loaded with the first."""
        return ByEar(self.bundle)

    @contextmanager
    def catalog(self) -> Iterator[Catalog]:
        """The catalog, to read: each caller gets its own connection, so that none waits.

        Raises:
            CatalogError: it cannot be read.
        """
        with Catalog(self.path, create=False) as opened:
            yield opened

    def path_of(self, catalog: Catalog, number: int) -> Path:
        """The path of a file, by its number.

        Raises:
            Refused: there is none.
        """
        for path in paths_of(catalog, [number]).values():
            return path
        raise Refused(404, "There is no such sound in the catalog.")

    def entry(self, catalog: Catalog, number: int) -> Entry:
        """What is known of a file, by its number.

        Raises:
            Refused: there is none.
        """
        path = self.path_of(catalog, number)
        for entry in catalog.entries(path, missing=True, names=self.sounds.names):
            if entry.path == path:
                return entry
        raise Refused(404, "There is no such sound in the catalog.")


def gone(entry: Entry, error: OSError) -> Refused:
    """Why a file cannot be opened."""
    if not entry.root.exists():
        return Refused(
            410,
            f"The folder {printable(entry.root)} is missing: if it is on a drive, plug it in.",
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Refused(
            410, f"{printable(entry.path)} is gone: scan again to find out what is there."
        )
    return Refused(410, f"{printable(entry.path)} cannot be opened: {error.strerror or error}.")
