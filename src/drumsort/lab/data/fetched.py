"""Labelled sounds of a store, copied once: the lab hears each many times.

The copies lie in the cache, below a folder for each root. ``versions.jsonl`` in it says which etag
and size each copy is of, so a later run fetches only what is new or changed.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from drumsort.errors import DataError
from drumsort.files.outside import parsed
from drumsort.lab.data.disk import writing
from drumsort.lab.data.rows import Data
from drumsort.remote import Url

_VERSIONS = "versions.jsonl"
_AHEAD = 64  # sounds, or folders, that are asked for together

Progress = Callable[[int, int], None]


def fetched(data: Data, on_progress: Progress = lambda done, total: None) -> Data:
    """The same sounds, with a copy of each on this machine if they lie in a store.

    One that the store does not have, or does not give, is left to be told of when it is heard.

    Args:
        data: labelled sounds.
        on_progress: called with how many copies are there, and how many there are to be.

    Raises:
        DataError: the cache cannot be written, or the store gives none of them.
    """
    if not isinstance(data.root, Url):
        return data
    folder = data.copies
    places = _places(data.root, [row.path for row in data.rows])
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    known = _known(folder)
    new = {
        path: url for path, url in places.items() if not _is_there(folder / path, url, known, path)
    }
    failure: OSError | None = None
    failed = 0
    with writing(folder), (folder / _VERSIONS).open("a", encoding="utf-8") as versions:
        for nth, (path, url) in enumerate(_ahead(new), start=1):
            try:
                content = url.read_bytes()
            except OSError as error:
                failure, failed = error, failed + 1
                (folder / path).unlink(missing_ok=True)
            else:
                _write(folder / path, content)
                etag = url.version.etag if url.version else ""
                versions.write(json.dumps([path, etag, len(content)]) + "\n")
                versions.flush()
            on_progress(nth, len(new))
    if failure is not None and failed == len(places):
        raise DataError(f"None of the sounds in {data.root} can be fetched: {failure.strerror}.")
    return data


def _places(root: Url, paths: list[str]) -> Mapping[str, Url]:
    """Each path to its place, with what the lists of the store say of it."""
    listed: dict[str, Url] = {}
    folders = sorted({PurePosixPath(path).parent.as_posix() for path in paths})
    urls = {folder: root if folder == "." else root / folder for folder in folders}
    for nth, folder in enumerate(folders):
        if nth % _AHEAD == 0:
            for other in folders[nth : nth + _AHEAD]:
                urls[other].list_ahead()
        with suppress(OSError):  # a web server need not list
            for url in urls[folder].iterdir():
                listed[url.name if folder == "." else f"{folder}/{url.name}"] = url
    return {path: listed.get(path) or root / path for path in paths}


def _ahead(new: Mapping[str, Url]) -> Iterator[tuple[str, Url]]:
    """Some places, whose objects are asked for before they are needed."""
    waiting = list(new.items())
    for nth, (path, url) in enumerate(waiting):
        for _, other in waiting[nth + _AHEAD : nth + _AHEAD + 1] if nth else waiting[: _AHEAD + 1]:
            other.ahead(whole=True)
        yield path, url


def _known(folder: Path) -> dict[str, tuple[str, int]]:
    """Path to the etag and size that its copy is of."""
    known: dict[str, tuple[str, int]] = {}
    with suppress(FileNotFoundError), (folder / _VERSIONS).open(encoding="utf-8") as lines:
        for line in lines:
            with suppress(ValueError, TypeError):  # one that was not written to its end
                path, etag, size = parsed(line)
                known[path] = etag, size
    return known


def _is_there(copy: Path, url: Url, known: Mapping[str, tuple[str, int]], path: str) -> bool:
    try:
        size, version = copy.stat().st_size, url.asked()
    except OSError:
        return False
    return known.get(path) == (version.etag, size) and version.size in (None, size)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
