"""A scan, started from the page."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from drumsort.audio.part import Part
from drumsort.web.context import Context
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.protocol.jobs import Job, ScanFolders
from drumsort.web.request import Request, expanded
from drumsort.web.response import Refused, printable
from drumsort.workflows.progress import Progress
from drumsort.workflows.scan import Scan, scan


def begin(context: Context, request: Request[ScanFolders]) -> Job:
    """Scan folders: those that are named, or those that were scanned before."""
    folders = [expanded(name) for name in request.params.folders or ()]
    for folder in folders:
        if not folder.is_absolute() or not folder.is_dir():
            raise Refused(400, f"{printable(folder)} is not a folder, or is not there.")
    return start(context, folders or context.sounds.snapshot().roots)


def start(context: Context, folders: Sequence[Path]) -> Job:
    """Start to scan folders.

    Raises:
        Refused: another job runs, or there is nothing to scan.
    """
    if not folders:
        raise Refused(400, "No folder has been scanned yet: choose one.")

    def work(control: Control) -> tuple[str, Iterable[str]]:
        context.sounds.growing = True
        try:
            done = scan(
                folders, catalog=context.path, ear=context.ear, progress=JobProgress(control)
            )
        finally:
            context.sounds.growing = False
            context.sounds.read_all()
        return _sentence(done, folders), [*map(_absent, done.absent), *done.failures.values()]

    return context.jobs.begin("scan", "Looking", work)


def take_up(context: Context, files: Sequence[Path], into: Path, progress: Progress) -> None:
    """Add files that drumsort has just written below ``into`` to the library.

    Raises:
        DrumsortError: as for ``scan``.
    """
    if not files:
        return
    roots = context.sounds.snapshot(0).roots
    root = next((root for root in roots if root == into or root in into.parents), into)
    part = Part(frozenset(files))
    scan([root], catalog=context.path, ear=context.ear, part=part, progress=progress)
    context.sounds.read_all()


def _sentence(done: Scan, folders: Sequence[Path]) -> str:
    parts = {
        "heard": done.heard,
        "unchanged": done.unchanged,
        "the same as others": done.twins,
        "moved": done.moved,
        "gone": done.missing,
        "not readable": len(done.failures),
    }
    said = [f"{count:,} {what}" for what, count in parts.items() if count]
    if said:
        return f"Files: {', '.join(said)}."
    return f"There is no sound in {', '.join(map(printable, folders))}."


def _absent(root: Path) -> str:
    return (
        f"{printable(root)} does not exist, or is empty as if a drive were not plugged in: "
        "what is known of its files is kept."
    )
