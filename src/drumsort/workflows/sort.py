"""Sort a folder: lock, refuse what is unfinished, find, hear, plan, check, apply, follow.

The check lets the plan move what an earlier sort put into the output, instead of copying it again.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from drumsort import sorting
from drumsort.audio.find import find
from drumsort.catalog import Catalog
from drumsort.catalog.sortable import sortable
from drumsort.sorting import DEFAULT_LAYOUT
from drumsort.types import Action, CheckedPlan, ConflictKind, Outcome, Result, Run, Terms
from drumsort.workflows.apply import apply, refuse_conflicts, refuse_unfinished
from drumsort.workflows.catalogs import KnownOrNone, opened_if_any
from drumsort.workflows.classify import Classifier
from drumsort.workflows.progress import QUIET, Progress

__all__ = ["DEFAULT_LAYOUT", "Sorted", "plan_known", "sort"]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A sort, from the first file heard to the last file placed.

    Attributes:
        folder: the folder that was sorted.
        results: one for each sound.
        left_alone: how many files were not sounds.
        checked: what was planned, and what stood in the way.
        run: what was done, or ``None`` after a dry run.
    """

    folder: Path
    results: Sequence[Result]
    left_alone: int
    checked: CheckedPlan
    run: Run | None

    @property
    def failures(self) -> Mapping[Path, str]:
        """Path to one sentence for each file that could not be handled."""
        unheard = {r.path: r.error for r in self.results if r.error is not None}
        blocked = {c.path: c.message for c in self.checked.conflicts if c.outcome is Outcome.FAILED}
        return unheard | blocked | dict(self.run.failures if self.run else {})

    @property
    def already_there(self) -> int:
        """How many files an earlier sort had put in place."""
        return sum(c.kind is ConflictKind.ALREADY_THERE for c in self.checked.conflicts)

    @property
    def renamed(self) -> int:
        """How many files got a numbered name."""
        return sum(not o.target.name.endswith(o.heard.name) for o in self.checked.operations)

    @property
    def refiled(self) -> int:
        """How many files of an earlier sort were moved to where they belong now, or would be."""
        if self.run is not None:
            return self.run.refiled
        return sum(o.origin is not None for o in self.checked.operations)

    @property
    def new(self) -> int:
        """How many files were put into the output folder, or would be."""
        return (self.run.done if self.run else len(self.checked.operations)) - self.refiled

    @property
    def left(self) -> Sequence[str]:
        """One sentence for each sorted file that stays because a person changed or moved it."""
        return [c.message for c in self.checked.conflicts if c.outcome is Outcome.LEFT]


def sort(
    folder: str | os.PathLike[str],
    into: str | os.PathLike[str],
    action: Action | str = Action.COPY,
    *,
    layout: str = DEFAULT_LAYOUT,
    policy: str = "balanced",
    min_confidence: float | None = None,
    model: Path | None = None,
    ear: str = "second",
    catalog: KnownOrNone = None,
    company: bool = True,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> Sorted:
    """Sort the sounds in a folder into class folders.

    Args:
        folder: the folder to sort.
        into: the output folder.
        action: copy, move, link or symlink.
        layout: path below ``into``, with ``{family}``, ``{label}``, ``{pack}`` and ``{name}``.
        policy: how sure a verdict must be to stand.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        model: a model folder; the shipped one by default.
        ear: ``second`` asks a second, larger network about sounds that the first is not sure of, if
            the model has one; ``quick`` never does.
        catalog: where to look up and remember what was heard, and note where moved files are: an
            open catalog or its path; ``False`` for none; by default the user's own, if there is
            one.
        company: whether the other sounds of its folder count in the verdict on a sound.
        dry_run: whether to stop after the check.
        progress: receives the steps ``LISTEN`` and ``PLACE``, and a warning if the catalog cannot
            be written. Until ``PLACE`` nothing is touched.

    Returns:
        What was heard, planned and done.

    Raises:
        PlanRefused: something stops the whole sort, or another process sorts there.
        JournalError, OSError: as for ``apply``.
        BundleError, CatalogError, DrumsortError: as for ``classify``.
    """
    folder, into = Path(os.path.realpath(folder)), Path(os.path.realpath(into))
    nothing = replace(sorting.plan([], into, action, layout), roots=(folder,))
    refuse_conflicts(sorting.check(nothing))  # before anything is heard
    with opened_if_any(catalog) as known:
        classifier = Classifier(
            model, policy, min_confidence, known, progress, ear=ear, company=company
        )
        with nullcontext() if dry_run else sorting.folder_locks(nothing):
            refuse_unfinished(into)
            found = list(find([folder]))
            sounds = [source for source, is_sound in found if is_sound]
            with closing(classifier.classify_all(sounds, total=len(sounds))) as heard:
                results = list(heard)
            made = sorting.plan(results, into, action, layout)
            folder_of_model = "" if model is None else str(model.absolute())
            terms = Terms(layout, policy, min_confidence, folder_of_model, company, ear)
            checked = sorting.check(replace(made, terms=terms))
            refuse_conflicts(checked)
            run = None if dry_run else apply(checked, catalog=known or False, progress=progress)
    return Sorted(folder, results, len(found) - len(sounds), checked, run)


def plan_known(
    catalog: Catalog,
    numbers: Collection[int] | None,
    into: Path,
    action: Action | str = Action.COPY,
    *,
    layout: str = DEFAULT_LAYOUT,
    policy: str = "balanced",
) -> CheckedPlan:
    """Plan a sort of sounds that a catalog knows, without hearing them; ``apply`` carries it out.

    Args:
        catalog: an open catalog.
        numbers: of the files to sort; all files by default.
        into: the output folder, absolute.
        action: copy, move, link or symlink.
        layout: as for ``sort``.
        policy: how sure a verdict must be to stand.

    Raises:
        CatalogError: the catalog cannot be read.
        PlanRefused: as for ``apply``.
        SortError: there is no such action, or the layout is not understood.
        DrumsortError: a model has no such policy.
    """
    made = sorting.plan(sortable(catalog, numbers, policy), into, action, layout)
    refuse_unfinished(into)
    checked = sorting.check(replace(made, terms=Terms(layout, policy)))
    refuse_conflicts(checked)
    return checked
