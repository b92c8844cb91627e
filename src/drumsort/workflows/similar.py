"""Find what sounds like a sound: look it up, or hear it, then search the catalog."""

import os
from collections.abc import Mapping
from pathlib import Path

from drumsort.alike.aspects import Weights, parsed
from drumsort.alike.similar import Neighbours, Sound
from drumsort.audio.find import Source
from drumsort.catalog import Entry
from drumsort.errors import AudioError, CatalogError
from drumsort.model.bundle import Bundle
from drumsort.remote import as_path
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.classify import Classifier
from drumsort.workflows.given import Given, as_file, name_of
from drumsort.workflows.progress import QUIET, Progress, Step

LARGE = 2_000_000
"""Sounds from which on an index is worth its making: one by one, they take over 50 ms a search."""


def similar(
    file: str | os.PathLike[str] | Given,
    n: int = 20,
    family: str | None = None,
    *,
    by: Mapping[str, float] | Weights | None = None,
    catalog: Known = None,
    model: str | os.PathLike[str] | None = None,
    ear: str = "second",
    policy: str = "balanced",
    progress: Progress = QUIET,
) -> list[tuple[Entry, float]]:
    """Find the sounds of a catalog that are most like a file, the most alike first.

    A file that the catalog does not know is heard, and not remembered. The file itself and others
    with the same audio are left out; of other files that share their audio, one is given. The first
    search after a scan takes longer, because a file beside the catalog is brought up to date. With
    an index (``build_index``), a search among millions takes some ms; one in a hundred of the
    sounds that it finds may not be the very nearest.

    Args:
        file: the sound: its path, samples with their rate, or a file that is open for reading.
        n: how many to find; there may be fewer.
        family: find only sounds of this family, as corrected or else as heard.
        by: how much each aspect counts: ``timbre``, ``pitch``, ``length``, ``level``,
            ``brightness``. By default the sounds are compared as a whole.
        catalog: an open catalog or its path; the user's own by default.
        model: a model folder; the shipped one by default.
        ear: by which the sounds were heard, ``second`` or ``quick``.
        policy: how sure a verdict must be to stand.
        progress: is warned where an index would help, or cannot be used.

    Returns:
        Entries and their similarity: the cosine between the embeddings, -1 to 1. By aspects, 1 is
        the same, and 0.5 as far apart as two drums typically are.

    Raises:
        AudioError: the file cannot be heard.
        BundleError: the model folder cannot be used.
        CatalogError: there is no catalog, it cannot be read, or it knows no sound of this model.
        DrumsortError: there is no such ear or aspect, the model has no such family or policy, or
            only pitch counts and the sound has none.
    """
    weights = parsed(",".join(f"{name}={weight}" for name, weight in (by or {}).items()))
    folder = Path(model) if model is not None else None
    with opened(catalog) as known:
        neighbours = Neighbours(known, _bundle(folder, ear).id)
        if isinstance(file, str | os.PathLike):
            path = as_path(file)
            sound = neighbours.known(path) or _heard(path, path, folder, ear)
        else:
            with as_file(file, name_of(file, 1)) as path:
                sound = _heard(path, name_of(file, 1), folder, ear)
        one_by_one = len(neighbours) - neighbours.indexed
        if neighbours.trouble:
            progress.warn(neighbours.trouble)
        elif one_by_one > LARGE and weights is None:
            progress.warn(
                f"{one_by_one:,} sounds were compared one by one: 'drumsort similar --build-index' "
                "makes that quick."
            )
        return neighbours.nearest(sound, n, family, by=weights, policy=policy)


def build_index(
    *,
    catalog: Known = None,
    model: str | os.PathLike[str] | None = None,
    ear: str = "second",
    progress: Progress = QUIET,
) -> int:
    """Make the index by which ``similar`` and the page find what is alike among millions of sounds.

    It is a file beside the catalog. What is scanned later is found without being in it; made anew,
    it has that, too.

    Args:
        catalog: an open catalog or its path; the user's own by default.
        model: a model folder; the shipped one by default.
        ear: by which the sounds were heard, ``second`` or ``quick``.
        progress: receives the step ``INDEX``.

    Returns:
        How many sounds are in it.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: there is no catalog, it cannot be read, it knows no sound of this model, or
            there is no room beside it.
        DrumsortError: there is no such ear, or faiss is not installed.
    """
    folder = Path(model) if model is not None else None
    with opened(catalog) as known:
        neighbours = Neighbours(known, _bundle(folder, ear).id)
        neighbours.build_index(lambda done, total: progress.at(Step.INDEX, done, total))
        return neighbours.indexed


def _bundle(folder: Path | None, ear: str) -> Bundle:
    bundle = Bundle.load(folder, ear)
    if not bundle.outputs.get("embedding"):
        raise CatalogError(
            f"The model {bundle.name} has no embedding, so it cannot say what sounds alike: "
            "name another with --model."
        )
    return bundle


def _heard(path: Path, name: Path, model: Path | None, ear: str) -> Sound:
    result = Classifier(model, ear=ear).classify(Source(path, path.parent), facts=True)
    if result.prediction is None or result.prediction.embedding is None or result.facts is None:
        raise AudioError((result.error or f"{path} cannot be heard.").replace(str(path), str(name)))
    return Sound.of(result.facts, result.prediction.embedding)
