"""Slice loops and recordings: find hits, cut, hear, keep one of those that are alike, place."""

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from drumsort import sorting
from drumsort.alike.hits import first_like
from drumsort.audio.left_out import LeftOut
from drumsort.errors import SortError
from drumsort.files.names import Names
from drumsort.slicing.cuts import TAIL
from drumsort.slicing.onsets import MIN_GAP, Onsets
from drumsort.sorting import DEFAULT_LAYOUT, RunState, scratch
from drumsort.types import Action, CheckedPlan, Operation, Outcome, Plan, Result, Run
from drumsort.workflows.apply import apply, refuse_conflicts, refuse_unfinished
from drumsort.workflows.catalogs import KnownOrNone, opened_if_any
from drumsort.workflows.classify import Classifier
from drumsort.workflows.hits import HeardCut, How, Made, cut_all, hear
from drumsort.workflows.inputs import real, sounds_and_others
from drumsort.workflows.progress import QUIET, Progress


@dataclass(frozen=True, slots=True)
class Slice:
    """One hit of a loop or a recording.

    Attributes:
        sound: the file that it was cut from.
        number: 1 for the first hit of that file, and so on.
        start: where it begins in the file, in seconds.
        length: in seconds.
        result: what was heard in it; ``path`` is the slice as if it lay beside the file.
        target: where the slice is, or would be; ``None`` if it is not kept.
        like: the number of the hit that is kept in its place, and the file of that, or ``None``.
        there: whether an earlier run had put it there.
    """

    sound: Path
    number: int
    start: float
    length: float
    result: Result
    target: Path | None = None
    like: tuple[int, Path] | None = None
    there: bool = False


@dataclass(frozen=True, slots=True)
class Sliced:
    """What became of some loops and recordings.

    Attributes:
        into: the output folder.
        sounds: each file that was sliced, and what was found in it.
        slices: all hits, in the order of the files.
        failures: path to one sentence for each file, or slice, that could not be handled.
        run: what was done, or ``None`` after a dry run.
    """

    into: Path
    sounds: Mapping[Path, Onsets]
    slices: Sequence[Slice]
    failures: Mapping[Path, str]
    run: Run | None

    def by_sound(self) -> dict[Path, list[Slice]]:
        """The hits of each file, also of one that has none."""
        found: dict[Path, list[Slice]] = {sound: [] for sound in self.sounds}
        for one in self.slices:
            found[one.sound].append(one)
        return found


def slice_sounds(
    inputs: Iterable[Path],
    into: Path,
    *,
    min_gap: float = MIN_GAP,
    tail: float = TAIL,
    cuts: Sequence[float] | None = None,
    keep: Collection[int] | None = None,
    unique: bool = False,
    layout: str = DEFAULT_LAYOUT,
    exclude: Sequence[str] = (),
    hidden: bool = False,
    policy: str = "balanced",
    min_confidence: float | None = None,
    model: Path | None = None,
    ear: str = "quick",
    catalog: KnownOrNone = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> Sliced:
    """Cut loops and recordings into one-shots, and sort these.

    Each slice is a WAV with the rate, depth and channels of its file, called
    ``{name}_{n}_{label}.wav``. The files themselves are only read. The slices are one run, which
    ``undo`` takes back.

    Args:
        inputs: files, and folders of files.
        into: the output folder.
        min_gap: how far apart two hits are at least, in seconds.
        tail: how long a hit may ring at most, in seconds.
        cuts: where hits begin, in seconds, in the place of where they are found; of one file. A
            hit that would be silent, or shorter than 5 ms, is none.
        keep: the numbers of the hits to keep; all by default. The others are left out altogether.
        unique: whether to keep one hit, the longest, of those that sound next to the same.
        layout: as for ``sort``; ``{name}`` is the name of the slice, and ``{pack}`` and
            ``{folder}`` are those of the file that it was cut from.
        exclude: what to leave out, as in ``.gitignore``.
        hidden: whether to look into hidden folders, too.
        policy: how sure a verdict must be to stand.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        model: a model folder; the shipped one by default.
        ear: ``quick`` or ``second``, as for ``sort``; on hits that others ring into, a second
            opinion gains nothing.
        catalog: whose corrections and lessons count; nothing is written to it.
        dry_run: whether to write nothing.
        progress: receives the steps ``CUT``, ``LISTEN`` and ``PLACE``. Until ``PLACE`` nothing is
            in the output folder but a hidden folder, which goes again.

    Raises:
        PlanRefused: something stops the whole run, or another process works there.
        SortError: the layout is not understood, or the disk is full.
        JournalError: as for ``apply``.
        DrumsortError: the cuts do not fit the file, or there are several files.
        BundleError, CatalogError, DrumsortError: as for ``classify``.
    """
    pattern = sorting.Layout(layout)
    roots, into = tuple(dict.fromkeys(map(real, inputs))), Path(os.path.realpath(into))
    nothing = Plan(roots, into, Action.SLICE, ())
    refuse_conflicts(sorting.check(nothing))  # before anything is heard
    with (
        opened_if_any(catalog) as known,
        nullcontext() if dry_run else sorting.folder_locks(nothing),
    ):
        refuse_unfinished(into)
        classifier = Classifier(
            model, policy, min_confidence, known, progress,
            ear=ear, company=False, names="ignore", remember=False,
        )  # fmt: skip
        sources, _ = sounds_and_others(roots, LeftOut(exclude, hidden))
        with _workshop(into, dry_run) as folder:
            with _writing(folder.parent):
                made = cut_all(sources, folder, How(min_gap, tail, cuts, keep), progress)
            heard = hear(made, classifier, pattern.measures)
            like = _like(heard) if unique else [None] * len(heard)
            operations = _operations(heard, like, into, pattern)
            checked = sorting.check(replace(nothing, operations=operations))
            refuse_conflicts(checked)
            run = None
            if not dry_run:
                with _writing(folder.parent):
                    scratch.make_durable([op.source for op in checked.operations])
                run = apply(checked, catalog=False, progress=progress)
    return _told(made, heard, like, checked, run)


@contextmanager
def _workshop(into: Path, dry_run: bool) -> Iterator[Path]:
    """A folder to cut in: on the disk of the output, or, for a dry run, the system's own.

    It goes with the block, unless a run was stopped that needs it to go on.
    """
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="drumsort-") as temporary:
            yield Path(temporary)
        return
    try:
        with _writing(into):
            folder = scratch.make(into)
        yield folder
    finally:
        unfinished = (RunState.UNFINISHED, RunState.RUNNING)
        if not any(run.into == into and run.state in unfinished for run in sorting.history()):
            scratch.remove(into)


@contextmanager
def _writing(where: Path) -> Iterator[None]:
    """Turns an error of the disk into a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        raise SortError(
            f"The slices cannot be written to the disk of {where} ({error.strerror or error}): "
            "make room there, or choose another folder. Nothing was sliced."
        ) from error


def _like(heard: Sequence[HeardCut]) -> list[int | None]:
    """For each hit, the index of the one to keep in its place, or ``None``."""
    vectors = [result.prediction.embedding for _, result in heard if result.prediction]
    if not heard or any(vector is None for vector in vectors):
        return [None] * len(heard)
    known = np.stack([vector for vector in vectors if vector is not None])
    return first_like([cut.to_hear for cut, _ in heard], known, [cut.length for cut, _ in heard])


def _operations(
    heard: Sequence[HeardCut], like: Sequence[int | None], into: Path, pattern: sorting.Layout
) -> tuple[Operation, ...]:
    kept = [one for one, other in zip(heard, like, strict=True) if other is None]
    wishes = [into / (sorting.place(result, pattern) or result.path.name) for _, result in kept]
    names = Names(wishes)
    return tuple(
        Operation(
            cut.path,
            names.give(wish),
            result.size,
            result.mtime_ns,
            cut_from=cut.source.path.absolute(),
        )
        for (cut, result), wish in zip(kept, wishes, strict=True)
    )


def _told(
    made: Made,
    heard: Sequence[HeardCut],
    like: Sequence[int | None],
    checked: CheckedPlan,
    run: Run | None,
) -> Sliced:
    planned = {operation.source: operation.target for operation in checked.plan.operations}
    targets = {operation.source: operation.target for operation in checked.operations}
    numbers = {cut.path: (cut.number, cut.source.path) for cut, _ in heard}
    blocked = {c.path: c.message for c in checked.conflicts if c.outcome is Outcome.FAILED}
    blocked |= run.failures if run else {}
    slices = []
    for (cut, result), other in zip(heard, like, strict=True):
        target = targets.get(cut.path)
        is_there = other is None and target is None and cut.path not in blocked
        kept = (heard[other][0].number, heard[other][0].source.path) if other is not None else None
        slices.append(
            Slice(
                cut.source.path,
                cut.number,
                cut.start,
                cut.length,
                result,
                planned[cut.path] if is_there else target if cut.path not in blocked else None,
                kept,
                is_there,
            )
        )
    failures = dict(made.failures)
    for path, sentence in blocked.items():
        words = f"hit {numbers[path][0]} of {numbers[path][1]}" if path in numbers else str(path)
        failures[planned.get(path, path)] = sentence.replace(str(path), words)
    return Sliced(checked.plan.into, made.sounds, slices, failures, run)
