"""Which tags are drumsort's to write: its own, and standard ones that nobody else has written.

Beside each standard tag that it writes, drumsort notes what it wrote. A tag with another value is
a person's, or another program's, and is neither changed nor taken out.
"""

import json
from collections.abc import Collection
from typing import Protocol

from drumsort.errors import SortError
from drumsort.taxonomy import NOT_A_DRUM
from drumsort.types import Tags

LABEL, FAMILY, WROTE = "DRUMSORT_LABEL", "DRUMSORT_FAMILY", "DRUMSORT_WROTE"
"""Names of the tags that are drumsort's alone; the last says what it wrote into the others."""

_MARKS = [name.encode(code) for name in (LABEL, WROTE) for code in ("ascii", "utf-16-le")]

COMMENT, GENRE, KEY, KEYWORDS = "comment", "genre", "key", "keywords"
"""The standard tags."""


def may_hold_tags(data: bytes) -> bool:
    """Whether there may be tags of drumsort's in a file, told by its bytes alone."""
    return any(mark in data for mark in _MARKS)


class TagError(SortError):
    """A file that cannot carry tags, or not safely."""


class Store(Protocol):
    """One place in a file that tags lie in.

    Attributes:
        fields: the standard tags that it can hold.
    """

    @property
    def fields(self) -> Collection[str]: ...

    def get(self, field: str) -> str:
        """The value of a tag, or ``""``; several are joined."""

    def set(self, field: str, value: str) -> None:
        """Write a tag, or take it out for ``""``."""


def put(tags: Tags, first: Store, *others: Store) -> bool:
    """Write ``tags`` into all stores of a file; return whether that changes anything.

    Args:
        tags: what to write.
        first: the store that holds drumsort's own tags.
        others: further stores, which hold some of the standard ones again.
    """
    before = _parsed(first.get(WROTE))
    wrote: dict[str, str] = {}
    changes: list[tuple[Store, str, str]] = []
    genre = "" if tags.family == NOT_A_DRUM else tags.family
    wanted = {COMMENT: tags.comment, GENRE: genre, KEY: tags.key, KEYWORDS: tags.keywords}
    for field, value in wanted.items():
        ours = before.get(field, "")
        values = [(one, one.get(field)) for one in (first, *others) if field in one.fields]
        free = all(now in ("", ours) for _, now in values)
        if field == COMMENT and tags.overwrite and value:
            free = True
        for store, now in values:
            new = value if free else "" if now == ours else now
            if new != now:
                changes.append((store, field, new))
        if free and value:
            wrote[field] = value
    text = json.dumps(wrote, separators=(",", ":")) if wrote else ""
    for field, new in ((LABEL, tags.label), (FAMILY, tags.family), (WROTE, text)):
        if new != first.get(field):
            changes.append((first, field, new))
    for store, field, new in changes:
        store.set(field, new)
    return bool(changes)


def _parsed(text: str) -> dict[str, str]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
