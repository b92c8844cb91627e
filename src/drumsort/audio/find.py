"""Folder -> paths: which files are sounds, told by content as well as by name."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = frozenset([
    ".aac", ".aif", ".aifc", ".aiff", ".alac", ".ape", ".au", ".avr", ".bw64", ".caf", ".flac",
    ".m4a", ".mp2", ".mp3", ".mpc", ".ncw", ".oga", ".ogg", ".opus", ".paf", ".rex", ".rf64",
    ".rx2", ".sd2", ".sds", ".sf2", ".snd", ".sph", ".svx", ".tta", ".voc", ".w64", ".wav",
    ".wave", ".wma", ".wv", ".xi",
])  # fmt: skip
"""Names that promise sound. A file with such a name that cannot be read is reported."""

_MP3_WITHOUT_TAG = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2")
_MAGIC = (
    *(
        b"RIFF",
        b"RIFX",
        b"RF64",
        b"BW64",
        b"FORM",
        b"fLaC",
        b"OggS",
        b"caff",
        b".snd",
        b"ID3",
        b"riff",
    ),
    *_MP3_WITHOUT_TAG,
)
_MAGIC_AT_8 = {
    b"RIFF": b"WAVE",
    b"RIFX": b"WAVE",
    b"RF64": b"WAVE",
    b"BW64": b"WAVE",
    b"FORM": b"AIF",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to hear.

    Attributes:
        path: the file.
        root: the folder that was asked for; for a file asked for by name, its folder.
        in_folder: whether all sounds of its folder were asked for, which follow one another.
        origin: where it lay before it was sorted, if its company there is to count.
    """

    path: Path
    root: Path
    in_folder: bool = False
    origin: Path | None = None

    @property
    def place(self) -> Path:
        """The path that its company and its name are read from."""
        return self.origin or self.path


def find(paths: Iterable[Path]) -> Iterator[tuple[Source, bool]]:
    """Every file at or below ``paths``, in a stable order, and whether it is a sound.

    What is not a folder is taken at its word: it counts as a sound even where it does not exist,
    so that its error is reported; so is a folder that cannot be listed. What macOS leaves beside a
    sound ("._name.wav") is none. Symbolic links to folders are not followed.
    """
    for path in paths:
        if _is_folder(path):
            for file, sound in _walk(path):
                yield Source(file, path, in_folder=True), sound
        else:
            yield Source(path, path.parent), not _is_left_by_macos(path)


def is_sound(path: Path) -> bool:
    """Whether ``path`` is, or claims by its name to be, a sound file.

    A name that begins with "._" claims nothing, for macOS makes one such file beside each sound.
    """
    known = path.suffix.lower() in EXTENSIONS
    if known and not path.name.startswith("._"):
        return True
    try:
        with path.open("rb") as stream:
            return _looks_like_sound(stream.read(12))
    except OSError:
        return known


def _looks_like_sound(head: bytes) -> bool:
    inner = _MAGIC_AT_8.get(head[:4], b"")
    return head.startswith(_MAGIC) and head[8:].startswith(inner)


def _walk(top: Path) -> Iterator[tuple[Path, bool]]:
    """All files below ``top``, sorted by name, those of a folder before its sub-folders."""
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield folder, True
            continue
        for entry in found:
            if _is_file(entry):
                path = Path(entry.path)
                yield path, is_sound(path)
        folders += [Path(e.path) for e in reversed(found) if e.is_dir(follow_symlinks=False)]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # too long a name, a NUL in it, or a folder that is closed to us
        return False


def _is_left_by_macos(path: Path) -> bool:
    try:
        return path.name.startswith("._") and path.is_file() and not is_sound(path)
    except (OSError, ValueError):
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a symbolic link to itself, or into a folder that is closed to us
        return False
