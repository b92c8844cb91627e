"""Tag files: lock, refuse what is unfinished, find, hear, plan, check, apply, follow."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from drumsort import sorting
from drumsort.audio.find import Source
from drumsort.audio.left_out import LeftOut
from drumsort.catalog import Catalog
from drumsort.catalog.keywords import Keywords
from drumsort.errors import PlanRefused
from drumsort.model.named import HINT
from drumsort.sorting import RunState
from drumsort.tags import demand_mutagen, tags_of
from drumsort.taxonomy import UNSURE
from drumsort.types import (
    Action,
    CheckedPlan,
    ConflictKind,
    Operation,
    Outcome,
    Plan,
    Result,
    Run,
    Tags,
)
from drumsort.workflows.apply import Busy, Unfinished, apply
from drumsort.workflows.catalogs import KnownOrNone, opened_if_any
from drumsort.workflows.classify import Classifier
from drumsort.workflows.inputs import real, sounds_and_others
from drumsort.workflows.progress import QUIET, Progress


@dataclass(frozen=True, slots=True)
class Tagging:
    """What was written into some files, or would be.

    Attributes:
        unheard: path to one sentence for each file that could not be heard, or is damaged.
        unsure: the files that drumsort is unsure of, which get no tags.
        checked: what was planned, and what stood in the way.
        run: what was done, or ``None`` after a dry run.
    """

    unheard: Mapping[Path, str]
    unsure: Sequence[Path]
    checked: CheckedPlan
    run: Run | None

    @property
    def failures(self) -> Mapping[Path, str]:
        """Path to one sentence for each file that could not be tagged."""
        blocked = {c.path: c.message for c in self.checked.conflicts if c.outcome is Outcome.FAILED}
        return {**self.unheard, **blocked, **(self.run.failures if self.run else {})}

    @property
    def already(self) -> int:
        """How many files had the same tags already."""
        return sum(c.kind is ConflictKind.ALREADY_THERE for c in self.checked.conflicts)


def tag(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    clear: bool = False,
    overwrite_comment: bool = False,
    exclude: Sequence[str] = (),
    hidden: bool = False,
    policy: str = "balanced",
    min_confidence: float | None = None,
    model: Path | None = None,
    ear: str = "second",
    catalog: KnownOrNone = None,
    company: bool = True,
    names: str = HINT,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> Tagging:
    """Write what each sound is into the file itself; the sound is not touched.

    The keywords that a person gave it in the catalog are among those that are written. Tags that
    somebody else wrote are kept. ``undo`` brings each file back to the byte.

    Args:
        inputs: a folder or a file, or several.
        clear: whether to take out what drumsort wrote instead; nothing is heard then.
        overwrite_comment: whether to replace comments that somebody else wrote.
        dry_run: whether to stop after the check.
        progress: receives the steps ``LISTEN`` and ``PLACE``, and a warning if the catalog cannot
            be written. Until ``PLACE`` nothing is touched.
        exclude, hidden, policy, min_confidence, model, ear, catalog, company, names: as for
            ``sort``.

    Raises:
        DrumsortError: what writes tags is not installed.
        PlanRefused: another process works there, or a run that was stopped is to be finished first.
        JournalError, OSError: as for ``apply``.
        BundleError, CatalogError: as for ``classify``.
    """
    demand_mutagen()
    listed = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    given = list(dict.fromkeys(map(real, listed)))
    roots = tuple(dict.fromkeys(path if path.is_dir() else path.parent for path in given))
    plan = Plan(roots, roots[0], Action.TAG, ())
    unheard: dict[Path, str] = {}
    unsure: list[Path] = []
    with opened_if_any(catalog) as known, nullcontext() if dry_run else sorting.folder_locks(plan):
        _refuse_unfinished(roots)
        sources, _ = sounds_and_others(given, LeftOut(exclude, hidden))
        operations: list[Operation] = []
        if clear:
            operations = [_as_it_is(source) for source in sources]
        else:
            classifier = Classifier(
                model,
                policy,
                min_confidence,
                known,
                progress,
                ear=ear,
                company=company,
                names=names,
            )
            with closing(classifier.classify_all(sources, facts=True, total=len(sources))) as heard:
                wanted = (
                    _operation(one, _keywords(known, one), overwrite_comment, unheard, unsure)
                    for one in heard
                )
                operations = [operation for operation in wanted if operation]
        checked = sorting.check(Plan(roots, roots[0], Action.TAG, tuple(operations)))
        run = None if dry_run else apply(checked, catalog=known or False, progress=progress)
    return Tagging(unheard, unsure, checked, run)


def _as_it_is(source: Source) -> Operation:
    """The operation that takes drumsort's tags out of a file, whatever it sounds like."""
    try:
        now = source.path.stat()
    except OSError:  # the check says what is wrong
        return Operation(source.path, source.path, 0, 0, tags=Tags())
    return Operation(source.path, source.path, now.st_size, now.st_mtime_ns, tags=Tags())


def _keywords(catalog: Catalog | None, result: Result) -> Sequence[str]:
    """The keywords that a person gave a sound."""
    if catalog is None or result.facts is None:
        return ()
    return Keywords(catalog).of_sound(bytes.fromhex(result.facts.audio_hash))


def _operation(
    result: Result,
    keywords: Sequence[str],
    overwrite: bool,
    unheard: dict[Path, str],
    unsure: list[Path],
) -> Operation | None:
    path = result.path
    if result.prediction is None:
        unheard[path] = result.error or f"{path} cannot be heard."
    elif result.damage:
        unheard[path] = f"{path} is damaged, so it is left without tags: {result.damage}."
    elif result.label == UNSURE:
        unsure.append(path)
    else:
        tags = tags_of(result.prediction, result.facts, keywords=keywords, overwrite=overwrite)
        return Operation(path, path, result.size, result.mtime_ns, tags=tags)
    return None


def _refuse_unfinished(roots: Sequence[Path]) -> None:
    """Raise if a run into one of these folders, or one above or below, is going on or was stopped.

    Raises:
        PlanRefused: ``Busy`` or ``Unfinished``.
    """
    for run in sorting.history():
        into = run.into
        if into is None or run.state not in (RunState.RUNNING, RunState.UNFINISHED):
            continue
        if any(into.is_relative_to(root) or root.is_relative_to(into) for root in roots):
            problem: PlanRefused = Busy(into) if run.state is RunState.RUNNING else Unfinished(run)
            raise problem
