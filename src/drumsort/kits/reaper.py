"""Sounds -> a database of REAPER's Media Explorer, which lists files with what is known of them.

The format is not documented by its makers. This follows what others found out: M. Mespotine,
"Reaper Internals" (https://mespotin.uber.space/Ultraschall/Reaper-Filetype-Descriptions.html), and
programs that write such files. REAPER itself has not read it yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from drumsort.taxonomy import UNSURE

_FORBIDDEN = dict.fromkeys(map(ord, '"\n\r\0'))
_HALF = 1 << 32  # the size is two numbers of 32 bits


def entries(sounds: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A line for each file, and one for its tags; files that are gone are left out.

    Args:
        sounds: as ``find`` gives them.
    """
    for sound in sounds:
        path = Path(str(sound["path"]))
        with suppress(OSError):
            now = path.stat()
            name = str(path)
            if name.translate(_FORBIDDEN) != name:
                continue  # such a name cannot be written
            size = f"{now.st_size % _HALF} {now.st_size // _HALF}"
            yield f'FILE "{name}" {size} {int(now.st_mtime)}\n'
            if data := " ".join(_data(sound)):
                yield f"DATA {data}\n"


def _data(sound: Mapping[str, object]) -> Iterator[str]:
    """The tags, in the order in which REAPER expects them: u, d, g."""
    known = [str(sound[field]) for field in ("family", "label") if sound[field] != UNSURE]
    said = list(dict.fromkeys(name.replace("_", " ") for name in known))
    words = [*said, *([f"pack {sound['pack']}"] if sound["pack"] else [])]
    words += [word for word in str(sound["keyword"]).split(", ") if word]
    for letter, text in (
        ("u", "; ".join(words)),
        ("d", "".join(said[-1:])),
        ("g", "".join(said[:1])),
    ):
        if text:
            yield f'"{letter}:{text.translate(_FORBIDDEN)}"'
