"""Find sounds of a library: open it, understand the query, ask."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from drumsort.model.named import HINT
from drumsort.query.fields import ASKED
from drumsort.query.grammar import parse
from drumsort.query.kept import sounds_of
from drumsort.query.sounds import Sounds, Value
from drumsort.workflows.catalogs import Known, opened


class Found(Sequence[dict[str, Value]]):
    """What a query found: for each sound, a mapping from each field of ``ASKED`` to its value.

    Args:
        sounds: of the whole library.
        rows: which of them were found, in order.
    """

    def __init__(self, sounds: Sounds, rows: NDArray[np.intp]) -> None:
        self._sounds, self._rows = sounds, rows

    @property
    def ids(self) -> list[int]:
        """The numbers of the files in the catalog."""
        return [int(number) for number in self._sounds.ids[self._rows].tolist()]

    @property
    def paths(self) -> list[Path]:
        """The files."""
        return [Path(path) for path in self.values("path")]

    def values(self, field: str) -> list[Any]:
        """The ``Value`` of one field in each sound."""
        return self._sounds.values(field, self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for values in zip(*map(self.values, ASKED), strict=True):
            yield dict(zip(ASKED, values, strict=True))

    @overload
    def __getitem__(self, which: int) -> dict[str, Value]: ...
    @overload
    def __getitem__(self, which: slice) -> "Found": ...
    def __getitem__(self, which: int | slice) -> "dict[str, Value] | Found":
        if isinstance(which, slice):
            return Found(self._sounds, self._rows[which])
        (found,) = Found(self._sounds, self._rows[[which]])
        return found


def find(
    query: str, *, catalog: Known = None, policy: str = "balanced", names: str = HINT
) -> Found:
    """Find the sounds of a catalog that a query describes: ``label:kick length:..300ms loudness-``.

    The first query after a change of the catalog takes longer, because a file beside the catalog is
    brought up to date.

    Args:
        query: in the language of ``drumsort find``; an empty one finds everything.
        catalog: an open catalog or its path; the user's own by default.
        policy: how sure a verdict must be to stand.
        names: how its name counts in the verdict on a sound: ``hint``, ``ignore`` or ``trust``.

    Returns:
        The sounds, in the order of their paths unless the query sorts them.

    Raises:
        QueryError: the query is not understood; the message shows where.
        CatalogError: there is no catalog, or it cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    with opened(catalog) as known:
        sounds = sounds_of(known, policy, names)
    return Found(sounds, parse(query, sounds.names).rows(sounds))
