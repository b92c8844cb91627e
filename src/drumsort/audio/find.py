"""Folder -> paths: which files are sounds, told by content as well as by name."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drumsort.audio.left_out import USUAL, LeftOut, Rules
from drumsort.audio.part import Part
from drumsort.remote import Url
from drumsort.remote.place import Entry

EXTENSIONS = frozenset([
    ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".alac", ".amr", ".ape", ".au", ".avr", ".bw64",
    ".caf", ".dff", ".dsf", ".eac3", ".flac", ".m4a", ".m4b", ".mka", ".mp2", ".mp3", ".mpc",
    ".ncw", ".oga", ".ogg", ".opus", ".paf", ".rex", ".rf64", ".rx2", ".sd2", ".sds", ".sf2",
    ".snd", ".sph", ".svx", ".tak", ".tta", ".voc", ".w64", ".wav", ".wave", ".wma", ".wv", ".xi",
])  # fmt: skip
"""Names that promise sound. A file with such a name that cannot be read is reported."""

NO_SOUND = "not a sound"
LEFT_BY_MACOS = "not a sound: macOS leaves it beside a file"
ARCHIVE = "an archive: unpack it to sort what is in it"
UNFINISHED = "a download that is not finished"
"""Why a file is left alone."""

_ARCHIVES = frozenset([".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip"])

_DOWNLOAD = ".download"  # Safari makes a folder of this name
_UNFINISHED = (".part", ".partial", ".crdownload", ".opdownload", _DOWNLOAD, ".!ut", ".tmp")
_JUNCTION = 0xA0000003  # Windows' IO_REPARSE_TAG_MOUNT_POINT; a folder of OneDrive has another
_LISTED_AHEAD = 16  # folders of a store whose lists are asked for while others are looked at

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

    @property
    def below(self) -> Path:
        """The same from ``root`` downwards, where words count."""
        place = self.place
        return place.relative_to(self.root) if self.root in place.parents else Path(place.name)


def find(
    paths: Iterable[Path], leave_out: LeftOut = USUAL, part: Part | None = None
) -> Iterator[tuple[Source, bool]]:
    """Every file at or below ``paths``, in a stable order, and whether it is a sound.

    What is left out as a whole folder is not among them; see ``survey``.
    """
    for source, why in survey(paths, leave_out, part):
        if why in ("", NO_SOUND, LEFT_BY_MACOS, ARCHIVE, UNFINISHED):
            yield source, not why


def survey(
    paths: Iterable[Path], leave_out: LeftOut = USUAL, part: Part | None = None
) -> Iterator[tuple[Source, str]]:
    """Every file at or below ``paths``, in a stable order, and why it is left alone.

    With a ``part``, only what belongs to it; nothing else is looked at.

    ``""`` stands for a sound. What is not a folder is taken at its word: it counts as a sound even
    where it does not exist, so that its error is reported; so is a folder that cannot be listed.
    What macOS leaves beside a sound ("._name.wav") is none. Symbolic links to folders, and
    junctions of Windows, are not followed. A folder that is left out as a whole is one of the
    files.
    """
    for path in paths:
        if _is_folder(path):
            for file, why in _walk(path, leave_out, part):
                yield Source(file, path, in_folder=True), why
        else:
            yield Source(path, path.parent), LEFT_BY_MACOS if _is_left_by_macos(path) else ""


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


def is_archive(path: Path) -> bool:
    """Whether ``path`` claims by its name to hold other files."""
    return path.suffix.lower() in _ARCHIVES


def _walk(top: Path, left_out: LeftOut, part: Part | None) -> Iterator[tuple[Path, str]]:
    """All files below ``top``, sorted by name, those of a folder before its sub-folders."""
    rules = Rules(top, left_out)
    folders = [top] if part is None or part.leads_into(top) else []
    while folders:
        folder = folders.pop()
        try:
            found = sorted(_entries(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder, ""
            continue
        rules.enter(folder, (entry.name for entry in found))
        inside = []
        downloading = any(_promises_more(entry.name) for entry in found)
        for entry in found:
            is_folder = entry.is_dir(follow_symlinks=False) and not _is_junction(entry)
            if not is_folder and not _is_file(entry):
                continue
            path = entry.url if isinstance(entry, Entry) else Path(entry.path)
            if part and not (part.leads_into(path) if is_folder else path in part):
                continue
            if why := rules.why_not(path, is_folder):
                yield path, why
            elif is_folder and entry.name.lower().endswith(_DOWNLOAD):
                yield path, UNFINISHED
            elif is_folder:
                inside.append(path)
            elif downloading and (_promises_more(entry.name) or _is_empty(entry)):
                yield path, UNFINISHED
            else:
                yield path, _why_no_sound(path)
        folders += reversed(inside)
        for url in folders[-_LISTED_AHEAD:]:
            if isinstance(url, Url):
                url.list_ahead()


def _entries(folder: Path) -> Sequence[os.DirEntry[str] | Entry]:
    if isinstance(folder, Url):
        return folder.scan()
    with os.scandir(folder) as entries:
        return list(entries)


def _why_no_sound(path: Path) -> str:
    if is_sound(path):
        return ""
    if path.name.startswith("._"):
        return LEFT_BY_MACOS
    return ARCHIVE if is_archive(path) else NO_SOUND


def _promises_more(name: str) -> bool:
    """Whether a program gives this name to a file that is still to grow."""
    return name.lower().endswith(_UNFINISHED)


def _is_empty(entry: os.DirEntry[str] | Entry) -> bool:
    """Whether a file may only keep the place of one that is still being downloaded beside it."""
    try:
        return entry.stat().st_size == 0
    except OSError:
        return False


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


def _is_junction(entry: os.DirEntry[str] | Entry) -> bool:
    """Whether a folder is, on Windows, a junction: another folder, maybe one around it."""
    if isinstance(entry, Entry):
        return False
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return getattr(status, "st_reparse_tag", 0) == _JUNCTION


def _is_file(entry: os.DirEntry[str] | Entry) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a symbolic link to itself, or into a folder that is closed to us
        return False
