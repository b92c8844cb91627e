"""All sounds of a catalog as columns, which answer a query in milliseconds."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from drumsort.files.names import fold
from drumsort.query.fields import ASKED, Kind

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
"""Columns of ``Sounds``, and their texts."""

Value: TypeAlias = str | float | bool | None
"""Of a field; ``None`` if it is unknown."""

_NUL = "\0"  # no path and no name has it, so it parts texts


class Texts:
    """A text for each sound, each different one once.

    Args:
        codes: shape ``(n,)``: which of the texts each sound has; they sort as the sounds do.
        shown: gives the texts.
        folded: gives the same as ``files.names.fold`` makes them.
    """

    def __init__(
        self,
        codes: NDArray[Any],
        shown: Callable[[], Sequence[str]],
        folded: Callable[[], Sequence[str]],
    ) -> None:
        self.codes = codes
        self._shown, self._folded = shown, folded

    @cached_property
    def shown(self) -> Sequence[str]:
        """The texts."""
        return self._shown()

    @cached_property
    def folded(self) -> Sequence[str]:
        """The texts, folded."""
        return self._folded()

    def containing(self, folded: str) -> NDArray[np.bool_]:
        """The sounds whose folded text contains this, shape ``(n,)``."""
        return np.asarray(np.array([folded in text for text in self.folded], bool)[self.codes])

    def equal_to(self, folded: str) -> NDArray[np.bool_]:
        """The sounds whose folded text is this, shape ``(n,)``."""
        return np.asarray(np.array([folded == text for text in self.folded], bool)[self.codes])

    def listing(self, folded: str) -> NDArray[np.bool_]:
        """The sounds whose folded text is this, or lists it between commas, shape ``(n,)``."""
        wanted = f", {folded}, "
        found = [wanted in f", {text}, " for text in self.folded]
        return np.asarray(np.array(found, bool)[self.codes])

    def chosen(self, rows: NDArray[np.intp]) -> list[str]:
        """The texts of some sounds."""
        return [self.shown[code] for code in self.codes[rows].tolist()]

    @staticmethod
    def of(field: str, texts: Sequence[str]) -> Arrays:
        """One text for each sound, as arrays that ``read`` takes."""
        known = sorted(set(texts), key=lambda text: (fold(text), text))
        codes = {text: code for code, text in enumerate(known)}
        kind = np.min_scalar_type(len(known))
        return Texts.coded(field, np.array([codes[text] for text in texts], kind), known)

    @staticmethod
    def coded(field: str, codes: NDArray[Any], shown: Iterable[str]) -> Arrays:
        """Texts whose codes are known, as arrays that ``read`` takes."""
        shown = list(shown)
        return {
            field: codes,
            f"{field}.shown": _packed(shown),
            f"{field}.folded": _packed(map(fold, shown)),
        }

    @classmethod
    def read(cls, field: str, arrays: Arrays) -> "Texts":
        """The texts of a field."""
        shown, folded = arrays[f"{field}.shown"], arrays[f"{field}.folded"]
        return cls(arrays[field], lambda: _parted(shown), lambda: _parted(folded))


class Sounds:
    """The sounds of a catalog that were heard and are not missing, in path order.

    Attributes:
        arrays: as given.

    Args:
        arrays: for each field of a kind that is no text, its values, shape ``(n,)``; an unknown one
            is NaN. For each other field, except ``path``, and for ``BRANCH``, what ``Texts.of``
            returns. ``"id"`` has the numbers of the files in the catalog, int64.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self._texts: dict[str, Texts] = {}

    def __len__(self) -> int:
        return len(self.arrays["confidence"])

    @property
    def ids(self) -> NDArray[np.int64]:
        """The numbers of the files in the catalog, shape ``(n,)``."""
        return self.arrays["id"]

    @property
    def names(self) -> Mapping[str, Collection[str]]:
        """Each field of the kind ``NAME`` and the names that it may have, for ``grammar.parse``."""
        named = (field for field, asked in ASKED.items() if asked.kind is Kind.NAME)
        return {field: self.texts(field).shown for field in named}

    def numbers(self, field: str) -> NDArray[Any]:
        """The values of a field, shape ``(n,)``; an unknown one is NaN."""
        return self.arrays[field]

    def texts(self, field: str) -> Texts:
        """The texts of a field."""
        if field not in self._texts:
            if field == "path":
                shown, folded = partial(self._paths, "shown"), partial(self._paths, "folded")
                self._texts[field] = Texts(np.arange(len(self)), shown, folded)
            else:
                self._texts[field] = Texts.read(field, self.arrays)
        return self._texts[field]

    def order(self, field: str) -> NDArray[np.float64]:
        """Numbers that sort as the values of a field do, shape ``(n,)``; unknown ones are NaN."""
        text = ASKED[field].kind.is_text
        return (self.texts(field).codes if text else self.numbers(field)).astype(np.float64)

    def values(self, field: str, rows: NDArray[np.intp]) -> list[Any]:
        """The ``Value`` that a field has in some rows."""
        kind = ASKED[field].kind
        if field == "path":
            folders, names = self.values("folder", rows), self.values("name", rows)
            return [f"{folder}{os.sep}{name}" for folder, name in zip(folders, names, strict=True)]
        if kind.is_text:
            return self.texts(field).chosen(rows)
        values = self.numbers(field)[rows]
        if kind is Kind.DAY:
            return [None if value != value else _when(value) for value in values.tolist()]
        if kind is Kind.YES:
            return list(values.astype(bool).tolist())
        return [None if value != value else value for value in values.tolist()]

    def _paths(self, form: str) -> list[str]:
        """All paths, ``shown`` or ``folded``."""
        folders, names = self.texts("folder"), self.texts("name")
        starts = [f"{folder}{os.sep}" for folder in getattr(folders, form)]
        ends = getattr(names, form)
        codes = zip(folders.codes.tolist(), names.codes.tolist(), strict=True)
        return [starts[folder] + ends[name] for folder, name in codes]


def _when(seconds: float) -> str:
    """Unix time as ISO 8601, in the time zone of this machine."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")


def _packed(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer(os.fsencode(_NUL.join(texts)), np.uint8)


def _parted(packed: NDArray[np.uint8]) -> list[str]:
    return os.fsdecode(packed.tobytes()).split(_NUL)
