"""An export: make all of it in a hidden folder, then give it its name."""

import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from unicodedata import combining, normalize

from drumsort.audio.convert import is_plain_wav, to_wav
from drumsort.catalog import Entry
from drumsort.errors import DrumsortError, SortError
from drumsort.files.lock import lock, open_lock_file
from drumsort.files.names import Names, portable
from drumsort.kits.hydrogen import drumkit
from drumsort.kits.keys import label_of, on_keys
from drumsort.kits.sfz import sfz
from drumsort.sorting import disk

Progress = Callable[[int, int], None]


class Kind(StrEnum):
    """The kinds of export."""

    FOLDER = "folder"
    ZIP = "zip"
    SFZ = "sfz"
    HYDROGEN = "hydrogen"


@dataclass(frozen=True, slots=True)
class Export:
    """The result of an export.

    Attributes:
        path: the folder or file.
        count: number of sounds in it.
        failures: path to one sentence for each sound that is missing.
    """

    path: Path
    count: int
    failures: Mapping[Path, str] = field(default_factory=dict)


def export(
    entries: Sequence[Entry],
    name: str,
    kind: Kind | str,
    into: Path,
    on_progress: Progress = lambda done, total: None,
) -> Export:
    """Export sounds for another program or another person.

    A folder or a zip contains the files as they are. An SFZ instrument or a Hydrogen drumkit
    contains each as WAV, on the key where General MIDI has its kind; there are 128 keys.

    Args:
        entries: the sounds, each with its file.
        name: the name of the export; numbered if it is taken.
        kind: what to make.
        into: the folder to put it in.
        on_progress: called with the number of sounds that are done, and their total.

    Returns:
        What was made, and which sounds are missing.

    Raises:
        DrumsortError: there is no such kind, no sound is given or can be read, or ``into`` cannot
            be written.
    """
    if kind not in list(Kind):
        raise DrumsortError(f"There is no kind {str(kind)!r}: choose one of {', '.join(Kind)}.")
    if not entries:
        raise DrumsortError(f"There is no sound in {name!r}, so there is nothing to export.")
    title = portable(name)
    with _staged(into) as stage:
        folder = stage / title
        folder.mkdir()
        done = _MAKERS[Kind(kind)](entries, title, folder, on_progress)
        if not done.count:
            raise DrumsortError(next(iter(done.failures.values())))
        return Export(_named(done.path, into), done.count, done.failures)


def _copies(entries: Sequence[Entry], title: str, folder: Path, on_progress: Progress) -> Export:
    names = Names([folder / entry.path.name for entry in entries])
    failures = {}
    for done, entry in enumerate(entries, start=1):
        target = names.give(folder / entry.path.name)
        try:
            shutil.copy2(entry.path, target)
        except OSError as error:
            failures[entry.path] = _unreadable(entry, error)
            target.unlink(missing_ok=True)
        on_progress(done, len(entries))
    return Export(folder, len(entries) - len(failures), failures)


def _zip(entries: Sequence[Entry], title: str, folder: Path, on_progress: Progress) -> Export:
    copies = _copies(entries, title, folder, on_progress)
    path = folder.with_name(f"{title}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{title}/{_text(file.name)}")
    return Export(path, copies.count, copies.failures)


def _sfz(entries: Sequence[Entry], title: str, folder: Path, on_progress: Progress) -> Export:
    samples = folder / "samples"
    samples.mkdir()
    sounds, failures = _wavs(entries, samples, on_progress)
    regions = [(key, label, f"samples/{file}") for key, label, file in sounds]
    (folder / f"{title}.sfz").write_text(sfz(title, regions), encoding="utf-8", newline="\n")
    return Export(folder, len(sounds), failures)


def _hydrogen(entries: Sequence[Entry], title: str, folder: Path, on_progress: Progress) -> Export:
    sounds, failures = _wavs(entries, folder, on_progress)
    (folder / "drumkit.xml").write_bytes(drumkit(title, sounds))
    path = folder.with_name(f"{title}.h2drumkit")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, _ascii(title))
    return Export(path, len(sounds), failures)


_MAKERS: Mapping[Kind, Callable[[Sequence[Entry], str, Path, Progress], Export]] = {
    Kind.FOLDER: _copies,
    Kind.ZIP: _zip,
    Kind.SFZ: _sfz,
    Kind.HYDROGEN: _hydrogen,
}


def _wavs(
    entries: Sequence[Entry], folder: Path, on_progress: Progress
) -> tuple[list[tuple[int, str, str]], dict[Path, str]]:
    """Write each sound as a WAV to ``folder``; return key, label and file name of each."""
    given, left_out = on_keys(entries)
    failures = {e.path: f"{e.path} is left out: all 128 keys are taken." for e in left_out}
    names = Names(folder / _plain(entry) for _, entry in given)
    sounds = []
    for done, (key, entry) in enumerate(given, start=1):
        target = names.give(folder / _plain(entry))
        try:
            if is_plain_wav(entry.path):
                shutil.copyfile(entry.path, target)
            else:
                to_wav(entry.path, target)
            sounds.append((key, label_of(entry), target.name))
        except DrumsortError as error:
            failures[entry.path] = str(error)
        except OSError as error:
            failures[entry.path] = _unreadable(entry, error)
        on_progress(done, len(given))
    return sounds, failures


def _plain(entry: Entry) -> str:
    """A file name that every player accepts: ASCII, without characters special to SFZ."""
    stem = portable(_ascii(entry.path.stem))
    return f"{stem.translate(dict.fromkeys(map(ord, '$#='), '_'))}.wav"


def _ascii(name: str) -> str:
    """``name`` without accents, and with ``_`` for other characters that are not ASCII."""
    letters = (c for c in normalize("NFKD", name) if not combining(c))
    return "".join(c if c.isascii() else "_" for c in letters)


def _text(name: str) -> str:
    """A file name as valid text."""
    return name.encode("utf-8", "replace").decode()


def _unreadable(entry: Entry, error: OSError) -> str:
    return (
        f"{entry.path} cannot be copied ({error.strerror or error}): check that it exists, or scan "
        "its folder again."
    )


@contextmanager
def _staged(into: Path) -> Iterator[Path]:
    """A hidden folder in ``into`` that is always removed at the end."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        _sweep(into)
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=into))
        try:
            with _claimed(stage):
                yield stage
        finally:
            _remove(stage)
    except OSError as error:
        raise SortError(
            f"{into} cannot be written ({error.strerror or error}): choose another folder."
        ) from error


@contextmanager
def _claimed(stage: Path) -> Iterator[None]:
    """Lock ``stage``, so that no other export takes it for the rest of a kill."""
    fd = open_lock_file(stage / _LOCK)
    try:
        lock(fd)
        yield
    finally:
        os.close(fd)


def _sweep(into: Path) -> None:
    """Remove what exports left that were killed."""
    for stage in into.glob(f"{_STAGE}*"):
        if not (stage / _LOCK).is_file():  # of another kind, or only just made
            continue
        fd = open_lock_file(stage / _LOCK)
        try:
            left = lock(fd)
        finally:
            os.close(fd)
        if left:
            _remove(stage)


def _remove(stage: Path) -> None:
    """Remove a folder even if Ctrl-C comes meanwhile, once; then it comes after that."""
    try:
        shutil.rmtree(stage, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(stage, ignore_errors=True)
        raise


_STAGE = ".drumsort-export-"
_LOCK = ".lock"


def _named(made: Path, into: Path) -> Path:
    """Give ``made`` a free name in ``into``."""
    names = Names(into.iterdir())
    target = into / made.name
    while True:
        try:
            if made.is_dir():
                if os.name != "nt":  # outside Windows, a folder replaces an empty one
                    target.mkdir()
                made.rename(target)
            else:
                disk.publish(made, made, target)
            return target
        except FileExistsError:
            target = names.numbered(into / made.name)
