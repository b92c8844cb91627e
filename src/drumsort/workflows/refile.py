"""Move what was sorted to where it belongs now: lock, look, hear, plan, check, apply, follow."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from drumsort import sorting
from drumsort.audio.find import Source
from drumsort.errors import SortError
from drumsort.files.names import Names
from drumsort.model.named import HINT
from drumsort.sorting import DEFAULT_LAYOUT, Owned
from drumsort.sorting.refile import Output, State, is_in_place, left, move
from drumsort.types import Action, Conflict, ConflictKind, Operation, Outcome, Plan, Result, Terms
from drumsort.workflows.apply import apply, refuse_conflicts, refuse_unfinished
from drumsort.workflows.catalogs import KnownOrNone, opened_if_any
from drumsort.workflows.classify import Classifier
from drumsort.workflows.progress import QUIET, Progress
from drumsort.workflows.sort import Sorted

_OWN = Terms(
    DEFAULT_LAYOUT, "balanced", None, "", company=True, ear="second", rename="", names=HINT
)


def refile(
    into: str | os.PathLike[str],
    terms: Terms = Terms(),  # noqa: B008
    *,
    catalog: KnownOrNone = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> Sorted:
    """Move the files that sorts put into a folder to where they belong now, inside that folder.

    The originals are not needed, so this works after a move, too. Each file is judged on the terms
    of the sort that put it there. What a person changed or moved is left and named.

    Args:
        into: the output folder of earlier sorts.
        terms: what to decide otherwise than those sorts did.
        catalog: as for ``sort``.
        dry_run: whether to stop after the check.
        progress: as for ``sort``.

    Returns:
        What was heard, planned and done.

    Raises:
        SortError: drumsort put nothing into this folder.
        PlanRefused, JournalError, OSError: as for ``apply``.
        BundleError, CatalogError, DrumsortError: as for ``classify``.
    """
    into = Path(os.path.realpath(into))
    with nullcontext() if dry_run else sorting.folder_locks(Plan((), into, Action.MOVE, ())):
        refuse_unfinished(into)
        files = sorting.owned(into)
        if not files:
            raise SortError(
                f"No sort put anything into {into} that is still there: name the output folder of "
                "one ('drumsort history' lists them)."
            )
        output = Output(into, files)
        conflicts = [why for own in files if (why := _why_not(own, output))]
        there = [own for own in files if output.state(own) is State.UNCHANGED]
        with opened_if_any(catalog) as known:
            results = _heard(there, terms, known or False, progress)
            operations, in_place = _moves(there, results, terms, into)
            plan = Plan((), into, Action.MOVE, tuple(operations), terms)
            checked = sorting.check(plan)
            conflicts += in_place
            checked = replace(checked, conflicts=(*checked.conflicts, *conflicts))
            refuse_conflicts(checked)
            run = None if dry_run else apply(checked, catalog=known or False, progress=progress)
    return Sorted((into,), [*results.values()], (), checked, run)


def _why_not(own: Owned, output: Output) -> Conflict | None:
    """Why a file stays, if a person had a hand in it; one that is gone is named, too."""
    if conflict := left(own, output):
        return conflict
    if output.state(own) is State.GONE:
        text = f"{own.path} is no longer there, so it is left out."
        return Conflict(ConflictKind.NO_LONGER_OURS, Outcome.LEFT, own.path, text)
    return None


def _heard(
    files: Sequence[Owned], terms: Terms, catalog: KnownOrNone, progress: Progress
) -> Mapping[Path, Result]:
    """What is heard in each file, on its terms, as if it were still where it came from."""
    alike: defaultdict[Terms, list[Owned]] = defaultdict(list)
    for own in files:
        alike[replace(_now(own, terms), layout=None, rename=None)].append(own)
    results: dict[Path, Result] = {}
    with opened_if_any(catalog) as known:
        for same, some in alike.items():
            classifier = Classifier(
                Path(same.model) if same.model else None,
                same.policy or "balanced",
                same.min_confidence,
                known,
                progress,
                ear=same.ear or "second",
                company=same.company is not False,
                names=same.names or HINT,
            )
            some.sort(key=lambda own: (own.origin.parent, own.origin))
            sources = [Source(own.path, own.root, True, own.origin) for own in some]
            facts = any(_layout(own, terms).measures for own in some)
            for result in classifier.classify_all(sources, total=len(some), facts=facts):
                results[result.path] = result
    return results


def _now(own: Owned, terms: Terms) -> Terms:
    return _OWN.then(own.terms).then(terms)


def _layout(own: Owned, terms: Terms) -> sorting.Layout:
    now = _now(own, terms)
    return sorting.layout_of(now.layout or DEFAULT_LAYOUT, now.rename or "")


def _moves(
    files: Sequence[Owned], results: Mapping[Path, Result], terms: Terms, into: Path
) -> tuple[list[Operation], list[Conflict]]:
    """The moves of the files that belong elsewhere, and one conflict for each of the others."""
    wishes: list[tuple[Owned, Path]] = []
    for own in files:
        as_it_was = replace(results[own.path], path=own.origin, root=own.root)
        if (below := sorting.place(as_it_was, _layout(own, terms))) is not None:
            wishes.append((own, into / below))
    names = Names(wish for _, wish in wishes)
    operations: list[Operation] = []
    in_place: list[Conflict] = []
    for own, wish in wishes:
        if is_in_place(own, wish):
            text = f"{own.path} is where it belongs."
            kind, outcome = ConflictKind.ALREADY_THERE, Outcome.SKIPPED
            in_place.append(Conflict(kind, outcome, own.path, text, own.path))
        else:
            operations.append(move(own, names.give(wish)))
    return operations, in_place
