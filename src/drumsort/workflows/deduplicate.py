"""Find duplicates and move or link them: find, plan, lock, check, apply, let the catalog follow."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from drumsort import sorting
from drumsort.alike.duplicates import Duplicates, Keep
from drumsort.alike.duplicates import duplicates as find
from drumsort.types import Action, CheckedPlan, Outcome, Run
from drumsort.workflows.apply import apply, refuse_conflicts, refuse_unfinished
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.progress import QUIET, Progress, Step


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """Duplicates, and what was done about them.

    Attributes:
        found: the duplicates.
        checked: what was planned, and what stood in the way; ``None`` if they were only listed.
        run: what was done; ``None`` if they were only listed, and after a dry run.
    """

    found: Duplicates
    checked: CheckedPlan | None = None
    run: Run | None = None

    @property
    def failures(self) -> Mapping[Path, str]:
        """Path to one sentence for each file that could not be moved or linked."""
        conflicts = self.checked.conflicts if self.checked else ()
        blocked = {c.path: c.message for c in conflicts if c.outcome is not Outcome.RENAMED}
        return blocked | dict(self.run.failures if self.run else {})

    @property
    def links(self) -> bool:
        """Whether the duplicates become hard links."""
        return self.checked is not None and self.checked.plan.action is Action.RELINK

    @property
    def left_out(self) -> int:
        """How many duplicates no link can replace, because no other file has the same bytes."""
        if self.checked is None or not self.links:
            return 0
        ends = {path for o in self.checked.plan.operations for path in (o.source, o.target)}
        return sum(copy.path not in ends for copy in self.found.rest)

    @property
    def saved(self) -> int:
        """How many bytes the links free, or would free."""
        operations = self.checked.operations if self.checked else ()
        if self.run is None:
            return sum(o.size for o in operations)
        tried = (o.size for o in operations if o.source not in self.run.failures)
        return sum(islice(tried, self.run.done))  # a run that stopped did the first ones


def duplicates(
    catalog: Known = None,
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    near: bool = False,
    keep: Keep | str | None = None,
    prefer: Iterable[str | os.PathLike[str]] = (),
    progress: Progress = QUIET,
) -> Duplicates:
    """Find files with the same sound among those that a catalog knows.

    Two files hold the same sound if their samples, rate and channels are equal, whatever the format
    or the tags. A file under two names, as by hard links, counts once, and symbolic links do not
    count. Every file of the rest is compared with the one that is kept, never by way of a third.

    Args:
        catalog: an open catalog or its path; the user's own by default. Files that are gone or
            changed since the last scan are left out.
        below: only files in these folders; all by default.
        near: whether to find the same recording at another level, rate or format, too.
        keep: which file of each group is kept; the best by default with ``near``, else the first.
        prefer: folders; a file in one of them is kept rather than any other.
        progress: with ``near``, receives the step ``LISTEN``: sounds first, then pairs of them.

    Raises:
        CatalogError: there is no catalog, it cannot be read, or it knows no sound in one of the
            folders.
    """
    with opened(catalog) as known:
        at = partial(progress.at, Step.LISTEN)
        return find(known, below, near=near, keep=keep, prefer=prefer, on_progress=at)


def deduplicate(
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    move_to: str | os.PathLike[str] | None = None,
    link: bool = False,
    near: bool = False,
    keep: Keep | str | None = None,
    prefer: Iterable[str | os.PathLike[str]] = (),
    dry_run: bool = False,
    catalog: Known = None,
    progress: Progress = QUIET,
) -> Deduplicated:
    """Find duplicates, and move them away or make them hard links to what is kept.

    Args:
        below: only files in these folders; all by default.
        move_to: the folder to move the rest of each group to.
        link: whether to make the rest hard links instead; without either, they are only listed.
        near: as for ``duplicates``.
        keep: as for ``duplicates``.
        prefer: as for ``duplicates``.
        dry_run: whether to stop after the check.
        catalog: an open catalog or its path; the user's own by default.
        progress: receives the steps ``LISTEN`` and ``PLACE``, and a warning if the catalog cannot
            be told. Until ``PLACE`` nothing is touched.

    Raises:
        CatalogError: as for ``duplicates``.
        PlanRefused, JournalError, OSError: as for ``apply``.
    """
    into = Path(os.path.realpath(move_to)) if move_to is not None else None
    if into is not None:
        refuse_unfinished(into)  # before anything is heard
    with opened(catalog) as known:
        found = duplicates(known, below, near=near, keep=keep, prefer=prefer, progress=progress)
        if into is None and not link:
            return Deduplicated(found)
        plan = found.link_plan() if into is None else found.plan(into)
        if dry_run:
            refuse_unfinished(plan.into)
            checked, run = sorting.check(plan), None
            refuse_conflicts(checked)
        else:
            with sorting.folder_locks(plan):
                checked = sorting.check(plan)
                run = apply(checked, catalog=known, away=True, progress=progress)
    return Deduplicated(found, checked, run)
