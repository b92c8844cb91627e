"""Classify into a data set of Parquet files, and fill a catalog from one."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from drumsort.audio.find import Source, find
from drumsort.audio.left_out import LeftOut
from drumsort.catalog import Catalog, Writer, default_path, writer_lock
from drumsort.catalog.known_models import use
from drumsort.catalog.writer import Kind
from drumsort.cluster.machines import Machines
from drumsort.cluster.parts import Parts, rows, terms_of
from drumsort.errors import DrumsortError
from drumsort.model.bundle import Bundle
from drumsort.model.named import HINT
from drumsort.model.verdict import Judge
from drumsort.remote import as_path, resolved
from drumsort.workflows.catalogs import Known
from drumsort.workflows.classify import Classifier
from drumsort.workflows.progress import QUIET, Progress, Step


@dataclass(slots=True)
class Written:
    """What a run added to a data set.

    Attributes:
        out: its folder.
        heard: how many sounds were heard.
        failed: how many files could not be heard; each has a row.
        before: how many files the parts that were there hold already.
        parts: how many parts there are now.
    """

    out: Path
    heard: int = 0
    failed: int = 0
    before: int = 0
    parts: int = 0


def classify_into(
    out: str | os.PathLike[str],
    paths: Iterable[str | os.PathLike[str]],
    *,
    on: str | None = None,
    facts: bool = True,
    model: str | os.PathLike[str] | None = None,
    ear: str = "second",
    policy: str = "balanced",
    min_confidence: float | None = None,
    exclude: Sequence[str] = (),
    hidden: bool = False,
    workers: int | None = None,
    company: bool = True,
    names: str = HINT,
    progress: Progress = QUIET,
) -> Written:
    """Classify every sound at or below ``paths`` into a folder of Parquet files.

    A run that was stopped goes on where its last whole part ends: what a part holds is not heard
    again, unless its size or its etag (of a local file: its time of change) differs.

    Args:
        out: the folder, or its URL in a store; see ``cluster.parts`` for its columns.
        paths: files and folders, or their URLs in stores.
        on: a Ray cluster, as for ``classify``; this machine by default.
        facts: whether to measure the sounds, for which whole files are read. Without that the
            results cannot fill a catalog.
        model: as for ``classify``, like all that follow.
        ear: ``second`` or ``quick``.
        policy: which verdicts stand.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        exclude: what to leave out.
        hidden: whether to look into hidden folders, too.
        workers: how many processes hear on this machine at the same time.
        company: whether the other sounds of its folder count in the verdict on a sound.
        names: how names count.
        progress: receives the step ``LISTEN``.

    Raises:
        BundleError: the model folder cannot be used.
        DrumsortError: the folder holds results on other terms, or the cluster cannot be used.
        OSError: the folder cannot be written.
    """
    place = resolved(out)
    with Machines(on) if on else nullcontext() as machines:
        classifier = Classifier(
            Path(model) if model is not None else None,
            policy,
            min_confidence,
            progress=progress,
            ear=ear,
            company=company,
            names=names,
            machines=machines,
        )
        terms = {
            "model": classifier.bundle.id,
            "labels": classifier.bundle.labels,
            "min_confidence": classifier.min_confidence,
            "company": company,
            "names": names,
            "facts": facts,
        }
        written = Written(place)
        with closing(Parts(place, terms)) as parts:
            found = find(map(as_path, paths), LeftOut(exclude, hidden))
            sources = (source for source, is_sound in found if is_sound)
            new = _new(sources, parts, written)
            last = None
            with closing(classifier.classify_all(new, workers, facts=facts)) as results:
                for result in results:
                    parts.add(result, may_end=not company or result.path.parent != last)
                    last = result.path.parent
                    written.heard += result.ok
                    written.failed += not result.ok
            parts.write()
            written.parts = parts.count
    return written


def _new(sources: Iterable[Source], parts: Parts, written: Written) -> Iterator[Source]:
    for source in sources:
        try:
            stat = source.path.stat()
        except (OSError, ValueError):
            yield source  # hearing it says what is wrong
            continue
        if parts.has(source.path, stat.st_size, stat.st_mtime_ns):
            written.before += 1
        else:
            yield source


def fill(
    folder: str | os.PathLike[str],
    *,
    catalog: Known = None,
    model: str | os.PathLike[str] | None = None,
    progress: Progress = QUIET,
) -> tuple[Path, int, int]:
    """Fill a catalog from a data set, as if its sounds had been scanned; nothing is heard.

    Args:
        folder: where the data set is.
        catalog: an open catalog or its path; the user's own by default.
        model: the folder of the model that the results are of; the shipped one by default.
        progress: receives the step ``LISTEN``.

    Returns:
        The catalog's path, how many sounds were entered, and how many files that failed.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be written.
        DrumsortError: there are no results, or they are of another model or without facts.
    """
    place = resolved(folder)
    terms = terms_of(place)
    bundle = Bundle.load(Path(model) if model is not None else None)
    if terms["model"] != bundle.id:
        bundle = bundle.by_ear("quick")
    if terms["model"] != bundle.id:
        raise DrumsortError(
            f"The results in {place} are of the model {terms['model']}, and this one is "
            f"{bundle.id}: name theirs with --model."
        )
    if not terms["facts"]:
        raise DrumsortError(
            f"The results in {place} were made with --no-facts, so they lack what a catalog "
            "needs: make them again without."
        )
    path = catalog.path if isinstance(catalog, Catalog) else Path(catalog or default_path())
    with (
        writer_lock(path),
        nullcontext(catalog) if isinstance(catalog, Catalog) else Catalog(path) as one,
    ):
        judge = Judge(bundle.classes, 0.0)
        with Writer(one, use(one, bundle), library=True) as writer:
            progress.at(Step.LISTEN, 0)
            for done, row in enumerate(rows(place), start=1):
                result = row.result
                if row.heard:
                    prediction = judge(row.heard, result.damage)
                    result = replace(result, prediction=prediction)
                writer.add(result)
                progress.at(Step.LISTEN, done)
    counts = writer.counts
    return path, counts[Kind.HEARD] + counts[Kind.MOVED] + counts[Kind.TWIN], counts[Kind.FAILED]
