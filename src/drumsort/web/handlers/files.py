"""Files, as they are: one, several in a zip, where they lie, shown in the file manager."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from drumsort.audio.formats import media_type
from drumsort.audio.open import open_file
from drumsort.catalog import Entry
from drumsort.catalog.ids import paths_of
from drumsort.catalog.reads import entries_of
from drumsort.errors import AudioError
from drumsort.files.names import Names, portable_file
from drumsort.remote import is_url
from drumsort.web.context import Context, gone
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.protocol.fields import Done, Nothing, Selected
from drumsort.web.protocol.files import ExportSounds, FileIds, FilePaths
from drumsort.web.protocol.jobs import Job
from drumsort.web.request import Request, in_full
from drumsort.web.response import Refused, printable
from drumsort.web.reveal import reveal
from drumsort.workflows.export_collection import Exported, export_sounds

_CHUNK = 1 << 18
_IN_MEMORY = 32 << 20  # of a zip; what is larger is on the disk meanwhile
_LEFT_OUT = "left out.txt"


def file(context: Context, request: Request[Nothing]) -> Response:
    """Give a file as it is, to be saved under its name."""
    with context.catalog() as catalog:
        entry = context.entry(catalog, request.id)
    known = media_type(entry.facts.format) if entry.facts else None
    kind = known or "application/octet-stream"
    return _attached(_unchanged(entry), printable(Path(entry.path.name)), kind)


def archive(context: Context, request: Request[FileIds]) -> Response:
    """Give several files as they are, in a zip; a text in it names those that are left out."""
    ids = list(dict.fromkeys(request.params.ids))
    with context.catalog() as catalog:
        entries = list(entries_of(catalog, paths_of(catalog, ids).values(), "balanced"))
    title = f"{len(entries)} sound{'s' * (len(entries) != 1)}"
    failures = []
    packed = cast(IO[bytes], SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
    names = Names(Path(portable_file(entry.path.name)) for entry in entries)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as made:
        for entry in entries:
            try:
                content = _unchanged(entry)
            except (Refused, AudioError) as error:
                failures.append(str(error))
                continue
            name = names.give(Path(portable_file(entry.path.name)))
            with content, made.open(f"{title}/{name}", "w", force_zip64=True) as inside:
                shutil.copyfileobj(content, inside, _CHUNK)
        if failures:
            made.writestr(f"{title}/{_LEFT_OUT}", "\n".join([*failures, ""]))
    if len(failures) == len(entries):
        packed.close()
        raise Refused(410, failures[0] if failures else "There is no such sound in the catalog.")
    packed.seek(0)
    return _attached(packed, f"{title}.zip", "application/zip")


def paths(context: Context, request: Request[Selected]) -> FilePaths:
    """Say where files lie."""
    ids = request.params.ids
    with context.catalog() as catalog:
        known = paths_of(catalog, ids)
    found = [known[number] for number in ids if number in known]
    return FilePaths(
        paths=[printable(path) for path in found],
        uris=[str(path) if is_url(path) else path.as_uri() for path in found],
    )


def show(context: Context, request: Request[Selected]) -> Done:
    """Show files in the system's file manager."""
    with context.catalog() as catalog:
        known = paths_of(catalog, request.params.ids)
        there = [path for path in known.values() if not is_url(path) and path.exists()]
        if not there:
            entry = context.entry(catalog, next(iter(request.params.ids), -1))
            if is_url(entry.path):
                raise Refused(400, f"{entry.path} is in a store, which no file manager shows.")
            raise gone(entry, FileNotFoundError())
    reveal(there)
    return Done()


def export(context: Context, request: Request[ExportSounds]) -> Job:
    """Make a folder, an archive or an instrument of some sounds."""
    params = request.params
    into = in_full(params.into, "export into")
    with context.catalog() as catalog:
        chosen = list(paths_of(catalog, params.ids).values())

    def work(control: Control) -> tuple[str, list[str]]:
        return as_said(
            export_sounds(
                chosen, params.name, params.kind, into,
                names=context.sounds.names, catalog=context.path, progress=JobProgress(control),
            )
        )  # fmt: skip

    return context.jobs.begin("export", "Exporting", work)


def as_said(made: Exported) -> tuple[str, list[str]]:
    """What an export made; where sounds are missing from it, how many are in it and why."""
    missing = [*(f"{printable(path)} is gone." for path in made.lost), *made.failures.values()]
    path, lost = printable(made.path), len(made.lost)
    if made.count == made.total:
        return f"Made {path}.", missing
    why = f": {lost:,} {'file is' if lost == 1 else 'files are'} gone" if lost else ""
    return f"Made {path} with {made.count:,} of {made.total:,} sounds{why}.", missing


def _unchanged(entry: Entry) -> Any:
    """A file, open, if it is still the one that was scanned.

    Raises:
        Refused: it is gone, or another file has taken its place, which may be anything.
    """
    try:
        with ExitStack() as ending:
            content = ending.enter_context(open_file(entry.path))
            stat = entry.path.stat() if is_url(entry.path) else os.fstat(content.fileno())
            if (stat.st_size, stat.st_mtime_ns) != (entry.size, entry.mtime_ns):
                raise Refused(
                    409, f"{printable(entry.path)} has changed since the scan: scan again."
                )
            ending.pop_all()
            return content
    except OSError as error:
        raise gone(entry, error) from error


def _attached(content: IO[bytes], name: str, kind: str) -> Response:
    """Bytes to be saved under a name."""

    def chunks() -> Iterator[bytes]:
        with content:
            while chunk := content.read(_CHUNK):
                yield chunk

    given = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return StreamingResponse(chunks(), headers=given, media_type=kind)
