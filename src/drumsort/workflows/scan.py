"""The order of a scan: look at every file, hear those that changed, remember them."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from drumsort.audio.find import Source, find
from drumsort.catalog import Catalog, Sweep, Writer, default_path, gone
from drumsort.catalog.ids import roots as known_roots
from drumsort.catalog.known_models import use
from drumsort.catalog.writer import Kind, Twin
from drumsort.catalog.writer_lock import writer_lock
from drumsort.types import Result
from drumsort.workflows.classify import Ear

Progress = Callable[[int, int | None], None]

_STEP = 100  # files looked at between two words about it


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found; each file counts once.

    Attributes:
        catalog: the file that remembers it.
        model: the id of the model that listened.
        heard: how many files were new or changed, or new to this model.
        unchanged: how many were not, so that nothing was done.
        moved: how many were known from another place where they are no longer.
        twins: how many need not be heard, for another file with the same bytes was.
        missing: how many are gone since the last scan; the catalog keeps what it knows of them.
        failures: path to one sentence for each file that could not be heard.
        absent: folders that are not there, so that nothing was done about their files.
        gone: other folders that were scanned once and are not there.
    """

    catalog: Path
    model: str
    heard: int = 0
    unchanged: int = 0
    moved: int = 0
    twins: int = 0
    missing: int = 0
    failures: Mapping[Path, str] = field(default_factory=dict)
    absent: tuple[Path, ...] = ()
    gone: tuple[Path, ...] = ()


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    catalog: Catalog | str | os.PathLike[str] | None = None,
    model: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    on_found: Progress = lambda done, total: None,
    on_heard: Progress = lambda done, total: None,
) -> Scan:
    """Bring a catalog up to date with every sound at or below ``paths``.

    What was heard is written once a second, so that a scan which was stopped, however hard, goes
    on from there. A file is heard again when its size or time of change differs from what is
    known, when it could not be heard before, or when this model has not heard it yet; what an
    earlier model said of it stands until then.

    Args:
        paths: a folder, or several.
        catalog: an open one, or its path; that in the user's data folder by default. One that does
            not exist is begun.
        model: a model folder; the shipped one by default.
        workers: files heard at the same time; one for each core by default.
        on_found: called with the number of files looked at so far.
        on_heard: called with the number of files heard so far, and of those to hear.

    Returns:
        What was found.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be read or written, or another scan is filling it.
    """
    if not isinstance(catalog, Catalog):
        place = Path(catalog if catalog is not None else default_path()).resolve()
        with writer_lock(place), Catalog(place) as opened:
            return _scan(_listed(paths), opened, model, workers, on_found, on_heard)
    with writer_lock(catalog.path):
        return _scan(_listed(paths), catalog, model, workers, on_found, on_heard)


def forget(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    catalog: Catalog | str | os.PathLike[str] | None = None,
) -> int:
    """Let a catalog forget the files at or below ``paths`` that are gone for good.

    What was heard of them goes too, unless another file holds the same audio, a person named it, or
    it is in a collection. Corrections and collections stay.

    Args:
        paths: a folder, or several; they need not be there any more.
        catalog: an open one, or its path; that in the user's data folder by default.

    Returns:
        How many files were forgotten.

    Raises:
        CatalogError: there is no catalog, it cannot be read or written, another drumsort is filling
            it, or it knows no file in one of the folders.
    """
    if not isinstance(catalog, Catalog):
        with Catalog(catalog, create=False) as opened:
            return forget(paths, catalog=opened)
    with writer_lock(catalog.path):
        return gone.forget(catalog, _listed(paths))


def _listed(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    return [Path(os.path.realpath(path)) for path in listed]


def _scan(
    roots: list[Path],
    catalog: Catalog,
    model: str | os.PathLike[str] | None,
    workers: int | None,
    on_found: Progress,
    on_heard: Progress,
) -> Scan:
    ear = Ear(Path(model) if model is not None else None)
    number = use(catalog, ear.bundle)
    sweep = Sweep(catalog, number)
    absent = tuple(root for root in roots if not _is_there(root, sweep))
    there = [root for root in roots if root not in absent]
    new = []
    for done, source in enumerate(_sounds(there), start=1):
        if sweep.is_new(source):
            new.append(source)
        if done % _STEP == 0:
            on_found(done, None)
    sweep.end(there)
    failures: dict[Path, str] = {}
    with Writer(catalog, number, failures=True) as writer:
        for done, (result, twin) in enumerate(_heard(ear, sweep, new, workers), start=1):
            if result.error is not None:
                failures[result.path] = result.error
            if result.ok or twin or not result.path.is_dir():  # one that cannot be listed
                writer.add(result, twin)
            on_heard(done, len(new))
    return Scan(
        catalog=catalog.path,
        model=ear.bundle.id,
        heard=writer.counts[Kind.HEARD],
        unchanged=sweep.unchanged,
        moved=writer.counts[Kind.MOVED],
        twins=writer.counts[Kind.TWIN],
        missing=sweep.missing(),
        failures=failures,
        absent=absent,
        gone=tuple(
            root for root in known_roots(catalog) if root not in roots and not root.exists()
        ),
    )


def _sounds(roots: Iterable[Path]) -> Iterator[Source]:
    return (source for source, is_sound in find(roots) if is_sound)


def _is_there(root: Path, sweep: Sweep) -> bool:
    """Whether a folder is there; one that lost all it had is a drive that is not plugged in."""
    if not root.exists():
        return False
    try:
        return not root.is_dir() or any(root.iterdir()) or not sweep.knows(root)
    except OSError:
        return True  # let finding it say what is wrong


def _heard(
    ear: Ear, sweep: Sweep, new: Iterable[Source], workers: int | None
) -> Iterator[tuple[Result, Twin | None]]:
    """What is in each new file; twins of files that were heard are not heard, and come earlier."""
    twins: list[tuple[Result, Twin]] = []

    def unknown() -> Iterator[Source]:
        for source in new:
            if twin := sweep.twin(source):
                twins.append(twin)
            else:
                yield source

    for result in ear.hear_all(unknown(), workers, facts=True):
        yield from _taken(twins)
        yield result, None
    yield from _taken(twins)


def _taken(twins: list[tuple[Result, Twin]]) -> Iterator[tuple[Result, Twin]]:
    while twins:
        yield twins.pop()
