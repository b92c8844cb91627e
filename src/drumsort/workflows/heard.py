"""Paths that a person names -> files whose sounds are known: looked up, or heard on the spot."""

from collections.abc import Iterable
from pathlib import Path

from drumsort.audio.find import Source, find
from drumsort.catalog import Catalog
from drumsort.catalog.within import is_known
from drumsort.workflows.classify import Classifier
from drumsort.workflows.progress import QUIET, Progress


def heard(
    catalog: Catalog, paths: Iterable[Path], progress: Progress = QUIET
) -> tuple[list[Path], dict[Path, str]]:
    """Make sure that a catalog knows the sounds at some paths, whatever folder they are in.

    A file of the library is known, and so is a copy that has the time of its original. Any other
    is heard now and remembered by its bytes. A folder stands for all sounds in it; one that is not
    there, as on a drive that is away, for those that were scanned.

    Args:
        catalog: an open catalog.
        paths: files and folders.
        progress: receives the step ``LISTEN`` if something has to be heard.

    Returns:
        The files, each once, and path to one sentence for each file that cannot be heard and each
        folder without sounds.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    files: dict[Path, None] = {}
    new: list[Source] = []
    failures: dict[Path, str] = {}
    for path in paths:
        there = path.exists()
        found = [source for source, is_sound in find([path]) if is_sound] if there else []
        if there and not found:
            failures[path] = f"There is no sound in {path}: name a file, or another folder."
        for source in found:
            if source.path not in files and not is_known(catalog, source.path):
                new.append(source)
            files[source.path] = None
        if not there:
            known = [path] if is_known(catalog, path) else _scanned_in(catalog, path)
            files.update(dict.fromkeys(known))
            if not known:
                failures[path] = f"{path} does not exist: name a file or a folder that does."
    failures |= _hear(catalog, new, progress)
    return [file for file in files if file not in failures], failures


def _scanned_in(catalog: Catalog, folder: Path) -> list[Path]:
    return [entry.path for entry in catalog.entries(folder) if entry.facts]


def _hear(catalog: Catalog, new: list[Source], progress: Progress) -> dict[Path, str]:
    if not new:
        return {}
    failures: dict[Path, str] = {}
    classifier = Classifier(catalog=catalog, progress=progress)
    for result in classifier.classify_all(new, facts=True, total=len(new)):
        if result.error is not None:
            failures[result.path] = result.error
    return failures
