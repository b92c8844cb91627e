"""Keep a library up to date while it changes: wait until all is whole, scan it, sort it."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from drumsort import sorting
from drumsort.audio.left_out import IGNORE_FILE
from drumsort.audio.part import Part, within
from drumsort.catalog import CatalogBusy
from drumsort.errors import DrumsortError, PlanRefused, SortError
from drumsort.files.identity import leads_to_folder
from drumsort.model.named import HINT
from drumsort.sorting import DEFAULT_LAYOUT
from drumsort.sorting.volumes import demand, volumes
from drumsort.types import Action
from drumsort.watching.folders import Folders, Seen
from drumsort.watching.rest import Restless, lately_changed
from drumsort.workflows.apply import refuse_conflicts
from drumsort.workflows.progress import QUIET, Progress, Step
from drumsort.workflows.scan import Scan, scan
from drumsort.workflows.sort import Sorted, sort

REST = 2.0
"""Seconds for which a file must not have grown before it is taken up."""

AGAIN = 5.0
"""Seconds until what could not be done is tried again."""

_WHOLE = 3600.0  # seconds between two looks at everything, in case the system kept a change back


@dataclass(frozen=True, slots=True)
class Watching:
    """It began.

    Attributes:
        folders: that are watched, absolute.
        into: where their sounds are sorted, or ``None``.
        polled: the folders that are looked through every few seconds, for want of events.
    """

    folders: Sequence[Path]
    into: Path | None
    polled: Sequence[Path]


@dataclass(frozen=True, slots=True)
class Away:
    """A folder is not there, or is empty as if a drive were unplugged; its sounds are kept."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Back:
    """A folder that was away is there again."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Held:
    """Something could not be done now, and is tried again.

    Attributes:
        sentence: what, why, and what may help.
    """

    sentence: str


Told: TypeAlias = Watching | Away | Back | Held | Scan | Sorted
"""What happens while folders are watched."""


_Done = TypeVar("_Done")


class _Stopped(Exception):  # noqa: N818  (it names what happened)
    """Raised within a workflow that is to stop, where that leaves a clean state."""


def watch(
    folders: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    tell: Callable[[Told], None],
    *,
    into: str | os.PathLike[str] | None = None,
    action: Action | str = Action.COPY,
    layout: str = DEFAULT_LAYOUT,
    rename: str = "",
    policy: str = "balanced",
    names: str = HINT,
    catalog: Path | None = None,
    model: Path | None = None,
    ear: str = "second",
    exclude: Sequence[str] = (),
    hidden: bool = False,
    rest: float = REST,
    poll: float | None = None,
    again: float = AGAIN,
    stop: threading.Event | None = None,
    progress: Progress = QUIET,
) -> None:
    """Bring a catalog up to date with some folders whenever something changes in them, until told
    to stop.

    At the start, and when a folder comes back, all of it is looked at; later only what changed.
    Files that still grow, and new folders in which files still arrive, wait until they are whole.
    What many changes at a time leave to do is one scan, and one sort.

    Args:
        folders: a folder, or several; they need not be there yet.
        tell: receives what happens, as it happens.
        into: sorts what is new or changed into this folder, too. Inside one of ``folders`` it is
            part of the library, but is not sorted.
        action, layout, rename, policy, names: as for ``sort``.
        catalog: its path; the user's own by default. It is made where there is none.
        model, ear, exclude, hidden: as for ``scan``.
        rest: seconds for which a file must not have grown before it is taken up.
        poll: looks for changes every so many seconds; by default only on network drives.
        again: seconds until what could not be done is tried again, as while another process fills
            the catalog or sorts.
        stop: ends it as soon as that leaves a clean state: a sort that places files is finished.
        progress: receives the steps of ``scan`` and ``sort``.

    Raises:
        BundleError, CatalogError, SortError, DrumsortError: at the start, as for ``scan`` and
            ``sort``. Later they are told, and tried again.
    """
    listed = [folders] if isinstance(folders, str | os.PathLike) else folders
    roots = tuple(dict.fromkeys(Path(os.path.realpath(folder)) for folder in listed))
    out = None if into is None else Path(os.path.realpath(into))
    scanning = partial(scan, catalog=catalog, model=model, ear=ear, exclude=exclude, hidden=hidden)
    placing = None
    if out is not None:
        if out in roots:
            raise PlanRefused(f"{out} is where the files come from: choose another folder.")
        refuse_conflicts(sorting.check(sorting.plan([], out, action, layout, rename)))
        placing = partial(
            sort, into=out, action=action, layout=layout, rename=rename, policy=policy, names=names,
            catalog=catalog, model=model, ear=ear, exclude=exclude, hidden=hidden,
        )  # fmt: skip
    stopping = stop or threading.Event()
    places = Folders(roots, poll, tick=min(0.5, rest / 4))
    watcher = _Watcher(places, Restless(rest), out, hidden, tell, again)
    work = _Stoppable(progress, stopping)
    try:
        tell(Watching(roots, out, sorted(places.polled)))
        watcher.begin(roots)
        while not stopping.is_set():
            watcher.note(places.wait(stopping))
            watcher.scan(partial(scanning, progress=work))
            if placing is not None:
                watcher.sort(partial(placing, progress=work))
    except _Stopped:
        pass
    finally:
        places.close()


class _Watcher:
    """What is still to be done about some folders that are watched."""

    def __init__(
        self,
        folders: Folders,
        restless: Restless,
        out: Path | None,
        hidden: bool,
        tell: Callable[[Told], None],
        again: float,
    ) -> None:
        self._folders, self._restless, self._hidden, self._tell = folders, restless, hidden, tell
        self._outs = frozenset([out] if out else [])
        self._volumes = volumes(self._outs)
        self._whole: set[Path] = set()  # folders in which everything is to be looked at
        self._away: set[Path] = set()
        self._scanned = False
        self._told: set[tuple[Path, str]] = set()  # which files failed, and why
        self._trees: set[Path] = set()  # what was scanned and has yet to be sorted
        self._own_files: set[Path] = set()
        self._scans, self._sorts = _Attempts(tell, again), _Attempts(tell, again)
        self._whole_again = time.monotonic() + _WHOLE

    def begin(self, folders: Iterable[Path]) -> None:
        """Tell which folders are not there."""
        for folder in folders:
            if not leads_to_folder(folder):
                self._is_away(folder)

    def note(self, seen: Seen) -> None:
        """Take note of what changed."""
        now = time.monotonic()
        for sentence in seen.trouble:
            self._tell(Held(sentence))
        for folder in seen.away:
            self._whole.discard(folder)
            self._restless.done(self._restless.below(folder), now)
            self._is_away(folder)
        if seen.back or seen.away:
            for folder in self._folders.there():
                self._look_at_all_of(folder)
        for path, is_folder in seen.changed.items():
            if path.name == IGNORE_FILE:
                self._restless.add(path.parent, now, new_folder=True)
            elif self._hidden or not self._is_hidden(path, is_folder):
                self._restless.add(path, now, new_folder=is_folder)
        if now >= self._whole_again:
            self._look_at_all()

    def scan(self, work: Callable[..., Scan]) -> None:
        """Scan all that changed and is at rest, if anything is."""
        if not self._folders.are_watched:
            return  # what changes meanwhile would be missed
        ready = frozenset(self._restless.ready(time.monotonic()))
        if not self._whole and self._restless.many(ready):
            self._look_at_all()
            return
        trees = ready | self._whole
        if not trees:
            return
        there = self._folders.there()
        part = Part(trees, without=self._restless.others(ready))
        done = self._scans.attempt(lambda: work(there, part=part))
        if done is None:
            return
        self._restless.done(ready, time.monotonic())
        whole, self._whole = self._whole, set()
        for folder in done.absent:
            self._is_away(folder)
        for folder in self._away.intersection(there).difference(done.absent):
            if folder in whole:
                self._away.discard(folder)
                self._tell(Back(folder))
            else:
                self._whole.add(folder)
        for path in done.vanished:
            self._restless.add(path, time.monotonic())
        failures = {
            path: why
            for path, why in done.failures.items()
            if path not in done.vanished and (self._is_new(path, why) or within(path, ready))
        }
        done = replace(done, failures=failures, vanished=())
        if _news(done) or not self._scanned:
            self._tell(done)
        self._scanned = True
        for path in trees:
            if leads_to_folder(path):
                self._trees.add(path)
            else:  # the sounds of a folder are each other's company
                self._own_files.add(path.parent)

    def sort(self, work: Callable[..., Sorted]) -> None:
        """Sort what was scanned, if anything was."""
        without = self._restless.others(()) | self._outs
        part = Part(self._trees, self._own_files, without)
        if not any(map(part.leads_into, self._trees | self._own_files)):
            self._trees.clear()
            self._own_files.clear()
            return
        there = self._folders.there()

        def carefully() -> Sorted:
            demand(self._volumes)
            return work(there, part=part)

        done = self._sorts.attempt(carefully)
        if done is None:
            return
        self._trees.clear()
        self._own_files.clear()
        new = [path for path, why in done.failures.items() if self._is_new(path, why)]
        if new or (done.run and done.run.id):
            self._tell(done)

    def _look_at_all(self) -> None:
        """Look at everything, watched anew: the system may have kept some changes to itself."""
        self._folders.restart()
        for folder in self._folders.there():
            self._look_at_all_of(folder)
        self._whole_again = time.monotonic() + _WHOLE

    def _look_at_all_of(self, folder: Path) -> None:
        """Look at everything in a folder, but not yet at what may still grow."""
        self._whole.add(folder)
        for path in lately_changed(folder, self._restless.rest):
            self._restless.add(path, time.monotonic())

    def _is_new(self, path: Path, why: str) -> bool:
        """Whether this was not yet told of a file that failed."""
        known = (path, why) in self._told
        self._told.add((path, why))
        return not known

    def _is_away(self, folder: Path) -> None:
        if folder not in self._away:
            self._away.add(folder)
            self._tell(Away(folder))

    def _is_hidden(self, path: Path, is_folder: bool) -> bool:
        """Whether a path lies in a hidden folder below those that are watched, or is one."""
        root = next((root for root in self._folders.there() if root in path.parents), path)
        names = path.relative_to(root).parts
        return any(name.startswith(".") for name in (names if is_folder else names[:-1]))


class _Attempts:
    """What is tried again, after a while, where it could not be done; that is told once."""

    def __init__(self, tell: Callable[[Told], None], again: float) -> None:
        self._tell, self._again = tell, again
        self._not_before = 0.0
        self._held = ""
        self._worked = False

    def attempt(self, work: Callable[[], _Done]) -> _Done | None:
        """What ``work`` returns, or ``None`` if it could not be done now.

        Raises:
            DrumsortError: it never worked, and another process is not the reason.
        """
        if time.monotonic() < self._not_before:
            return None
        try:
            done = work()
        except (DrumsortError, OSError) as error:
            if not self._worked and not isinstance(error, CatalogBusy | SortError | OSError):
                raise
            self._not_before = time.monotonic() + self._again
            why = str(error)
            if isinstance(error, OSError):  # of a drive that fails, most likely
                why = f"{error.filename} cannot be read or written ({error.strerror})"
            if why != self._held:
                self._held = why
                self._tell(Held(f"{self._held.rstrip('.')}. This is tried again."))
            return None
        self._worked, self._held = True, ""
        return done


class _Stoppable(Progress):
    """Passes reports on, and stops a workflow unless it is placing files."""

    def __init__(self, progress: Progress, stop: threading.Event) -> None:
        self._progress, self._stop = progress, stop

    def at(self, step: Step, done: int, total: int | None = None) -> None:
        if self._stop.is_set() and step is not Step.PLACE:
            raise _Stopped
        self._progress.at(step, done, total)

    def warn(self, sentence: str) -> None:
        self._progress.warn(sentence)


def _news(done: Scan) -> bool:
    """Whether a scan found anything that it did not know."""
    return bool(
        done.heard or done.twins or done.moved or done.missing or done.replaced or done.failures
    )
