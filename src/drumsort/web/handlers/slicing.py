"""A loop or a recording, taken apart by hand: its hits, heard wherever they are cut, and kept."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.responses import Response

from drumsort.audio.play import part
from drumsort.errors import DrumsortError
from drumsort.remote import is_url
from drumsort.slicing.cuts import hits as found_hits
from drumsort.slicing.cuts import snapped
from drumsort.slicing.onsets import Onsets, onsets
from drumsort.web.context import Context, gone
from drumsort.web.handlers.scans import take_up
from drumsort.web.handlers.sorts import not_now
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.jobs import Job
from drumsort.web.protocol.slicing import (
    CutHit,
    HearHits,
    Hits,
    KeepHits,
    Loop,
    Near,
    Place,
    SomeFrames,
)
from drumsort.web.request import Request, in_full
from drumsort.web.response import Refused, bytes_response, printable
from drumsort.workflows.classify import Classifier
from drumsort.workflows.hits import cut_some, hear
from drumsort.workflows.slice import slice_sounds

LONGEST = 600.0
"""Seconds: longer recordings are taken apart in the terminal."""

_EAR = "quick"  # on hits that others ring into, a second opinion gains nothing


def opened(context: Context, request: Request[Nothing]) -> Loop:
    """Say what a sound is, and where hits are found in it."""
    with _sound(context, request) as path:
        found, cuts = _found(path)
        return Loop(
            name=printable(Path(path.name)),
            rate=found.rate,
            channels=found.channels,
            length=found.length,
            peak=_peak(found),
            cuts=list(cuts),
            remark=found.remark.replace(str(path), path.name),
        )


def outline(context: Context, request: Request[Nothing]) -> Response:
    """Give the lowest and the highest sample of each 5 ms, relative to the peak."""
    with _sound(context, request) as path:
        found = _found(path)[0]
    scaled = np.round(found.outline / _peak(found) * 127)
    return bytes_response(scaled.astype(np.int8).tobytes())


def samples(context: Context, request: Request[SomeFrames]) -> Response:
    """Give some samples, as they are."""
    with _sound(context, request) as path:
        some = part(path, request.params.start, request.params.count)
    return bytes_response(some.astype("<f4").tobytes())


def snap(context: Context, request: Request[Near]) -> Place:
    """Find the place near a cut that it belongs to."""
    with _sound(context, request) as path:
        found = _found(path)[0]
        at = min(request.params.at, found.length - 1)
        return Place(snapped(path, found, at, onset=request.params.to == "onset"))


def hear_hits(context: Context, request: Request[HearHits]) -> Hits:
    """Hear some hits where they are cut now."""
    cuts, first = request.params.cuts, request.params.first
    numbers = range(first, min(first + request.params.count, len(cuts) + 1))
    with (
        _sound(context, request) as path,
        context.catalog() as catalog,
        tempfile.TemporaryDirectory(prefix="drumsort-") as folder,
    ):
        found = _found(path)[0]
        made = cut_some(path, found, cuts, numbers, Path(folder))
        classifier = Classifier(
            None, catalog=catalog, ear=_EAR, company=False, names="ignore", remember=False
        )
        heard = hear(made, classifier)
    return Hits([
        CutHit(
            number=cut.number,
            length=round(cut.length * found.rate),
            family=verdict.family,
            label=verdict.label,
            guess=verdict.raw,
            confidence=round(verdict.confidence, 4),
        )
        for cut, result in heard
        if (verdict := result.prediction)
    ])  # fmt: skip


def keep(context: Context, request: Request[KeepHits]) -> Job:
    """Write hits as files, as one run, and take these up into the library."""
    params, into = request.params, in_full(request.params.into, "write to")
    if not params.keep:
        raise Refused(400, "No hit is to be kept: tick one.")
    with _sound(context, request) as path:
        found = _found(path)[0]

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        with not_now(into):
            done = slice_sounds(
                [path],
                into,
                cuts=[at / found.rate for at in params.cuts],
                keep=frozenset(params.keep),
                layout=params.layout,
                ear=_EAR,
                catalog=context.path,
                progress=progress,
            )
        files = [one.target for one in done.slices if one.target]
        count, there = done.run.done if done.run else 0, sum(one.there for one in done.slices)
        sentence = f"{count} slice{'' if count == 1 else 's'} written to {printable(done.into)}."
        sentence += f" {there} already there." if there else ""
        troubles = [*done.failures.values(), *progress.warnings]
        if done.run and done.run.stopped:
            troubles.insert(0, done.run.stopped)
        try:
            take_up(context, files, done.into, progress)
        except DrumsortError as error:
            troubles.append(f"The library has not taken them up: {error}")
        return sentence, troubles

    return context.jobs.begin("slice", "Cutting", work, unit="hits")


@contextmanager
def _sound(context: Context, request: Request) -> Iterator[Path]:  # type: ignore[type-arg]
    """The path of a sound of the library that can be taken apart.

    Raises:
        Refused: it is not known, in a store, too long, or gone.
    """
    with context.catalog() as catalog:
        entry = context.entry(catalog, request.id)
    name = printable(Path(entry.path.name))
    if is_url(entry.path):
        raise Refused(400, f"{name} is in a store: copy it to this computer to take it apart.")
    if entry.facts and entry.facts.duration > LONGEST:
        raise Refused(
            400,
            f"{name} is longer than {LONGEST / 60:.0f} minutes: take it apart in the terminal, "
            "with 'drumsort slice'.",
        )
    try:
        yield entry.path
    except OSError as error:
        raise gone(entry, error) from error


def _found(path: Path) -> tuple[Onsets, tuple[int, ...]]:
    """What is found in a sound as it is now, and where its hits begin."""
    stat = path.stat()
    return _read(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(4)
def _read(path: Path, size: int, mtime_ns: int) -> tuple[Onsets, tuple[int, ...]]:
    found = onsets(path)
    return found, tuple(hit.start for hit in found_hits(path, found))


def _peak(found: Onsets) -> float:
    return float(np.abs(found.outline).max())
