"""Sorts from the page: shown as a plan, carried out, taken back."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.types import Action, CheckedPlan, Conflict, ConflictKind, Outcome, Plan, Run
from drumsort.web.context import Context, Planned
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.protocol import sorting as protocol
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.jobs import Job
from drumsort.web.request import Request, in_full
from drumsort.web.response import Refused, printable
from drumsort.workflows import undo as past
from drumsort.workflows.apply import Busy, Unfinished
from drumsort.workflows.apply import apply as carry_out
from drumsort.workflows.sort import plan_known, to_refile

_EXAMPLES = 3
_DOING = {Action.MOVE: "Moving", Action.COPY: "Copying"}
_WHY = {
    ConflictKind.SOURCE_CHANGED: "changed since the scan: scan again first",
    ConflictKind.SOURCE_GONE: "gone since the scan: scan again first",
    ConflictKind.ALREADY_THERE: "already where the plan puts it",
    ConflictKind.NAME_NOT_ALLOWED: "the disk does not allow the name",
    ConflictKind.NOT_WRITABLE: "its folder is read-only",
    ConflictKind.NOT_POSSIBLE: "a symbolic link is not moved",
    ConflictKind.NO_LONGER_OURS: "what was sorted was changed or moved by hand",
}


def plan(context: Context, request: Request[protocol.PlanSort]) -> protocol.Plan:
    """Plan a sort, and show what it would do."""
    params = request.params
    into = in_full(params.into, "sort into").resolve()
    ids = None if params.ids is None else set(params.ids)
    version = context.sounds.version
    with context.catalog() as catalog, not_now(into):
        checked = plan_known(
            catalog,
            ids,
            into,
            params.action,
            layout=params.layout,
            policy=params.policy,
            names=context.sounds.names,
        )
    planned = Planned(secrets.token_urlsafe(8), checked, version)
    context.plan = planned
    return protocol.Plan(
        plan=planned.id,
        into=printable(into),
        count=len(checked.operations),
        tree=_tree(checked),
        notes=[
            *_warnings(checked.plan, params.layout, context.sounds.snapshot(0).roots),
            *_refiled(checked),
            *_notes(checked.conflicts),
        ],
    )


def apply(context: Context, request: Request[protocol.ApplyPlan]) -> Job:
    """Carry out the latest plan."""
    planned = context.plan
    if planned is None or planned.id != request.params.plan:
        raise Refused(409, "This plan is out of date: plan again.")
    if planned.version != context.sounds.version:
        raise Refused(409, "The sounds have changed since this plan was made: plan again.")
    action = planned.checked.plan.action

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        with not_now(planned.checked.plan.into):
            run = carry_out(planned.checked, catalog=context.path, progress=progress)
        return _ended(context, run, "in place", progress)

    job = context.jobs.begin("sort", _DOING.get(action, "Linking"), work)
    context.plan = None
    return job


def undo(context: Context, request: Request[protocol.RunId]) -> Job:
    """Take back a past sort."""
    run_id = _known(request.params.run)

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        run = past.undo(run_id, catalog=context.path, progress=progress)
        return _ended(context, run, "taken back", progress)

    return context.jobs.begin("undo", "Taking back", work)


def resume(context: Context, request: Request[protocol.RunId]) -> Job:
    """Finish a sort that was cut off."""
    run_id = _known(request.params.run)

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        run = past.resume(run_id, catalog=context.path, progress=progress)
        return _ended(context, run, "in place", progress)

    return context.jobs.begin("resume", "Finishing", work)


def history(context: Context, request: Request[Nothing]) -> list[protocol.Run]:
    """List past sorts, the latest first."""
    return [
        protocol.Run(
            id=run.id,
            action=run.action,
            into=printable(run.into) if run.into else None,
            made_at=run.created.isoformat() if run.created else None,
            state=run.state,
            count=run.done,
            files=run.files,
        )
        for run in past.history()
    ]


def _known(run_id: str) -> str:
    if not any(run.id == run_id for run in past.history()):
        raise Refused(404, "There is no such run.")
    return run_id


@contextmanager
def not_now(into: Path) -> Iterator[None]:
    """Say in the page's own words that another run into this folder is in the way."""
    try:
        yield
    except Busy as busy:
        sentence = (
            f"Another drumsort is at work in {printable(into)} right now: wait until it is done."
        )
        raise Refused(409, sentence) from busy
    except Unfinished as unfinished:
        sentence = (
            f"An earlier sort into {printable(into)} was stopped: finish it or take it back first."
        )
        raise Refused(409, sentence) from unfinished


def _ended(
    context: Context, run: Run, what: str, progress: JobProgress
) -> tuple[str, Iterable[str]]:
    """What came of a run; sounds that it moved, cut or tagged are read anew."""
    if run.id and (run.action in (Action.MOVE, Action.TAG, Action.SLICE) or run.refiled):
        context.sounds.read_all()
    stopped = [run.stopped] if run.stopped else []
    return f"{_files(run.done)} {what}.", [*stopped, *run.failures.values(), *progress.warnings]


def _tree(checked: CheckedPlan) -> list[protocol.PlannedFolder]:
    """Each folder below the output folder: how many files go there, and some of their names."""
    folders: dict[Path, list[str]] = defaultdict(list)
    for operation in checked.operations:
        folders[operation.target.parent].append(operation.target.name)
    return [
        protocol.PlannedFolder(
            path=printable(folder.relative_to(checked.plan.into)),
            count=len(names),
            examples=[printable(Path(name)) for name in names[:_EXAMPLES]],
        )
        for folder, names in sorted(folders.items())
    ]


def _refiled(checked: CheckedPlan) -> list[str]:
    """How many files lie in the output folder already and only move within it."""
    count = to_refile(checked)
    sentence = f"{_files(count)} of an earlier sort: moved to where they belong, not copied again."
    return [sentence] if count else []


def _notes(conflicts: Iterable[Conflict]) -> list[str]:
    """One sentence for each kind of file that is left out, or gets another name."""
    stays = (Outcome.FAILED, Outcome.SKIPPED, Outcome.LEFT)
    left = Counter(c.kind for c in conflicts if c.outcome in stays)
    notes = [
        f"{_files(count)} left out: {_WHY.get(kind, 'it cannot be done')}."
        for kind, count in left.items()
    ]
    renamed = sum(c.outcome is Outcome.RENAMED for c in conflicts)
    if renamed:
        notes.append(f"{_files(renamed)} renumbered: their names are taken.")
    return notes


def _warnings(plan: Plan, layout: str, roots: Iterable[Path]) -> list[str]:
    """What a sort does to folders that were scanned, which its tree does not show."""
    into, warnings = plan.into, []
    for root in roots:
        if root == into or root in into.parents:
            where = "was" if root == into else f"lies in {printable(root)}, which was"
            warnings.append(
                f"{printable(into)} {where} scanned: what is sorted will lie among what is there."
            )
        elif into in root.parents:
            warnings.append(f"{printable(root)}, which was scanned, lies in {printable(into)}.")
    if plan.action is Action.MOVE and "{pack}" not in layout and plan.operations:
        warnings.append("Files that are moved leave their packs. A layout with {pack} keeps them.")
    return warnings


def _files(count: int) -> str:
    return f"{count:,} file" + ("" if count == 1 else "s")
