"""Sorting from the page: the plan as a tree, carrying it out, taking it back."""

import os
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.responses import Response

from drumsort import sorting
from drumsort.catalog.moved import follow_run
from drumsort.catalog.sortable import sortable
from drumsort.errors import JournalError
from drumsort.sorting import PastRun, RunState
from drumsort.sorting.journal import load
from drumsort.types import Action, CheckedPlan, Conflict, ConflictKind, Outcome, Plan, Run
from drumsort.web.answers import Refused, as_json, shown
from drumsort.web.asked import Asked, expanded
from drumsort.web.jobs import Control
from drumsort.web.studio import Planned, Studio

_EXAMPLES = 3
_DOING = {Action.MOVE: "Moving", Action.COPY: "Copying"}
_WHY = {
    ConflictKind.SOURCE_CHANGED: "changed since the scan: scan again first",
    ConflictKind.SOURCE_GONE: "gone since the scan: scan again first",
    ConflictKind.ALREADY_THERE: "already where the plan puts it",
    ConflictKind.NAME_NOT_ALLOWED: "the disk does not allow the name",
    ConflictKind.NOT_WRITABLE: "its folder is read-only",
    ConflictKind.NOT_POSSIBLE: "a symbolic link is not moved",
}


def plan(studio: Studio, asked: Asked) -> Response:
    """``POST /api/sort/plan``."""
    into = expanded(asked.text("into"))
    if not into.is_absolute():
        raise Refused(400, "Name the folder to sort into in full.")
    into = into.resolve()
    ids = None if asked.body.get("ids") is None else set(asked.ids())
    action, layout = asked.text("action", "copy"), asked.text("layout", sorting.DEFAULT_LAYOUT)
    version = studio.shelf.version
    with studio.catalog() as catalog:
        found = sortable(catalog, ids, asked.text("policy", "balanced"))
        made = sorting.plan(found, into, action, layout)
    _refuse_unfinished(into)
    checked = sorting.check(made)
    if checked.refused:
        raise Refused(400, " ".join(conflict.message for conflict in checked.refused))
    planned = Planned(secrets.token_urlsafe(8), checked, version)
    studio.plan = planned
    return as_json(
        {
            "plan": planned.id,
            "into": shown(into),
            "count": len(checked.operations),
            "tree": _tree(checked),
            "notes": [
                *_warnings(made, layout, studio.shelf.now(0).roots),
                *_notes(checked.conflicts),
            ],
        }
    )


def apply(studio: Studio, asked: Asked) -> Response:
    """``POST /api/sort/apply``."""
    planned = studio.plan
    if planned is None or planned.id != asked.text("plan"):
        raise Refused(409, "This plan is not the last one any more: look at it again.")
    if planned.version != studio.shelf.version:
        raise Refused(409, "The sounds changed since this plan was made: look at it again.")
    action = planned.checked.plan.action

    def work(control: Control) -> tuple[str, Iterable[str]]:
        _refuse_unfinished(planned.checked.plan.into)
        run = sorting.apply(planned.checked, control.at)
        return _ended(studio, run, "in place")

    job = studio.jobs.begin("sort", _DOING.get(action, "Linking"), work)
    studio.plan = None
    return as_json(job.as_dict())


def undo(studio: Studio, asked: Asked) -> Response:
    """``POST /api/sort/undo``."""
    run_id = _known(asked.text("run")).id

    def work(control: Control) -> tuple[str, Iterable[str]]:
        return _ended(studio, sorting.undo(run_id, control.at), "taken back")

    return as_json(studio.jobs.begin("undo", "Taking back", work).as_dict())


def resume(studio: Studio, asked: Asked) -> Response:
    """``POST /api/sort/resume``."""
    run_id = _known(asked.text("run")).id

    def work(control: Control) -> tuple[str, Iterable[str]]:
        return _ended(studio, sorting.resume(run_id, control.at), "in place")

    return as_json(studio.jobs.begin("resume", "Finishing", work).as_dict())


def history(studio: Studio, asked: Asked) -> Response:
    """``GET /api/sort/history``."""
    return as_json(
        [
            {
                "id": run.id,
                "action": run.action,
                "into": shown(run.into) if run.into else None,
                "made_at": run.created.isoformat() if run.created else None,
                "state": run.state,
                "count": _in_place(run),
                "files": run.files,
            }
            for run in sorting.history()
        ]
    )


def _in_place(run: PastRun) -> int:
    """How many files a run put in place; of one that was cut off, more than it could note."""
    if run.state is not RunState.UNFINISHED:
        return run.done
    try:
        operations = load(run.id).operations
    except JournalError:  # damaged where the history does not look
        return run.done
    if run.action is Action.RELINK:  # whose target is the file that is kept
        return sum(_are_one(one.source, one.target) for one in operations)
    return sum(os.path.lexists(one.target) for one in operations)


def _are_one(name: Path, other: Path) -> bool:
    try:
        return name.samefile(other)
    except OSError:
        return False


def _known(run_id: str) -> PastRun:
    for run in sorting.history():
        if run.id == run_id:
            return run
    raise Refused(404, "There is no such run.")


def _refuse_unfinished(into: Path) -> None:
    for run in sorting.history():
        if run.into == into and run.state is RunState.UNFINISHED:
            raise Refused(
                409,
                f"An earlier sort into {shown(into)} was stopped: finish it or take it back first.",
            )


def _ended(studio: Studio, run: Run, what: str) -> tuple[str, Iterable[str]]:
    """What came of a run; the catalog follows what was moved, so that it can still be played."""
    if run.action is Action.MOVE and run.id:
        with studio.shelf.writing() as catalog:
            follow_run(catalog, run)
        studio.shelf.read_all()
    return f"{_files(run.done)} {what}.", run.failures.values()


def _tree(checked: CheckedPlan) -> list[dict[str, Any]]:
    """Each folder below the output folder: how many files go there, and some of their names."""
    folders: dict[Path, list[str]] = defaultdict(list)
    for operation in checked.operations:
        folders[operation.target.parent].append(operation.target.name)
    return [
        {
            "path": shown(folder.relative_to(checked.plan.into)),
            "count": len(names),
            "examples": [shown(Path(name)) for name in names[:_EXAMPLES]],
        }
        for folder, names in sorted(folders.items())
    ]


def _notes(conflicts: Iterable[Conflict]) -> list[str]:
    """One sentence for each kind of file that will not be done, or not as one would think."""
    left = Counter(c.kind for c in conflicts if c.outcome in (Outcome.FAILED, Outcome.SKIPPED))
    notes = [
        f"{_files(count)} left out: {_WHY.get(kind, 'it cannot be done')}."
        for kind, count in left.items()
    ]
    renamed = sum(c.outcome is Outcome.RENAMED for c in conflicts)
    if renamed:
        notes.append(f"{_files(renamed)} numbered anew: the names are taken.")
    return notes


def _warnings(plan: Plan, layout: str, roots: Iterable[Path]) -> list[str]:
    """What a sort does to folders that were scanned, which is not to be seen from its tree."""
    into, warnings = plan.into, []
    for root in roots:
        if root == into or root in into.parents:
            where = "was" if root == into else f"lies in {shown(root)}, which was"
            warnings.append(
                f"{shown(into)} {where} scanned: what is sorted will lie among what is there."
            )
        elif into in root.parents:
            warnings.append(f"{shown(root)}, which was scanned, lies in {shown(into)}.")
    if plan.action is Action.MOVE and "{pack}" not in layout and plan.operations:
        first = plan.operations[0].target.relative_to(into).parts[0]
        warnings.append(
            f"Files that are moved leave their packs: their folders, such as {shown(Path(first))}, "
            "count as packs then. A layout with packs in it keeps them."
        )
    return warnings


def _files(count: int) -> str:
    return f"{count:,} file" + ("" if count == 1 else "s")
