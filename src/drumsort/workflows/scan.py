"""Bring a catalog up to date: look at every file, hear those that changed, remember them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from drumsort.audio.find import Source, find
from drumsort.audio.left_out import LeftOut
from drumsort.audio.part import Part
from drumsort.catalog import Catalog, Sweep, Writer, default_path, gone, writer_lock
from drumsort.catalog import repair as repair_file
from drumsort.catalog.contents import Content
from drumsort.catalog.ids import roots as known_roots
from drumsort.catalog.known_models import use
from drumsort.catalog.library import LibraryFolder
from drumsort.catalog.library import folders as folders_of
from drumsort.catalog.writer import Kind
from drumsort.files.identity import identity, leads_to_folder
from drumsort.model.named import IGNORE
from drumsort.remote import Url, is_url, resolved
from drumsort.types import Result
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.classify import Classifier
from drumsort.workflows.progress import QUIET, Progress, Step

_EVERY = 100  # files looked at between two reports


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found; each file counts once.

    Attributes:
        catalog: the file that remembers it.
        model: the id of the model that listened.
        heard: how many files were new or changed, or new to this model.
        unchanged: how many files were left alone because they did not change.
        moved: how many files were known at another path where they no longer are.
        twins: how many files were not heard because another file with the same bytes was.
        missing: how many files are gone since the last scan; the catalog keeps what it knows of
            them.
        failures: path to one sentence for each file that could not be heard.
        replaced: how many files elsewhere are gone while their sound is in the folders scanned, as
            after these were renamed.
        absent: folders that are not there; what is known of their files did not change.
        gone: other folders that were scanned once and are not there.
        vanished: those of the failures that were there when they were found, and not any more when
            they were to be heard.
    """

    catalog: Path
    model: str
    heard: int = 0
    unchanged: int = 0
    moved: int = 0
    twins: int = 0
    missing: int = 0
    failures: Mapping[Path, str] = field(default_factory=dict)
    replaced: int = 0
    absent: tuple[Path, ...] = ()
    gone: tuple[Path, ...] = ()
    vanished: tuple[Path, ...] = ()


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    catalog: Known = None,
    model: str | os.PathLike[str] | None = None,
    ear: str = "second",
    exclude: Sequence[str] = (),
    hidden: bool = False,
    part: Part | None = None,
    workers: int | None = None,
    progress: Progress = QUIET,
) -> Scan:
    """Bring a catalog up to date with every sound at or below ``paths``.

    Results are written once a second, so a scan that was stopped, even by a power cut, continues
    from there. A file is heard again if its size or its time of change differs, if it could not be
    heard before, or if this model has not heard it yet by this ear; what was heard of it earlier
    stands until then.

    Args:
        paths: a folder, or several; or their URLs in stores.
        catalog: an open catalog or its path; the user's own by default. A new one is made where
            there is none.
        model: a model folder; the shipped one by default.
        ear: ``second`` asks a second, larger network about sounds that the first is not sure of, if
            the model has one; ``quick`` never does.
        exclude: what to leave out, as in ``.gitignore``; it counts as gone if it was known.
        hidden: whether to look into hidden folders, too.
        part: looks at no other files than these, and leaves all else as it was.
        workers: how many processes hear at the same time; one for each core by default.
        progress: receives the steps ``LOOK`` and ``LISTEN``.

    Returns:
        What was found.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be read or written, or another scan is filling it.
        DrumsortError: there is no such ear.
    """
    left_out = LeftOut(exclude, hidden)
    # The catalog keeps what the network says by itself; company and names count when it is read.
    folder = Path(model) if model is not None else None
    classifier = Classifier(folder, ear=ear, company=False, names=IGNORE)
    if not isinstance(catalog, Catalog):
        path = Path(catalog if catalog is not None else default_path()).resolve()
        with writer_lock(path), Catalog(path) as one:
            return _scan(_listed(paths), one, classifier, left_out, part, workers, progress)
    with writer_lock(catalog.path):
        return _scan(_listed(paths), catalog, classifier, left_out, part, workers, progress)


def library(catalog: Known = None) -> list[LibraryFolder]:
    """List the folders of the library: those that were scanned, and where their files were moved.

    Args:
        catalog: an open catalog or its path; the user's own by default.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
    """
    with opened(catalog) as one:
        return folders_of(one)


def forget(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, catalog: Known = None
) -> int:
    """Make a catalog forget the files at or below ``paths`` that are gone for good.

    What was heard of them is forgotten too, unless another file holds the same audio, a person
    named it, or it is in a collection. Corrections and collections stay.

    Args:
        paths: a folder, or several; they need not exist any more.
        catalog: an open catalog or its path; the user's own by default.

    Returns:
        How many files were forgotten.

    Raises:
        CatalogError: there is no catalog, it cannot be read or written, another drumsort is filling
            it, or it knows no file in one of the folders.
    """
    with opened(catalog) as one, writer_lock(one.path):
        return gone.forget(one, _listed(paths))


def repair(catalog: Path | None = None) -> tuple[Path, int]:
    """Replace a damaged catalog by a new one, and carry over what a person said.

    Args:
        catalog: its path; the user's own by default.

    Returns:
        The path where the old file is kept, and how many corrections were carried over.

    Raises:
        CatalogError: there is no catalog, another drumsort is filling it, or it cannot be replaced.
    """
    path = catalog or default_path()
    with writer_lock(path):
        return repair_file(path)


def _listed(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    return [resolved(path) for path in listed]


def _scan(
    roots: list[Path],
    catalog: Catalog,
    classifier: Classifier,
    left_out: LeftOut,
    part: Part | None,
    workers: int | None,
    progress: Progress,
) -> Scan:
    number = use(catalog, classifier.bundle)
    sweep = Sweep(catalog, number)
    there = {root: identity(root) for root in roots if _is_there(root, sweep)}
    new = []
    progress.at(Step.LOOK, 0)
    for done, source in enumerate(_sounds(there, left_out, part), start=1):
        if sweep.is_new(source):
            new.append(source)
        if done % _EVERY == 0:
            progress.at(Step.LOOK, done)
    # What is below a drive that went meanwhile is not gone.
    stayed = [root for root, before in there.items() if identity(root) == before]
    sweep.end(stayed, part)
    progress.at(Step.LISTEN, 0, len(new))
    failures: dict[Path, str] = {}
    vanished: list[Path] = []
    with Writer(catalog, number, library=True) as writer:
        for done, (result, twin) in enumerate(_heard(classifier, sweep, new, workers), start=1):
            if result.error is not None:
                failures[result.path] = result.error
                if not result.mtime_ns:
                    vanished.append(result.path)
            if result.ok or twin or not _may_be_folder(result.path):  # one that cannot be listed
                writer.add(result, twin)
            progress.at(Step.LISTEN, done, len(new))
    replaced = gone.mark_replaced(catalog, stayed if part is None else _folders_of(part))
    return Scan(
        catalog=catalog.path,
        model=classifier.bundle.id,
        heard=writer.counts[Kind.HEARD],
        unchanged=sweep.unchanged,
        moved=writer.counts[Kind.MOVED],
        twins=writer.counts[Kind.TWIN],
        missing=sweep.missing(),
        failures=failures,
        replaced=replaced,
        absent=tuple(root for root in roots if root not in stayed),
        gone=tuple(
            root
            for root in known_roots(catalog)
            if root not in roots and not is_url(root) and not gone.may_be_there(root)
        ),
        vanished=tuple(vanished),
    )


def _sounds(roots: Iterable[Path], left_out: LeftOut, part: Part | None) -> Iterator[Source]:
    return (source for source, is_sound in find(roots, left_out, part) if is_sound)


def _folders_of(part: Part) -> set[Path]:
    return {*part.folders, *(tree if leads_to_folder(tree) else tree.parent for tree in part.trees)}


def _may_be_folder(path: Path) -> bool:
    """Whether it is a folder, or a place in a store that was never said to be none."""
    if isinstance(path, Url):
        return path.version is None or path.version.folder
    return leads_to_folder(path)


def _is_there(root: Path, sweep: Sweep) -> bool:
    """Whether a folder is there; one that lost all its files is taken for an unplugged drive."""
    if not isinstance(root, Url) and identity(root) is None:
        return False
    try:
        return not root.is_dir() or any(root.iterdir()) or not sweep.knows(root)
    except OSError:
        return True  # find() says what is wrong with it


def _heard(
    classifier: Classifier, sweep: Sweep, new: Iterable[Source], workers: int | None
) -> Iterator[tuple[Result, Content | None]]:
    """Hear each new file, except the twins of files that were heard before."""
    twins: list[tuple[Result, Content]] = []

    def unknown() -> Iterator[Source]:
        for source in new:
            if twin := sweep.twin(source):
                twins.append(twin)
            else:
                yield source

    for result in classifier.classify_all(unknown(), workers, facts=True):
        yield from _taken(twins)
        yield result, None
    yield from _taken(twins)


def _taken(twins: list[tuple[Result, Content]]) -> Iterator[tuple[Result, Content]]:
    while twins:
        yield twins.pop()
