"""Download of the labelled sounds that models learn from, from where they are published."""

import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from queue import SimpleQueue
from tempfile import mkdtemp
from threading import Thread
from urllib.parse import quote

import polars as pl
import requests
import soundfile

from drumsort.errors import DataError, DrumsortError
from drumsort.lab.data import web
from drumsort.lab.data.disk import DiskError, ensure_room, writing
from drumsort.lab.data.download import download
from drumsort.lab.data.manifest import Manifest
from drumsort.lab.data.prepare import prepare
from drumsort.lab.files import write_table

GITHUB = "https://raw.githubusercontent.com"

SHIPPED = Path(__file__).with_name("manifest.parquet")
"""The manifest of these sounds; its ``origin`` says where each of them comes from."""

WORKERS = 8
"""How many files are downloaded at a time."""

PATIENCE = 2.0
"""Seconds that downloads get to end after Ctrl-C."""

TOLERANCE = 0.005
"""Seconds by which a sound may be longer or shorter than the one the model learned from."""

_ROUNDED = 0.001  # s; durations are known less exactly than a sample

_ORIGIN = re.compile(  # repository, commit, path; a preset or a key of a bank is no sound file
    r"([^/@:\s]+/[^/@:\s]+)@([0-9a-f]{7,40}):(.+\.(?:wav|flac|ogg|mp3|aiff?))", re.IGNORECASE
)


@dataclass(frozen=True)
class Fact:
    """What is known of one sound.

    Attributes:
        path: relative to the data folder.
        origin: where it comes from.
        url: its address, or ``""`` if it is not a file of its own.
        duration_s: in seconds.
        samplerate: in Hz.
    """

    path: str
    origin: str
    url: str
    duration_s: float
    samplerate: int


@dataclass(frozen=True)
class Rebuilt:
    """The result of a rebuild.

    Attributes:
        there: how many sounds are there now.
        differing: paths of those with another length or rate than the model learned from.
        unobtainable: origins of sounds that are not published as files.
        failures: one sentence for each that could not be fetched or read.
    """

    there: int
    differing: Sequence[str]
    unobtainable: Sequence[str]
    failures: Sequence[str]


def rebuild(
    folder: Path,
    base_url: str = GITHUB,
    sources: Collection[str] = (),
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    shipped: Path = SHIPPED,
) -> Rebuilt:
    """Download the sounds into ``folder`` and prepare them; what is there stays as it is.

    ``manifest.csv`` is written last, with a row for each sound that is there.

    Args:
        folder: made if it does not exist.
        base_url: of ``GITHUB``, or a server with the same interface.
        sources: to fetch; all if empty.
        on_progress: called with how many files are there or have failed, and their total.
        shipped: the manifest of the sounds.

    Raises:
        UnreachableError: no connection, or the server stays busy; what was fetched stays.
        DiskError: no room, or writing fails; what was fetched stays.
        DataError: there is no such source, or ``folder`` holds a manifest of other sounds.
    """
    table = pl.read_parquet(shipped)
    _refuse_others(folder, set(table["path"]))
    facts = _facts(table, sources, base_url)
    wanted = [fact for fact in facts if fact.url]
    missing = [fact for fact in wanted if not (folder / fact.path).exists()]
    failures = []
    with (
        _scratch() as scratch,
        writing(folder),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        ensure_room(folder, int(sum(2 * fact.duration_s * fact.samplerate for fact in missing)))
        already = len(wanted) - len(missing)
        on_progress(already, len(wanted))

        def fetch(fact: Fact, session: requests.Session) -> str | None:
            return _fetch(fact, folder, scratch, session)

        for done, failure in enumerate(_in_parallel(fetch, missing), start=already + 1):
            if failure:
                failures.append(failure)
            on_progress(done, len(wanted))
        _write_manifest(folder, table)
    there = [fact for fact in wanted if (folder / fact.path).exists()]
    return Rebuilt(
        len(there),
        [fact.path for fact in there if _differs(folder / fact.path, fact)],
        [fact.origin for fact in facts if not fact.url],
        sorted(failures),
    )


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder that is removed afterwards, even if threads are about to write to it.

    They make no folders in it, or they could bring it back.
    """
    folder = Path(mkdtemp(prefix="drumsort-"))
    try:
        yield folder
    finally:
        with suppress(OSError):  # Windows does not rename open files
            folder = folder.rename(folder.with_name(folder.name + ".gone"))
        shutil.rmtree(folder, ignore_errors=True)


def _facts(table: pl.DataFrame, sources: Collection[str], base_url: str) -> list[Fact]:
    """What is known of the sounds of ``sources``, or of all if it is empty."""
    known = set(table["source"])
    for source in sources:
        if source not in known:
            near = " or ".join(get_close_matches(source, known)) or "oramics/sampled"
            raise DataError(f"There is no source {source!r}: name one such as {near}.")
    chosen = table.filter(pl.col("source").is_in(sources)) if sources else table
    columns = chosen.select("path", "origin", "duration_s", "samplerate")
    return [
        Fact(path, origin, _url(origin, base_url), duration_s, samplerate)
        for path, origin, duration_s, samplerate in columns.iter_rows()
    ]


def _url(origin: str, base_url: str) -> str:
    found = _ORIGIN.fullmatch(origin)
    return f"{base_url.rstrip('/')}/{found[1]}/{found[2]}/{quote(found[3])}" if found else ""


def _refuse_others(folder: Path, paths: Collection[str]) -> None:
    """Check that no manifest of the user gets lost."""
    manifest = Manifest.within(folder)
    if manifest and any(row.path not in paths for row in manifest.read().rows):
        raise DataError(f"{manifest.path} is of other sounds: name another folder.")


def _fetch(fact: Fact, folder: Path, scratch: Path, session: requests.Session) -> str | None:
    """Download and prepare one sound; returns a sentence if that fails."""
    source = scratch / fact.path.replace("/", "-")
    try:
        download(fact.url, source, session=session)
        if fact.path.endswith(".opus"):
            prepare(source, folder / fact.path, fact.duration_s + _ROUNDED)
        else:
            prepare(source, folder / fact.path)
    except (web.UnreachableError, DiskError):
        raise  # the next one would fail, too
    except DrumsortError as error:
        return str(error).replace(str(source), fact.url)
    finally:
        source.unlink(missing_ok=True)
    return None


def _in_parallel(
    work: Callable[[Fact, requests.Session], str | None], facts: Sequence[Fact]
) -> Iterator[str | None]:
    """What ``work`` says of each of ``facts``, as they come.

    Raises what ``work`` raises. The threads are daemons, so that Ctrl-C does not wait long.
    """
    todo = deque(facts)
    done: SimpleQueue[str | Exception | None] = SimpleQueue()

    def labour() -> None:
        session = web.open_session()
        while True:
            try:
                fact = todo.popleft()
            except IndexError:
                return
            try:
                done.put(work(fact, session))
            except Exception as error:
                todo.clear()
                done.put(error)

    workers = [
        Thread(target=labour, name="rebuild", daemon=True) for _ in range(min(WORKERS, len(facts)))
    ]
    for worker in workers:
        worker.start()
    try:
        for _ in facts:
            result = done.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        todo.clear()
        ending = time.monotonic() + PATIENCE
        for worker in workers:
            worker.join(max(0.0, ending - time.monotonic()))


def _write_manifest(folder: Path, table: pl.DataFrame) -> None:
    """Write the rows of all sounds that are there, from this and earlier calls."""
    there = table.filter([(folder / path).exists() for path in table["path"]])
    if len(there):
        there = there.drop("sha256")  # the bytes depend on the encoder
        write_table(there, folder / "manifest.csv")


def _differs(path: Path, fact: Fact) -> bool:
    try:
        info = soundfile.info(path)
    except soundfile.LibsndfileError:
        return True
    off = abs(info.frames / info.samplerate - fact.duration_s)
    return bool(info.samplerate != fact.samplerate or off > TOLERANCE)
