"""Collections: lists of sounds that a person keeps, and what is made of them."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from starlette.responses import Response

from drumsort.catalog import Catalog
from drumsort.catalog.collections import Collection, Collections
from drumsort.catalog.ids import id_of, paths_of
from drumsort.kits import Kind
from drumsort.web.answers import Refused, as_json, shown
from drumsort.web.asked import Asked, expanded
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.studio import Studio
from drumsort.workflows.export_collection import export_collection

Change = Callable[[Collections, int, Iterable[Path]], Mapping[Path, str]]


def make(studio: Studio, asked: Asked) -> Response:
    """``POST /api/collections``."""
    with studio.shelf.writing() as catalog:
        return as_json(as_dict(Collections(catalog).make(asked.text("name"))))


def add(studio: Studio, asked: Asked) -> Response:
    """``POST /api/collections/N/add``."""
    return _changed(studio, asked, Collections.add)


def remove(studio: Studio, asked: Asked) -> Response:
    """``POST /api/collections/N/remove``."""
    return _changed(studio, asked, Collections.remove)


def rename(studio: Studio, asked: Asked) -> Response:
    """``POST /api/collections/N/rename``."""
    with studio.shelf.writing() as catalog:
        number = _number(catalog, asked)
        return as_json(as_dict(Collections(catalog).rename(number, asked.text("name"))))


def delete(studio: Studio, asked: Asked) -> Response:
    """``POST /api/collections/N/delete``."""
    with studio.shelf.writing() as catalog:
        Collections(catalog).delete(_number(catalog, asked))
    return as_json({})


def one(studio: Studio, asked: Asked) -> Response:
    """``GET /api/collections/N``."""
    with studio.catalog() as catalog:
        number = _number(catalog, asked)
        kept = Collections(catalog).get(number)
        files, lost = Collections(catalog).files(number)
        ids = [id_of(catalog, path) for path in files]
    return as_json(
        {
            "number": number,
            "name": kept.name,
            "ids": [id_ for id_ in ids if id_ is not None],
            "missing": len(lost),
        }
    )


def exported(studio: Studio, asked: Asked) -> Response:
    """``POST /api/collections/N/export``."""
    into = expanded(asked.text("into"))
    if not into.is_absolute():
        raise Refused(400, "Name the folder to export into in full.")
    kind = asked.text("kind")
    if kind not in list(Kind):
        raise Refused(400, f"'kind' is none of {', '.join(Kind)}.")
    with studio.catalog() as catalog:
        number = _number(catalog, asked)

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        made = export_collection(number, kind, into, catalog=studio.path, progress=progress)
        sentence = _made(shown(made.path), made.count, made.total, len(made.lost))
        gone = (f"{shown(path)} is gone." for path in made.lost)
        return sentence, [*gone, *made.failures.values()]

    return as_json(studio.jobs.begin("export", "Exporting", work).as_dict())


def as_dict(collection: Collection) -> dict[str, Any]:
    """A collection, as the page sees it."""
    return {
        "number": collection.number,
        "name": collection.name,
        "count": collection.count,
    }


def _made(path: str, count: int, total: int, lost: int) -> str:
    """What became of an export; where not all is in it, how much is and what is gone."""
    if count == total:
        return f"Made {path}."
    gone = f": {lost:,} {'file is' if lost == 1 else 'files are'} gone" if lost else ""
    return f"Made {path} with {count:,} of {total:,} sounds{gone}."


def _changed(studio: Studio, asked: Asked, change: Change) -> Response:
    ids = asked.ids()
    with studio.shelf.writing() as catalog:
        number, kept = _number(catalog, asked), Collections(catalog)
        before = kept.get(number).count
        failures = change(kept, number, paths_of(catalog, ids).values())
        now = as_dict(kept.get(number))
    changed = abs(now["count"] - before)
    return as_json({**now, "changed": changed, "failures": [*failures.values()][:100]})


def _number(catalog: Catalog, asked: Asked) -> int:
    number = asked.id()
    if number not in {collection.number for collection in Collections(catalog).all()}:
        raise Refused(404, "There is no such collection.")
    return number
