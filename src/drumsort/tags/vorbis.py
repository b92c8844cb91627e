"""Vorbis comments, as FLAC, Ogg Vorbis and Opus have them. mutagen reads and writes them."""

from mutagen import FileType

from drumsort.tags.owned import COMMENT, FAMILY, GENRE, KEY, KEYWORDS, LABEL, WROTE

_NAMES = {
    COMMENT: ("COMMENT", "DESCRIPTION"),  # programs read either
    GENRE: ("GENRE",),
    KEY: ("INITIALKEY",),
    KEYWORDS: ("KEYWORDS",),
    **{name: (name,) for name in (LABEL, FAMILY, WROTE)},
}
"""Field to the names that it has here; the first is written."""


class Comments:
    """The comments of an open file, as a ``Store``.

    Args:
        file: opened by mutagen; it gets comments if it has none.
    """

    fields = (COMMENT, GENRE, KEY, KEYWORDS)

    def __init__(self, file: FileType) -> None:
        if file.tags is None:
            file.add_tags()
        self._tags = file.tags

    def get(self, field: str) -> str:
        return "\n".join(v for name in _NAMES[field] for v in self._tags.get(name, ()))

    def set(self, field: str, value: str) -> None:
        for name in _NAMES[field]:
            if name in self._tags:
                del self._tags[name]
        if value:
            self._tags[_NAMES[field][0]] = value
