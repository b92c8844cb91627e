"""A scan, started from the page."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from starlette.responses import Response

from drumsort.web.answers import Refused, as_json, shown
from drumsort.web.asked import Asked, expanded
from drumsort.web.jobs import Control, Job
from drumsort.web.progress import JobProgress
from drumsort.web.studio import Studio
from drumsort.workflows.scan import Scan, scan


def begin(studio: Studio, asked: Asked) -> Response:
    """``POST /api/scan``."""
    folders = [expanded(name) for name in asked.texts("folders")]
    for folder in folders:
        if not folder.is_absolute() or not folder.is_dir():
            raise Refused(400, f"{shown(folder)} is not a folder that is there.")
    return as_json(start(studio, folders or studio.shelf.now().roots).as_dict())


def start(studio: Studio, folders: Sequence[Path]) -> Job:
    """Begin to scan folders.

    Raises:
        Refused: another job runs, or there is nothing to scan.
    """
    if not folders:
        raise Refused(400, "No folder was scanned yet: choose one.")

    def work(control: Control) -> tuple[str, Iterable[str]]:
        studio.shelf.growing = True
        try:
            done = scan(folders, catalog=studio.path, progress=JobProgress(control))
        finally:
            studio.shelf.growing = False
            studio.shelf.read_all()
        return _sentence(done, folders), [*map(_absent, done.absent), *done.failures.values()]

    return studio.jobs.begin("scan", "Looking", work)


def stop(studio: Studio, asked: Asked) -> Response:
    """``POST /api/stop``."""
    studio.jobs.stop()
    job = studio.jobs.job
    return as_json(job.as_dict() if job else None)


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
    return f"There is no sound in {', '.join(map(shown, folders))}."


def _absent(root: Path) -> str:
    return (
        f"{shown(root)} is not there, or empty like a drive that is not plugged in: what is known "
        "of its files is kept."
    )
