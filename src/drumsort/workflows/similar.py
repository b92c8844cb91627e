"""The order of a search: look a file up, hear it if need be, find what sounds like it."""

import os
from pathlib import Path

from drumsort.alike.similar import Neighbours, Sound
from drumsort.audio.find import Source
from drumsort.catalog import Catalog, Entry
from drumsort.errors import AudioError, CatalogError
from drumsort.model.bundle import Bundle
from drumsort.workflows.classify import Ear


def similar(
    file: str | os.PathLike[str],
    n: int = 20,
    family: str | None = None,
    *,
    catalog: Catalog | str | os.PathLike[str] | None = None,
    model: str | os.PathLike[str] | None = None,
    policy: str = "balanced",
) -> list[tuple[Entry, float]]:
    """The sounds of a catalog that sound most like a file, the most alike first.

    The file need not be in the catalog; it is heard then, and not remembered. It is not its own
    neighbour, nor are others with the same audio; of those that share theirs, one is given. The
    first search after a scan takes longer: a file beside the catalog is brought up to date.

    Args:
        file: the sound.
        n: how many; fewer are given where there are fewer.
        family: only sounds of this one, as corrected or else as heard.
        catalog: an open one, or its path; that in the user's data folder by default.
        model: a model folder; the shipped one by default.
        policy: how sure a verdict must be to stand.

    Returns:
        Entries and how alike they are: the cosine of the angle between embeddings, -1 to 1.

    Raises:
        AudioError: the file cannot be heard.
        BundleError: the model folder cannot be used.
        CatalogError: there is no catalog, it cannot be read, or it knows no sound of this model.
        DrumsortError: the model has no such family or policy.
    """
    if not isinstance(catalog, Catalog):
        with Catalog(catalog, create=False) as opened:
            return similar(file, n, family, catalog=opened, model=model, policy=policy)
    folder = Path(model) if model is not None else None
    bundle = Bundle.load(folder)
    if not bundle.outputs.get("embedding"):
        raise CatalogError(
            f"The model {bundle.name} has no embedding, so it cannot say what sounds alike: name "
            "another with --model."
        )
    neighbours = Neighbours(catalog, bundle.id)
    sound = neighbours.known(Path(file)) or _heard(Path(file), folder)
    return neighbours.nearest(sound.embedding, n, family, policy=policy, without=sound.audio_hash)


def _heard(path: Path, model: Path | None) -> Sound:
    result = Ear(model).hear(Source(path, path.parent), facts=True)
    if result.prediction is None or result.prediction.embedding is None or result.facts is None:
        raise AudioError(result.error or f"{path} cannot be heard.")
    return Sound(result.facts.audio_hash, result.prediction.embedding)
