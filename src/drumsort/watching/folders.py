"""Folders and what changes in them, by the events of the system or, where it has none, by looking.

The events come from the library watchfiles. This module adds what it does not do: folders that go
away and come back, each watched in its own way, and a new start where changes may have been missed.
"""

import threading
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from watchfiles import Change, watch

from drumsort.files.identity import folder_identity, leads_to_folder
from drumsort.watching.network import is_afar

POLL_SECONDS = 10.0
"""Seconds between two looks at a folder without events."""

_STEP_MS = 50
_TOGETHER_MS = 500  # changes that come one after the other are given together for so long


_Stream: TypeAlias = Generator[set[tuple[Change, str]], None, None]


@dataclass
class Seen:
    """What was seen in a moment.

    Attributes:
        changed: paths that came, changed or went, and whether each is a folder.
        back: folders that are there and were not before, or are not the same as before.
        away: folders that were there before.
        trouble: one sentence for each thing that does not work as it should.
    """

    changed: dict[Path, bool] = field(default_factory=dict)
    back: list[Path] = field(default_factory=list)
    away: list[Path] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)


class Folders:
    """Some folders that are watched; they need not all be there.

    Attributes:
        polled: those whose changes are found by looking.

    Args:
        folders: absolute.
        poll: seconds between two looks at all folders; ``None`` relies on the system's events
            except on network drives.
        tick: seconds that ``wait`` takes at most.
    """

    def __init__(self, folders: Sequence[Path], poll: float | None, tick: float) -> None:
        self._folders, self._tick = folders, tick
        self._poll_ms = int(1000 * (POLL_SECONDS if poll is None else poll))
        self.polled = {folder for folder in folders if poll is not None or is_afar(folder)}
        self._there: dict[Path, tuple[int, int] | None] = dict.fromkeys(folders)
        self._others: set[Path] = set()  # folders that went, or came, since the last ``wait``
        self._looking = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._keep_looking, name="folders", daemon=True).start()
        self._streams: list[tuple[_Stream, bool]] = []  # and whether it looks by itself
        self._opened = False
        # Whether some folders may not be looked into. watchfiles can leave them out, but then says
        # nothing of any other trouble either.
        self._some_closed = False

    def there(self) -> list[Path]:
        """The folders that were there a moment ago."""
        return [folder for folder, known in self._there.items() if known]

    def restart(self) -> None:
        """Watch anew, as changes, or new folders, may have been missed."""
        self._opened = False

    @property
    def are_watched(self) -> bool:
        """Whether changes are told from now on; else after the next ``wait``."""
        return self._opened

    def wait(self, stop: threading.Event) -> Seen:
        """Wait a moment for changes.

        Folders that come or go, and a ``restart``, begin all anew: what changes in any folder in
        that moment is not told.
        """
        seen = Seen()
        if not self._streams:
            stop.wait(self._tick)
        self._take_all(seen)
        with self._looking:
            self._look()
            for folder in self._others:
                (seen.back if self._there[folder] else seen.away).append(folder)
            self._others.clear()
        if seen.back or seen.away or not self._opened:
            self._open(stop)
            self._take_all(seen)
        return seen

    def _take_all(self, seen: Seen) -> None:
        for stream, polling in self._streams:
            self._take(stream, polling, seen)

    def close(self) -> None:
        """Watch no longer."""
        self._closed.set()
        self._close()

    def _keep_looking(self) -> None:
        """A drive may go and come back while something else is done; then its events have ended."""
        while not self._closed.wait(self._tick):
            with self._looking:
                self._look()

    def _look(self) -> None:
        for folder, before in self._there.items():
            now = folder_identity(folder)
            if now != before:
                self._others.add(folder)
                self._there[folder] = now

    def _close(self) -> None:
        for stream, _ in self._streams:
            stream.close()
        self._streams, self._opened = [], False

    def _take(self, stream: _Stream, polling: bool, seen: Seen) -> None:
        try:
            found = next(stream, set())
        except FileNotFoundError:  # gone just now; the next look finds that out
            self._opened = False
            return
        except PermissionError:
            self._opened, self._some_closed = False, True
            return
        except (OSError, RuntimeError) as error:  # too many folders for the system, most likely
            self.polled |= set(self._folders)
            self._opened = False
            why = str(error).partition(". about")[0].partition(" (")[0]
            seen.trouble.append(
                f"The system cannot tell of all changes ({why}): every folder is looked through "
                f"every {self._poll_ms / 1000:g} s instead."
            )
            return
        for change, name in found:
            path = Path(name)
            if path in self._there:
                if change is Change.deleted:  # and was there again at once
                    self._others.add(path)
                continue
            is_folder = leads_to_folder(path) and not path.is_symlink()
            if is_folder and change is Change.modified and polling:
                continue  # says that something in it came or went, which is told as well
            seen.changed[path] = is_folder or seen.changed.get(path, False)

    def _open(self, stop: threading.Event) -> None:
        self._close()
        there = self.there()
        looked_at = [folder for folder in there if folder in self.polled]
        told = [folder for folder in there if folder not in self.polled]
        self._streams = [
            (self._stream(some, stop, polling), polling)
            for some, polling in ((told, False), (looked_at, True))
            if some
        ]
        self._opened = True

    def _stream(self, folders: Iterable[Path], stop: threading.Event, polling: bool) -> _Stream:
        return watch(
            *folders,
            watch_filter=None,
            debounce=_TOGETHER_MS,
            step=_STEP_MS,
            stop_event=stop,
            rust_timeout=max(1, int(1000 * self._tick)),
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=polling,
            poll_delay_ms=self._poll_ms,
            ignore_permission_denied=self._some_closed,
        )
