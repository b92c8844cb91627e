"""File names: unique even where case is ignored, and allowed on every disk."""

import re
from collections.abc import Iterable
from pathlib import Path
from unicodedata import normalize

_NUMBER = re.compile(r" \(\d+\)$")
_COPY = re.compile(r"\b(copy|copie|kopie|copia)\b|\(\d+\)$", re.IGNORECASE)
_WINDOWS_CHARACTERS = frozenset('<>:"/\\|?*') | {chr(code) for code in range(32)}
_WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{d}{n}" for d in ("com", "lpt") for n in "123456789"
}


def fold(name: str) -> str:
    """``name`` as a disk compares it that ignores case and Unicode composition."""
    return normalize("NFC", normalize("NFC", name).casefold())


def unnumbered(name: str) -> str:
    """``Kick (2).wav`` without its number: ``Kick.wav``."""
    path = Path(name)
    return _NUMBER.sub("", path.stem) + path.suffix


def is_called_a_copy(path: Path) -> bool:
    """Whether a file has a name that systems give to copies: ``Kick (2)``, ``Kick copy``."""
    return _COPY.search(path.stem) is not None


class Names:
    """Gives each file a unique path, even where case is ignored."""

    def __init__(self, wishes: Iterable[Path]) -> None:
        """Never give any of ``wishes`` out as a numbered name."""
        self._wished = {fold(str(wish)) for wish in wishes}
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def give(self, wish: Path) -> Path:
        """``wish`` itself the first time, then numbered names."""
        key = fold(str(wish))
        if key in self._given:
            return self.numbered(wish)
        self._given.add(key)
        return wish

    def numbered(self, wish: Path, *, is_folder: bool = False) -> Path:
        """The first of ``Kick (2).wav``, ``Kick (3).wav`` … not given or wished for yet.

        What follows a dot in the name of a folder is no extension: ``Kit v1.2 (2)``.
        """
        stem, suffix = (wish.name, "") if is_folder else (wish.stem, wish.suffix)
        key = fold(str(wish))
        number = self._next.get(key, 2)
        while True:
            path = wish.with_name(f"{stem} ({number}){suffix}")
            number += 1
            taken = fold(str(path))
            if taken not in self._wished and taken not in self._given:
                self._next[key] = number
                self._given.add(taken)
                return path


def why_not_allowed(name: str, limit: int, windows: bool) -> str:
    """Why a disk does not allow ``name``, or ``""``.

    Args:
        name: one component of a path.
        limit: length of the longest name, in bytes (on Windows in UTF-16 units).
        windows: whether the rules of Windows apply.
    """
    # Surrogates stand for bytes that are not valid text; both encodings must let them through.
    units = (
        len(name.encode("utf-16-le", "surrogatepass")) // 2
        if windows
        else len(name.encode("utf-8", "surrogateescape"))
    )
    if units > limit:
        return f"is {units} long, and at most {limit} are allowed"
    if not windows:
        return ""
    if bad := sorted(_WINDOWS_CHARACTERS & set(name)):
        return f"contains {' '.join(map(repr, bad))}"
    if name.split(".")[0].rstrip().lower() in _WINDOWS_DEVICES:
        return "is reserved by Windows"
    if name.endswith((".", " ")):
        return "ends with a dot or a space"
    return ""


def portable(name: str) -> str:
    """``name`` as a path component that every disk allows, on Windows too."""
    kept = "".join("_" if c in _WINDOWS_CHARACTERS or not c.isprintable() else c for c in name)
    kept = kept.strip(" .")[:100].rstrip(" .") or "_"
    return f"_{kept}" if why_not_allowed(kept, 255, windows=True) else kept


def portable_file(name: str) -> str:
    """The ``name`` of a file as every disk and every zip takes it; nearly all stay as they are."""
    is_text = not any("\ud800" <= c <= "\udfff" for c in name)
    if is_text and not any(why_not_allowed(name, 255, windows) for windows in (False, True)):
        return name
    path = Path(name)
    return portable(path.stem) + (f".{portable(path.suffix[1:])}" if path.suffix else "")
