"""Sort what a query finds: plan from what the catalog knows, apply, follow; nothing is heard."""

import os
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from drumsort import sorting
from drumsort.catalog.sortable import sortable
from drumsort.errors import DrumsortError
from drumsort.model.named import HINT
from drumsort.sorting import DEFAULT_LAYOUT
from drumsort.types import Action, Terms
from drumsort.workflows.apply import apply, refuse_conflicts, refuse_unfinished
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.find import find
from drumsort.workflows.inputs import LeftAlone, without_duplicates
from drumsort.workflows.progress import QUIET, Progress
from drumsort.workflows.sort import Sorted


def sort_found(
    query: str,
    into: str | os.PathLike[str],
    action: Action | str = Action.COPY,
    *,
    layout: str = DEFAULT_LAYOUT,
    rename: str = "",
    skip_duplicates: bool = False,
    prune: bool = False,
    policy: str = "balanced",
    names: str = HINT,
    catalog: Known = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> Sorted:
    """Sort the sounds of the library that a query finds, by what the library knows of them.

    Args:
        query: as for ``find``; its order does not count.
        into: the output folder; not in a folder of the library.
        action: copy, move, link or symlink.
        layout: as for ``sort``, and so are all other arguments.

    Raises:
        QueryError: the query is not understood.
        CatalogError: there is no catalog, or it cannot be read.
        PlanRefused, JournalError, OSError: as for ``sort``.
        DrumsortError: no sound is found, or as for ``sort``.
    """
    into = Path(os.path.realpath(into))
    with opened(catalog) as known:
        found = find(query, catalog=known, policy=policy, names=names)
        if not found:
            raise DrumsortError(f"No sound of the library is like {query!r}: nothing was sorted.")
        facts = skip_duplicates or sorting.Layout(layout, rename).measures
        results = list(sortable(known, found.ids, policy, names=names, facts=facts))
        left: list[LeftAlone] = []
        if skip_duplicates:
            results, left = without_duplicates(results)
        terms = Terms(layout, policy, rename=rename, names=names)
        plan = replace(sorting.plan(results, into, action, layout, rename), terms=terms)
        with nullcontext() if dry_run else sorting.folder_locks(plan):
            refuse_unfinished(into)
            checked = sorting.check(plan)
            refuse_conflicts(checked)
            if plan.action is Action.MOVE:
                sources = {operation.source for operation in checked.operations}
                checked = sorting.with_sidecars(checked, _beside(sources))
            run = None if dry_run else apply(checked, catalog=known, progress=progress)
        moved = checked.operations if run and plan.action is Action.MOVE and prune else ()
        pruned = sorting.prune((operation.source for operation in moved), plan.roots)
    return Sorted(plan.roots, results, left, checked, run, pruned)


def _beside(sources: Iterable[Path]) -> Iterator[Path]:
    """What lies in the folders of these files."""
    for folder in {source.parent for source in sources}:
        if folder.is_dir():
            yield from folder.iterdir()
