"""From sounds to embeddings, in batches."""

import os
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import DrumsortError
from drumsort.model.named import IGNORE
from drumsort.types import Result
from drumsort.workflows.classify import classify
from drumsort.workflows.given import Sounds


@dataclass(frozen=True, slots=True)
class Embeddings:
    """What the network says of some sounds, as vectors: neighbours sound alike.

    Attributes:
        paths: the files.
        vectors: shape ``(len(paths), d)``, float32, each of unit length.
        failures: path to one sentence for each file that could not be heard.
    """

    paths: list[Path]
    vectors: NDArray[np.float32]
    failures: dict[Path, str] = field(default_factory=dict)


def embed(
    sounds: Sounds | Iterable[Sounds],
    *,
    batch: int = 256,
    model: str | os.PathLike[str] | None = None,
    workers: int | None = None,
) -> Generator[Embeddings, None, None]:
    """Give the embedding of every sound, some at a time, while later ones are being heard.

    Args:
        sounds: as for ``classify``.
        batch: how many files there are in each part, but the last.
        model: a model folder; the shipped one by default.
        workers: how many processes hear at the same time; one for each core by default.

    Raises:
        BundleError: the model folder cannot be used.
        DrumsortError: the model has no embedding, or ``batch`` is below 1.
    """
    if batch < 1:
        raise DrumsortError(f"A batch of {batch} files is empty: choose 1 or more.")
    # The embedding is the quick network's, of the sound alone: nothing need be waited for.
    results = classify(
        sounds, model=model, ear="quick", workers=workers, company=False, names=IGNORE
    )
    return _batches(results, batch)


def _batches(
    results: Generator[Result, None, None], size: int
) -> Generator[Embeddings, None, None]:
    with closing(results):
        while some := list(islice(results, size)):
            heard = [(r.path, r.prediction.embedding) for r in some if r.prediction]
            vectors = [vector for _, vector in heard if vector is not None]
            if len(vectors) < len(heard):
                raise DrumsortError("This model has no embedding: use the one that ships.")
            yield Embeddings(
                [path for path, _ in heard],
                np.stack(vectors) if vectors else np.zeros((0, 0), np.float32),
                {r.path: r.error for r in some if r.error is not None},
            )
