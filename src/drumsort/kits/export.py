"""An export: make all of it in a hidden folder, then give it its name."""

import os
import shutil
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from drumsort.catalog import Entry
from drumsort.errors import DrumsortError, SortError
from drumsort.files.lock import lock, locked, open_lock_file
from drumsort.files.names import Names, portable
from drumsort.kits.decent import preset
from drumsort.kits.hydrogen import drumkit
from drumsort.kits.mpc import drum_program
from drumsort.kits.samples import FULL, Progress, copies, in_ascii, wavs
from drumsort.kits.sfz import sfz
from drumsort.sorting import disk


class Kind(StrEnum):
    """The kinds of export."""

    FOLDER = "folder"
    ZIP = "zip"
    SFZ = "sfz"
    DECENT = "decent"
    HYDROGEN = "hydrogen"
    MPC = "mpc"


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
    *,
    pads: Mapping[int, Entry] | None = None,
    portable_names: bool = False,
) -> Export:
    """Export sounds for another program or another person.

    A folder or a zip contains the files as they are, in a zip under names that every disk allows.
    An SFZ instrument, a Decent Sampler preset, a Hydrogen drumkit or an MPC drum program contains
    each as WAV in mono or stereo, on the key of its pad, or else where General MIDI has its kind;
    there are 128 keys.

    Args:
        entries: the sounds, each with its file.
        name: the name of the export; numbered if it is taken.
        kind: what to make.
        into: the folder to put it in.
        on_progress: called with the number of sounds that are done, and their total.
        pads: of a kit: pad, from 0, to the sound on it.
        portable_names: whether files in a folder get names that every disk allows; in all other
            kinds of export, they do.

    Returns:
        What was made, and which sounds are missing.

    Raises:
        DrumsortError: there is no such kind, no sound is given or can be read, or ``into`` is full
            or cannot be written; then nothing is left in it.
    """
    if kind not in list(Kind):
        raise DrumsortError(f"There is no kind {str(kind)!r}: choose one of {', '.join(Kind)}.")
    if not entries:
        raise DrumsortError(f"There is no sound in {name!r}, so there is nothing to export.")
    title = portable(name)
    with _staged(into) as stage:
        folder = stage / title
        folder.mkdir()
        done = _MAKERS[Kind(kind)](
            _Job(entries, pads or {}, title, folder, on_progress, portable_names)
        )
        if not done.count:
            raise DrumsortError(next(iter(done.failures.values())))
        return Export(_named(done.path, into), done.count, done.failures)


def _folder(job: "_Job") -> Export:
    failures = copies(job.entries, job.folder, job.on_progress, mend_names=job.portable_names)
    return Export(job.folder, len(job.entries) - len(failures), failures)


def _zip(job: "_Job") -> Export:
    failures = copies(job.entries, job.folder, job.on_progress, mend_names=True)
    path = job.folder.with_name(f"{job.title}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for file in sorted(job.folder.iterdir()):
            archive.write(file, f"{job.title}/{file.name}")
    return Export(path, len(job.entries) - len(failures), failures)


def _sfz(job: "_Job") -> Export:
    regions, failures = _beside(job)
    text = sfz(job.title, regions)
    (job.folder / f"{job.title}.sfz").write_text(text, encoding="utf-8", newline="\n")
    return Export(job.folder, len(regions), failures)


def _decent(job: "_Job") -> Export:
    sounds, failures = _beside(job)
    (job.folder / f"{job.title}.dspreset").write_bytes(preset(sounds))
    return Export(job.folder, len(sounds), failures)


def _mpc(job: "_Job") -> Export:
    sounds, failures = wavs(job.entries, job.folder, job.on_progress, job.pads)
    (job.folder / f"{in_ascii(job.title)}.xpm").write_bytes(drum_program(job.title, sounds))
    return Export(job.folder, len(sounds), failures)


def _beside(job: "_Job") -> tuple[list[tuple[int, str, str]], Mapping[Path, str]]:
    """Write the sounds to a folder of their own: key, label and path of each, and failures."""
    samples = job.folder / "samples"
    samples.mkdir()
    sounds, failures = wavs(job.entries, samples, job.on_progress, job.pads)
    return [(key, label, f"{samples.name}/{file}") for key, label, file in sounds], failures


def _hydrogen(job: "_Job") -> Export:
    sounds, failures = wavs(job.entries, job.folder, job.on_progress, job.pads)
    (job.folder / "drumkit.xml").write_bytes(drumkit(job.title, sounds))
    path = job.folder.with_name(f"{job.title}.h2drumkit")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(job.folder, in_ascii(job.title))
    return Export(path, len(sounds), failures)


@dataclass(frozen=True, slots=True)
class _Job:
    """What to put into an empty ``folder`` called ``title``."""

    entries: Sequence[Entry]
    pads: Mapping[int, Entry]
    title: str
    folder: Path
    on_progress: Progress
    portable_names: bool


_MAKERS: Mapping[Kind, Callable[[_Job], Export]] = {
    Kind.FOLDER: _folder,
    Kind.ZIP: _zip,
    Kind.SFZ: _sfz,
    Kind.DECENT: _decent,
    Kind.HYDROGEN: _hydrogen,
    Kind.MPC: _mpc,
}


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
        if error.errno in FULL:
            raise SortError(
                f"The disk of {into} is full, so nothing was exported: make room on it, or choose "
                "another folder."
            ) from error
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
        try:
            age = time.time() - (stage / _LOCK).stat().st_mtime
        except OSError:  # of another kind, or only just made, or gone
            continue
        if age < _JUST_MADE:  # and not locked yet, it may be
            continue
        fd = open_lock_file(stage / _LOCK)
        try:
            is_free = locked(fd)
        finally:
            os.close(fd)
        if is_free or (is_free is None and age > _LONGEST):
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
_JUST_MADE = 60.0  # seconds
_LONGEST = 24 * 3600.0  # seconds that an export takes, where the disk does not say whether it runs


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
            target = names.numbered(into / made.name, is_folder=made.is_dir())
