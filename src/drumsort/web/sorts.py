"""Sorting from the page: the plan as a tree, carrying it out, taking it back."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.responses import Response

from drumsort.types import Action, CheckedPlan, Conflict, ConflictKind, Outcome, Plan, Run
from drumsort.web.answers import Refused, as_json, shown
from drumsort.web.asked import Asked, expanded
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.studio import Planned, Studio
from drumsort.workflows import undo as past
from drumsort.workflows.apply import Busy, Unfinished
from drumsort.workflows.apply import apply as carry_out
from drumsort.workflows.sort import DEFAULT_LAYOUT, plan_known

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
    action, layout = asked.text("action", "copy"), asked.text("layout", DEFAULT_LAYOUT)
    version = studio.shelf.version
    with studio.catalog() as catalog, _not_now(into):
        policy = asked.text("policy", "balanced")
        checked = plan_known(catalog, ids, into, action, layout=layout, policy=policy)
    planned = Planned(secrets.token_urlsafe(8), checked, version)
    studio.plan = planned
    return as_json(
        {
            "plan": planned.id,
            "into": shown(into),
            "count": len(checked.operations),
            "tree": _tree(checked),
            "notes": [
                *_warnings(checked.plan, layout, studio.shelf.now(0).roots),
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
        progress = JobProgress(control)
        with _not_now(planned.checked.plan.into):
            run = carry_out(planned.checked, catalog=studio.path, progress=progress)
        return _ended(studio, run, "in place", progress)

    job = studio.jobs.begin("sort", _DOING.get(action, "Linking"), work)
    studio.plan = None
    return as_json(job.as_dict())


def undo(studio: Studio, asked: Asked) -> Response:
    """``POST /api/sort/undo``."""
    run_id = _known(asked.text("run"))

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        run = past.undo(run_id, catalog=studio.path, progress=progress)
        return _ended(studio, run, "taken back", progress)

    return as_json(studio.jobs.begin("undo", "Taking back", work).as_dict())


def resume(studio: Studio, asked: Asked) -> Response:
    """``POST /api/sort/resume``."""
    run_id = _known(asked.text("run"))

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        run = past.resume(run_id, catalog=studio.path, progress=progress)
        return _ended(studio, run, "in place", progress)

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
                "count": run.done,
                "files": run.files,
            }
            for run in past.history()
        ]
    )


def _known(run_id: str) -> str:
    if not any(run.id == run_id for run in past.history()):
        raise Refused(404, "There is no such run.")
    return run_id


@contextmanager
def _not_now(into: Path) -> Iterator[None]:
    """Say in the page's own words that another run into this folder is in the way."""
    try:
        yield
    except Busy as busy:
        sentence = f"Another drumsort is at work in {shown(into)} right now: wait until it is done."
        raise Refused(409, sentence) from busy
    except Unfinished as unfinished:
        sentence = (
            f"An earlier sort into {shown(into)} was stopped: finish it or take it back first."
        )
        raise Refused(409, sentence) from unfinished


def _ended(studio: Studio, run: Run, what: str, progress: JobProgress) -> tuple[str, Iterable[str]]:
    """What became of a run; sounds that were moved are read again, so that they can be played."""
    if run.action is Action.MOVE and run.id:
        studio.shelf.read_all()
    return f"{_files(run.done)} {what}.", [*run.failures.values(), *progress.warnings]


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
