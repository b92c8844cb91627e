"""Sort some folders: lock, refuse what is unfinished, find, hear, plan, check, apply, follow.

The check lets the plan move what an earlier sort put into the output, instead of copying it again.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from drumsort import sorting
from drumsort.audio.left_out import LeftOut
from drumsort.audio.part import Part, within
from drumsort.catalog import Catalog
from drumsort.catalog.sortable import sortable
from drumsort.files.names import unnumbered
from drumsort.model.named import HINT
from drumsort.sorting import DEFAULT_LAYOUT, FIELDS
from drumsort.types import Action, CheckedPlan, ConflictKind, Outcome, Plan, Result, Run, Terms
from drumsort.workflows.apply import apply, refuse_conflicts, refuse_unfinished
from drumsort.workflows.catalogs import KnownOrNone, opened_if_any
from drumsort.workflows.classify import Classifier
from drumsort.workflows.inputs import LeftAlone, real, sounds_and_others, without_duplicates
from drumsort.workflows.progress import QUIET, Progress

__all__ = ["DEFAULT_LAYOUT", "FIELDS", "Sorted", "plan_known", "sort", "to_refile"]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A sort, from the first file heard to the last file placed.

    Attributes:
        inputs: the folders and files that were sorted.
        results: one for each sound.
        left_alone: what was not to be sorted.
        checked: what was planned, and what stood in the way.
        run: what was done, or ``None`` after a dry run.
        pruned: how many folders were removed because the move emptied them.
    """

    inputs: Sequence[Path]
    results: Sequence[Result]
    left_alone: Sequence[LeftAlone]
    checked: CheckedPlan
    run: Run | None
    pruned: int = 0

    @property
    def failures(self) -> Mapping[Path, str]:
        """Path to one sentence for each file that could not be handled."""
        unheard = {r.path: r.error for r in self.results if r.error is not None and not r.damage}
        blocked = {c.path: c.message for c in self.checked.conflicts if c.outcome is Outcome.FAILED}
        return unheard | blocked | dict(self.run.failures if self.run else {})

    @property
    def damaged(self) -> Mapping[Path, str]:
        """Path to one sentence for each damaged file that has, or would have, a place."""
        return {
            r.path: r.error or f"{r.path}: {r.damage}."
            for r in self.results
            if r.damage and r.path not in self.failures
        }

    @property
    def sidecars(self) -> int:
        """How many of the operations are for files that belong to a sound."""
        return len(sorting.followers(self.checked.operations))

    @property
    def already_there(self) -> int:
        """How many files an earlier sort had put in place."""
        return sum(c.kind is ConflictKind.ALREADY_THERE for c in self.checked.conflicts)

    @property
    def renamed(self) -> int:
        """How many files got a numbered name."""
        return sum(
            unnumbered(o.target.name) != o.target.name and not o.target.name.endswith(o.heard.name)
            for o in self.checked.operations
        )

    @property
    def refiled(self) -> int:
        """How many files of an earlier sort were moved to where they belong now, or would be."""
        if self.run is not None:
            return self.run.refiled
        return to_refile(self.checked)

    @property
    def new(self) -> int:
        """How many files were put into the output folder, or would be."""
        done = self.run.done if self.run else len(self.checked.operations)
        return max(0, done - self.refiled - self.sidecars)

    @property
    def left(self) -> Sequence[str]:
        """One sentence for each sorted file that stays because a person changed or moved it."""
        return [c.message for c in self.checked.conflicts if c.outcome is Outcome.LEFT]


def to_refile(checked: CheckedPlan) -> int:
    """How many sounds of an earlier sort a plan moves to where they belong now."""
    return len(sorting.refiled_sounds(checked.operations))


def sort(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    into: str | os.PathLike[str],
    action: Action | str = Action.COPY,
    *,
    layout: str = DEFAULT_LAYOUT,
    rename: str = "",
    exclude: Sequence[str] = (),
    hidden: bool = False,
    part: Part | None = None,
    skip_duplicates: bool = False,
    prune: bool = False,
    policy: str = "balanced",
    min_confidence: float | None = None,
    model: Path | None = None,
    ear: str = "second",
    catalog: KnownOrNone = None,
    company: bool = True,
    names: str = HINT,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> Sorted:
    """Sort the sounds in some folders into class folders.

    Args:
        inputs: the folder to sort, or a file, or several.
        into: the output folder.
        action: copy, move, link or symlink.
        layout: path below ``into``, with the fields of ``sorting.FIELDS``; ends in ``{name}``.
        rename: a new name for each file, with the same fields; ``""`` for none.
        exclude: what to leave out, as in ``.gitignore``.
        hidden: whether to look into hidden folders, too.
        part: sorts no other files of the input than these. If it goes without ``into``, that may
            lie inside a folder of the input.
        skip_duplicates: whether to sort one file of those with the same samples, and leave the
            others alone.
        prune: whether to remove the folders that a move emptied.
        policy: how sure a verdict must be to stand.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        model: a model folder; the shipped one by default.
        ear: ``second`` asks a second, larger network about sounds that the first is not sure of, if
            the model has one; ``quick`` never does.
        catalog: where to look up and remember what was heard, and note where moved files are: an
            open catalog or its path; ``False`` for none; by default the user's own, if there is
            one.
        company: whether the other sounds of its folder count in the verdict on a sound.
        names: how its name counts in the verdict on a sound: ``hint``, ``ignore`` or ``trust``.
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
    listed = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    roots, into = tuple(dict.fromkeys(map(real, listed))), Path(os.path.realpath(into))
    left_out = LeftOut(exclude, hidden)
    nothing = replace(sorting.plan([], into, action, layout, rename), roots=roots)
    refuse_conflicts(_checked(nothing, part))  # before anything is heard
    with opened_if_any(catalog) as known:
        classifier = Classifier(
            model, policy, min_confidence, known, progress, ear=ear, company=company, names=names
        )
        with nullcontext() if dry_run else sorting.folder_locks(nothing):
            refuse_unfinished(into)
            sounds, left = sounds_and_others(roots, left_out, part)
            facts = skip_duplicates or sorting.Layout(layout, rename).measures
            heard = classifier.classify_all(sounds, facts=facts, total=len(sounds))
            with closing(heard):
                results = list(heard)
            if skip_duplicates:
                results, duplicates = without_duplicates(results)
                left += duplicates
            folder_of_model = "" if model is None else str(model.absolute())
            terms = Terms(
                layout, policy, min_confidence, folder_of_model, company, ear, rename, names
            )
            made = sorting.plan(results, into, action, layout, rename)
            plan = replace(made, roots=roots, terms=terms)
            checked = _checked(plan, part)
            refuse_conflicts(checked)
            if plan.action is Action.MOVE:
                checked = sorting.with_sidecars(checked, (one.path for one in left))
            run = None if dry_run else apply(checked, catalog=known or False, progress=progress)
            moved = checked.operations if run and plan.action is Action.MOVE and prune else ()
            pruned = sorting.prune((operation.source for operation in moved), roots)
    taken = {operation.source for operation in checked.operations}
    left = [one for one in left if one.path not in taken]
    return Sorted(roots, results, left, checked, run, pruned)


def _checked(plan: Plan, part: Part | None) -> CheckedPlan:
    """Check a plan; an output folder inside the input is no conflict if nothing in it is sorted."""
    checked = sorting.check(plan)
    if part is None or not within(plan.into, frozenset(part.without)):
        return checked
    inside = ConflictKind.OUTPUT_INSIDE_INPUT
    return replace(checked, conflicts=tuple(c for c in checked.conflicts if c.kind is not inside))


def plan_known(
    catalog: Catalog,
    numbers: Collection[int] | None,
    into: Path,
    action: Action | str = Action.COPY,
    *,
    layout: str = DEFAULT_LAYOUT,
    rename: str = "",
    policy: str = "balanced",
    names: str = HINT,
) -> CheckedPlan:
    """Plan a sort of sounds that a catalog knows, without hearing them; ``apply`` carries it out.

    Args:
        catalog: an open catalog.
        numbers: of the files to sort; all files by default.
        into: the output folder, absolute.
        action: copy, move, link or symlink.
        layout: as for ``sort``.
        rename: as for ``sort``.
        policy: how sure a verdict must be to stand.
        names: as for ``sort``.

    Raises:
        CatalogError: the catalog cannot be read.
        PlanRefused: as for ``apply``.
        SortError: there is no such action, or the layout is not understood.
        DrumsortError: a model has no such policy.
    """
    facts = sorting.Layout(layout, rename).measures
    made = sorting.plan(
        sortable(catalog, numbers, policy, names=names, facts=facts), into, action, layout, rename
    )
    refuse_unfinished(into)
    checked = sorting.check(replace(made, terms=Terms(layout, policy, rename=rename, names=names)))
    refuse_conflicts(checked)
    return checked
