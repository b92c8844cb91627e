"""The only code that writes to a user's files, in small steps that never overwrite anything.

All of it keeps one promise: at every instant, each file's content is complete under a name that is
not temporary.
"""

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from drumsort.errors import SortError
from drumsort.files.hashes import file_hash, points_to, same_content
from drumsort.files.names import fold
from drumsort.sorting.copying import copy_bytes
from drumsort.types import Way

Signatures = list[tuple[int, ...]]
"""Device, inode, size in bytes and modification time in nanoseconds of some files."""

Stamps = tuple[int, int]
"""Modification time in nanoseconds and permissions of a file."""

_BINARY: int = getattr(os, "O_BINARY", 0)
_WAITING = 8  # parallel flushes: a disk answers several requests with one flush
_UNSYNCABLE = {errno.EACCES, errno.EINVAL, errno.ENOTSUP, errno.EPERM}
_UNSTORABLE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM}
_LOCKED = stat.UF_IMMUTABLE | stat.UF_APPEND  # on macOS
_TRIES = 5
_IN_USE = {errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.ENOTEMPTY}  # or gone, or replaced


def part(run_id: str, index: int, target: Path) -> Path:
    """The temporary name beside ``target`` for one operation of a run."""
    return target.with_name(f".drumsort-{run_id}-{index}.part")


def make_folders(folder: Path, may: Callable[[], None] = lambda: None) -> set[Path]:
    """Create ``folder`` and its parents; return the folders whose entries this changed.

    Args:
        folder: the folder to create, unless it exists.
        may: called before one is created; it raises if none may be.

    Raises:
        OSError: one cannot be created.
    """
    if folder.is_dir():
        return set()
    may()
    changed = make_folders(folder.parent, may) | {folder.parent}
    folder.mkdir(exist_ok=True)
    return changed


def make_private(folder: Path) -> None:
    """Make a folder that only this user may look into.

    Raises:
        OSError: it cannot be made, or the name is taken.
    """
    folder.mkdir(mode=0o700)


def remove_private(folder: Path) -> None:
    """Remove a folder of ``make_private``, with what drumsort wrote into it."""
    shutil.rmtree(folder, ignore_errors=True)  # which leaves files and links alone


def is_there(path: Path) -> bool:
    """Whether there is a file, a folder or a link at ``path``.

    Raises:
        OSError: that cannot be told.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def copy(source: Path, temporary: Path) -> tuple[str, Way]:
    """Copy the bytes of ``source`` to ``temporary``, which must not exist.

    Returns:
        Their ``file_hash``, and how they were copied.

    Raises:
        OSError: the source cannot be read, the copy cannot be written, or the name is taken.
    """
    fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        original = os.open(source, os.O_RDONLY | _BINARY)
        try:
            return copy_bytes(original, fd)
        finally:
            os.close(original)
    finally:
        os.close(fd)


def write(temporary: Path, content: bytes) -> None:
    """Write ``content`` to ``temporary``, which must not exist.

    Raises:
        OSError: it cannot be written, or the name is taken.
    """
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(fd, left) :]
    finally:
        os.close(fd)


def keep_owner(temporary: Path, source: Path) -> None:
    """Give what takes the place of ``source`` the same owner and group.

    Raises:
        SortError: this user may not.
    """
    was, now = source.stat(), temporary.stat()
    if (was.st_uid, was.st_gid) == (now.st_uid, now.st_gid):
        return
    try:
        os.chown(temporary, was.st_uid, was.st_gid)
        temporary.chmod(stat.S_IMODE(now.st_mode))  # which a change of owner may narrow
    except OSError as error:
        raise SortError(
            f"{source} belongs to another user or group, so it was left as it is."
        ) from error


def stamp(temporary: Path, source: Path, stamps: Stamps | None = None) -> None:
    """Give a copy the times and permissions of ``source``, or those in ``stamps``.

    A disk that cannot store them at all, or not for this user, keeps the copy without them. Any
    other error is raised: what is not as it was must not pass unsaid.

    Raises:
        OSError: they cannot be set.
    """
    status = source.stat()
    mtime_ns, mode = stamps or (status.st_mtime_ns, stat.S_IMODE(status.st_mode))
    with contextlib.suppress(OSError):  # extended attributes and flags, where there are any
        shutil.copystat(source, temporary)
    with contextlib.suppress(OSError):
        _unlock(temporary)
    _set(lambda: temporary.chmod(mode))
    _set(lambda: os.utime(temporary, ns=(status.st_atime_ns, mtime_ns)))


def _unlock(temporary: Path) -> None:
    """Let a copy of a file that is locked, as the Finder calls it, get its name and its time."""
    change = getattr(os, "chflags", None)
    flags: int = getattr(temporary.stat(), "st_flags", 0)
    if change and flags & _LOCKED:
        change(temporary, flags & ~_LOCKED)


def _set(attribute: Callable[[], None]) -> None:
    for _ in range(_TRIES):
        try:
            attribute()
            return
        except InterruptedError:  # which Python repeats only for some calls
            continue
        except OSError as error:
            if error.errno not in _UNSTORABLE:
                raise
            return
    attribute()


def publish(temporary: Path, source: Path, target: Path, stamps: Stamps | None = None) -> None:
    """Give a finished copy of ``source`` its times, its permissions and its final name.

    Args:
        temporary: the copy.
        source: what it is a copy of.
        target: its final name.
        stamps: times and permissions that it gets instead of those of ``source``.

    Raises:
        FileExistsError: ``target`` exists.
        OSError: it cannot be renamed, or its time or permissions cannot be set.
    """
    stamp(temporary, source, stamps)
    if os.name == "nt":
        temporary.rename(target)  # never overwrites on Windows
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        _claim(temporary, target)
    else:
        discard(temporary)


def _claim(temporary: Path, target: Path) -> None:
    """Without hard links: claim the name with an empty file, then rename onto it."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600))
    try:
        temporary.replace(target)
    except OSError:
        target.unlink()
        raise


def discard(temporary: Path) -> None:
    """Remove a temporary file if possible."""
    with contextlib.suppress(OSError):
        temporary.unlink()


@contextlib.contextmanager
def no_rest(temporary: Sequence[Path]) -> Iterator[None]:
    """Remove temporary files, those of an earlier kill and those of the block, whatever happens."""
    for path in temporary:
        discard(path)
    try:
        yield
    finally:
        for path in temporary:
            discard(path)


def cannot_discard(temporary: Path) -> str:
    """Remove a temporary file if there is one; why that failed, or ``""``."""
    try:
        if is_there(temporary):
            temporary.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        return error.strerror or str(error)
    return ""


def settle(temporary: Path, target: Path, size: int) -> None:
    """Finish or remove what a kill left half done beside ``target``.

    A complete temporary file beside an empty target means that ``publish`` was killed between its
    claim and its rename. Any other temporary file is a copy of something that still exists.
    """
    if not is_there(temporary):
        return
    if _is_claim(target, temporary, size):
        temporary.replace(target)
    else:
        temporary.unlink()


def _is_claim(target: Path, temporary: Path, size: int) -> bool:
    if target.is_symlink() or not target.is_file() or target.samefile(temporary):
        return False
    return target.stat().st_size == 0 and temporary.stat().st_size == size


def link(source: Path, target: Path) -> None:
    """Give the file ``source`` the second name ``target``.

    Raises:
        FileExistsError: ``target`` exists.
        OSError: the disk does not support it.
    """
    os.link(os.path.realpath(source), target)


def symlink(source: Path, target: Path) -> None:
    """Make ``target`` point to ``source``.

    Raises:
        FileExistsError: ``target`` exists.
        OSError: the disk or the system does not support it.
    """
    target.symlink_to(source)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut.

    Raises:
        OSError: the disk reports a fault.
    """
    if os.name == "nt" and path.is_dir():  # Windows cannot sync folders
        return
    try:
        fd = os.open(path, (os.O_RDWR if os.name == "nt" else os.O_RDONLY) | _BINARY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        if error.errno not in _UNSYNCABLE:
            raise


def barrier(folders: Iterable[Path]) -> None:
    """Wait until the names in ``folders``, new and removed, would survive a power cut.

    Nothing may be recorded as done before this returns. A folder that is gone is left out.

    Raises:
        OSError: the disk reports a fault.
    """
    for fault in sync_all(list(set(folders))):
        if fault is not None and not isinstance(fault, FileNotFoundError | NotADirectoryError):
            raise fault


def sync_all(paths: Sequence[Path]) -> list[OSError | None]:
    """Call ``sync`` for each of ``paths``, several at a time; return the fault of each, if any."""

    def fault(path: Path) -> OSError | None:
        try:
            sync(path)
        except OSError as error:
            return error
        return None

    if len(paths) < 2:
        return [fault(path) for path in paths]
    try:
        with ThreadPoolExecutor(_WAITING) as pool:
            return list(pool.map(fault, paths))
    except RuntimeError:  # no thread can be started: there is little memory
        return [fault(path) for path in paths]


def unlink_symlink(target: Path, source: Path) -> None:
    """Remove ``target`` if it is still a symbolic link to ``source``.

    Raises:
        SortError: it is anything else.
        OSError: it cannot be removed.
    """
    if not points_to(target, source):
        raise SortError(f"{target} is no longer a link to {source}, so it was left as it is.")
    target.unlink()


def drop_symlink(path: Path, twin: Path, *, only_look: bool = False) -> None:
    """Remove the symbolic link ``path`` if ``twin`` leads to the same place, word for word.

    Args:
        path: the link to remove.
        twin: the link that stays.
        only_look: whether to stop after the proof.

    Raises:
        SortError: it does not; nothing is removed.
        OSError: either cannot be read, or ``path`` cannot be removed.
    """
    if not twin.is_symlink() or path.readlink() != twin.readlink():
        raise SortError(f"{path} leads elsewhere than {twin}, so it was left as it is.")
    if not only_look:
        path.unlink()


def drop(path: Path, twin: Path, digest: str = "", *, only_look: bool = False) -> None:
    """Remove the file ``path`` after proving that ``twin`` has the same content right now.

    Args:
        path: the file to remove; nothing happens if it is already gone.
        twin: the file that stays.
        digest: the ``file_hash`` that both must have, if known.
        only_look: whether to stop after the proof.

    Raises:
        SortError: the proof fails; nothing is removed.
        OSError: either file cannot be read, or ``path`` cannot be removed.
    """
    if not is_there(path):
        return
    if not twin.is_file():
        raise SortError(f"{twin} is gone, so {path} was left: it may be the only one.")
    if not stat.S_ISREG(path.lstat().st_mode):
        raise SortError(f"{path} is no longer a file, so it was left as it is.")
    before = signatures(path, twin)
    if digest and file_hash(path) != digest:
        raise SortError(f"{path} changed since it was sorted, so it was left as it is.")
    if path.samefile(twin):
        proved = path.lstat().st_nlink > 1 and not _one_entry(path, twin)
    else:
        proved = file_hash(twin) == digest if digest else same_content(path, twin)
    if not proved or signatures(path, twin) != before:
        raise SortError(
            f"{twin} has other content now, so {path} was left: it may be the only one."
        )
    if not only_look:
        path.unlink()


def drop_made(path: Path, cut_from: Path, digest: str, *, only_look: bool = False) -> None:
    """Remove ``path``, which drumsort cut from another sound, if both are as they are to be.

    Args:
        path: the file to remove.
        cut_from: the sound that it is a part of, which must be there.
        digest: the ``file_hash`` that ``path`` must have.
        only_look: whether to stop after the proof.

    Raises:
        SortError: the proof fails; nothing is removed.
        OSError: ``path`` cannot be read or removed.
    """
    if not cut_from.is_file():
        raise SortError(
            f"{cut_from} is gone, so {path} was left: it may be all that is left of it."
        )
    if not stat.S_ISREG(path.lstat().st_mode):
        raise SortError(f"{path} is no longer a file, so it was left as it is.")
    if file_hash(path) != digest:
        raise SortError(f"{path} changed since it was cut, so it was left as it is.")
    if not only_look:
        path.unlink()


def swap_for_link(path: Path, twin: Path, temporary: Path, known: tuple[int, int]) -> str:
    """Make ``path`` a hard link to ``twin`` in one step, after proving that they are the same.

    Args:
        path: leads to a complete file at every instant.
        twin: the file that stays.
        temporary: a free name beside ``path``.
        known: the size in bytes and the modification time in ns that ``path`` must have.

    Returns:
        Their ``file_hash``.

    Raises:
        SortError: the proof fails; ``path`` is unchanged.
        OSError: either file cannot be read, or the disk cannot link them.
    """
    if path.samefile(twin):
        return file_hash(twin)
    before = signatures(path, twin)
    if path.is_symlink() or before[0][2:] != known:
        raise SortError(f"{path} changed in the meantime, so it was left as it is.")
    link(twin, temporary)
    digest = file_hash(path)
    same = file_hash(temporary) == digest and temporary.samefile(twin)
    if not same or signatures(path, twin) != before:
        raise SortError(f"{path} does not have the same bytes as {twin}, so it was left as it is.")
    temporary.replace(path)
    return digest


def copy_with_stamps(
    path: Path, temporary: Path, mtime_ns: int, mode: int
) -> tuple[str, Signatures]:
    """Copy ``path`` to ``temporary``, a free name beside it, with the given time and permissions.

    Returns:
        The ``file_hash``, and what ``swap_for_copy`` needs to tell whether ``path`` changed.

    Raises:
        OSError: it cannot be read, or the copy cannot be written.
    """
    before = signatures(path)
    digest, _ = copy(path, temporary)
    stamp(temporary, path, (mtime_ns, mode))
    return digest, before


def swap_for_copy(path: Path, temporary: Path, before: Signatures) -> None:
    """Replace ``path`` with its copy in one step.

    Raises:
        SortError: ``path`` changed after it was copied; it is left as it is.
        OSError: the disk refuses.
    """
    if path.is_symlink() or signatures(path) != before:
        raise SortError(f"{path} changed just now, so it was left as it is.")
    temporary.replace(path)


def remove_folders(folders: Iterable[Path]) -> dict[Path, OSError]:
    """Remove those of ``folders`` that are empty, durably; children come before their parents.

    Returns:
        Folder to error for each that is empty, or may be, and could not be removed.

    Raises:
        OSError: the disk reports a fault.
    """
    removed: list[Path] = []
    left: dict[Path, OSError] = {}
    for folder in folders:
        try:
            folder.rmdir()
            removed.append(folder)
        except OSError as error:
            if error.errno not in _IN_USE:
                left[folder] = error
    barrier(folder.parent for folder in removed)
    return left


def signatures(*paths: Path) -> Signatures:
    """What shows that any of ``paths`` changed, or leads to another file.

    Raises:
        OSError: one of them cannot be looked at.
    """
    stats = [path.stat() for path in paths]
    return [(s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns) for s in stats]


def _one_entry(path: Path, twin: Path) -> bool:
    """Whether two paths lead to the same directory entry, so that removing one removes both."""
    path = Path(os.path.realpath(path.parent)) / path.name
    twin = Path(os.path.realpath(twin))
    return fold(path.name) == fold(twin.name) and path.parent.samefile(twin.parent)
