"""The sounds of an export -> files in its folder: as they are, or as WAV for samplers.

A sound that cannot be read is left out and named, and leaves no file. A disk that is full, or goes
away, ends the export.
"""

import errno
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from unicodedata import combining, normalize

from drumsort.audio.convert import is_plain_wav, to_wav
from drumsort.catalog import Entry
from drumsort.errors import DrumsortError
from drumsort.files.names import Names, portable, portable_file, why_not_allowed
from drumsort.kits.keys import PADS, label_of, on_keys
from drumsort.remote import Url

Progress = Callable[[int, int], None]
"""Called with the number of sounds that are done, and their total."""

FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
"""What a disk without room says."""

_NO_DISK = FULL | {errno.EROFS, errno.ENODEV, errno.ENXIO}


def copies(
    entries: Sequence[Entry], folder: Path, on_progress: Progress, *, mend_names: bool
) -> dict[Path, str]:
    """Copy each file to ``folder``; return path to one sentence for each that was left out.

    Args:
        entries: the sounds.
        folder: an empty folder.
        on_progress: see ``Progress``.
        mend_names: whether to change names that some disk or zip does not allow.

    Raises:
        OSError: the disk is full or gone.
    """
    wishes = [
        folder / (portable_file(entry.path.name) if mend_names else entry.path.name)
        for entry in entries
    ]
    names = Names(wishes)
    failures = {}
    for done, (entry, wish) in enumerate(zip(entries, wishes, strict=True), start=1):
        target = names.give(wish)
        try:
            _copy(entry.path, target)
        except OSError as error:
            with suppress(OSError):  # a name that is not allowed is none to remove, either
                target.unlink(missing_ok=True)
            if error.errno in _NO_DISK:
                raise
            failures[entry.path] = _not_copied(entry.path, target, error)
        else:
            with suppress(OSError):  # a disk that stores fewer attributes
                shutil.copystat(entry.path, target)
        on_progress(done, len(entries))
    return failures


def wavs(
    entries: Sequence[Entry], folder: Path, on_progress: Progress, pads: Mapping[int, Entry]
) -> tuple[list[tuple[int, str, str]], dict[Path, str]]:
    """Write each sound as a WAV to ``folder``; return key, label and file name of each.

    A sound on a pad of a kit (see ``on_keys``) has the label of the pad, so that what lies on the
    pads of hats cuts each other off.

    Raises:
        OSError: the disk is full or gone.
    """
    given, left_out = on_keys(entries, pads)
    played_as = {PADS[pad][0]: PADS[pad][1][0] for pad in pads}
    failures = {e.path: f"{e.path} is left out: all 128 keys are taken." for e in left_out}
    names = Names(folder / _plain(entry) for _, entry in given)
    sounds = []
    for done, (key, entry) in enumerate(given, start=1):
        target = names.give(folder / _plain(entry))
        try:
            if is_plain_wav(entry.path):
                _copy(entry.path, target)
            else:
                to_wav(entry.path, target)
            sounds.append((key, played_as.get(key) or label_of(entry), target.name))
        except DrumsortError as error:
            failures[entry.path] = str(error)
        except OSError as error:
            target.unlink(missing_ok=True)
            if error.errno in _NO_DISK or error.filename == str(target):
                raise
            failures[entry.path] = _unreadable(entry.path, error)
        on_progress(done, len(given))
    return sounds, failures


def _copy(path: Path, target: Path) -> None:
    if not isinstance(path, Url):
        shutil.copyfile(path, target)
        return
    with path.open("rb") as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def in_ascii(name: str) -> str:
    """``name`` without accents, and with ``_`` for other characters that are not ASCII."""
    letters = (c for c in normalize("NFKD", name) if not combining(c))
    return "".join(c if c.isascii() else "_" for c in letters)


def _plain(entry: Entry) -> str:
    """A file name that every player accepts: ASCII, without characters special to SFZ."""
    stem = portable(in_ascii(entry.path.stem))
    return f"{stem.translate(dict.fromkeys(map(ord, '$#='), '_'))}.wav"


def _not_copied(path: Path, target: Path, error: OSError) -> str:
    why = why_not_allowed(target.name, 255, windows=True)
    if error.errno in (errno.EINVAL, errno.EILSEQ) and (why or not _is_text(target.name)):
        return (
            f"The name of {path} {why or 'is no text'}, which this disk does not allow: "
            "'drumsort collections export --portable-names' replaces such characters."
        )
    return _unreadable(path, error)


def _is_text(name: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in name)


def _unreadable(path: Path, error: OSError) -> str:
    return (
        f"{path} cannot be copied ({error.strerror or error}): check that it exists, or scan its "
        "folder again."
    )
