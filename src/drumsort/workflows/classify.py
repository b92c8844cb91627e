"""From files to verdicts: find, recall or hear, decide, remember."""

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from drumsort.audio.find import Source, find
from drumsort.audio.left_out import LeftOut
from drumsort.catalog import Catalog, Recall, Writer
from drumsort.cluster.machines import Machines
from drumsort.errors import AudioError, CatalogError, DrumsortError
from drumsort.hearing import Ear, HeardFile
from drumsort.model.bundle import Bundle
from drumsort.model.company import Company, stem
from drumsort.model.infer import Heard
from drumsort.model.named import HINT, named
from drumsort.model.verdict import Judge, corrected, threshold
from drumsort.remote import as_path
from drumsort.types import Result
from drumsort.workflows.given import Given, Sounds, as_file, as_paths, is_given, listed, name_of
from drumsort.workflows.progress import QUIET, Progress, Step

_AT_ONCE = 1000  # sounds of a folder that are judged at once


def classify(
    sounds: Sounds | Iterable[Sounds],
    *,
    model: str | os.PathLike[str] | None = None,
    ear: str = "second",
    policy: str = "balanced",
    min_confidence: float | None = None,
    exclude: Sequence[str] = (),
    hidden: bool = False,
    workers: int | None = None,
    catalog: Catalog | None = None,
    company: bool = True,
    names: str = HINT,
    on: str | None = None,
    progress: Progress = QUIET,
) -> Generator[Result, None, None]:
    """Classify every sound in or below ``sounds``.

    Args:
        sounds: the path of a file or folder, or its URL in a store; samples with their rate in Hz,
            as a tuple; a file that is open for reading; or several of these.
        model: a model folder; the shipped one by default.
        ear: ``second`` asks a second, larger network about sounds that the first is not sure of, if
            the model has one; ``quick`` never does.
        policy: which verdicts stand: ``careful`` few, ``balanced`` most, ``everything`` all. What
            does not stand is ``"unsure"``.
        min_confidence: the threshold itself instead of a policy: the probability that a family must
            reach, 0 to 1.
        exclude: what to leave out, as in ``.gitignore``.
        hidden: whether to look into hidden folders, too.
        workers: how many processes hear at the same time; one for each core by default. A handful
            of files is always heard in this process.
        catalog: an open catalog, to look up files that did not change and to remember the others.
            Results are the same without one, except for sounds that were corrected in it.
        company: whether the other sounds of its folder count in the verdict on a sound. A file
            that is named by itself has no company.
        names: how the words of its name, and of the folders around it below the path given, count
            in the verdict on a sound: ``hint`` as far as they are worth, ``ignore`` not at all,
            ``trust`` above the sound.
        on: a Ray cluster that hears the files: ``ray://HOST:10001``, or ``ray`` for the one that
            this machine belongs to.
        progress: receives the step ``LISTEN``, and a warning if the catalog cannot be written.

    Yields:
        One result for each sound, in the order of ``sounds`` and by name within a folder, while
        later ones are still being heard: with company, as soon as the whole folder is heard. A file
        that cannot be heard yields a result with an ``error``, and so do samples. The path of
        samples is ``sound 1`` and so on.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be used.
        DrumsortError: there is no such ear, the model has no such policy, ``min_confidence`` is not
            between 0 and 1, names cannot count so, or one of ``sounds`` is none, and no path.
    """
    machines = Machines(on) if on else None
    classifier = Classifier(
        Path(model) if model is not None else None,
        policy,
        min_confidence,
        catalog,
        progress,
        ear=ear,
        company=company,
        names=names,
        machines=machines,
    )
    progress.at(Step.LISTEN, 0)
    results = _in_order(classifier, listed(sounds), LeftOut(exclude, hidden), workers)
    return _until_closed(results, machines) if machines else results


def _until_closed(
    results: Generator[Result, None, None], machines: Machines
) -> Generator[Result, None, None]:
    with machines, closing(results):
        yield from results


def _in_order(
    classifier: "Classifier", sounds: Iterable[Sounds], left_out: LeftOut, workers: int | None
) -> Generator[Result, None, None]:
    """Files in parallel, and what is no file one by one."""
    count = 0
    for are_given, some in groupby(sounds, is_given):
        if are_given:
            for sound in filter(is_given, some):
                count += 1
                yield _heard(classifier, sound, name_of(sound, count))
            continue
        found = find(map(as_path, as_paths(some)), left_out)
        sources = (source for source, is_sound in found if is_sound)
        with closing(classifier.classify_all(sources, workers)) as results:
            yield from results


def _heard(classifier: "Classifier", sound: Given, name: Path) -> Result:
    try:
        with as_file(sound, name) as path:
            result = classifier.classify(Source(path, path.parent, origin=name))
    except AudioError as error:
        return Result(name, name.parent, error=str(error))
    said = result.error and result.error.replace(str(path), str(name))
    damage = result.damage.replace(str(path), str(name))
    return replace(result, path=name, root=name.parent, mtime_ns=0, error=said, damage=damage)


@dataclass(slots=True)
class _Sound:
    """A sound that was heard, or is known, before its verdict.

    Attributes:
        source: the file.
        result: all but the verdict.
        heard: what the network says, or ``None`` after an error.
        remark: what a listener should know of the file.
        said: the label that a person gave it, or ``None``.
        recalled: whether the catalog knew it.
    """

    source: Source
    result: Result
    heard: Heard | None = None
    remark: str = ""
    said: str | None = None
    recalled: bool = False

    def is_with(self, other: "_Sound") -> bool:
        """Whether both belong to one folder whose sounds were all asked for."""
        together = self.source.in_folder and other.source.in_folder
        return together and self.source.place.parent == other.source.place.parent


class Classifier:
    """Classifies one file at a time, or many in parallel.

    Args:
        model: a model folder; the shipped one by default.
        policy: which verdicts stand: ``careful`` few, ``balanced`` most, ``everything`` all.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        catalog: where to look up what this model heard before, and to remember what it hears now;
            none by default.
        progress: receives the step ``LISTEN``, and a warning if the catalog cannot be written any
            further.
        company: whether the other sounds of its folder count in the verdict on a sound.
        names: how its name counts in the verdict on a sound: ``hint``, ``ignore`` or ``trust``.
        ear: ``second`` or ``quick``.
        remember: whether to write to the catalog.
        machines: a cluster that hears many files in the place of this machine.

    Attributes:
        bundle: the model, by that ear.
        min_confidence: the threshold, 0 to 1.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be used.
        DrumsortError: there is no such ear, the model has no such policy, ``min_confidence`` is not
            between 0 and 1, or names cannot count so.
    """

    def __init__(
        self,
        model: Path | None = None,
        policy: str = "balanced",
        min_confidence: float | None = None,
        catalog: Catalog | None = None,
        progress: Progress = QUIET,
        *,
        ear: str = "second",
        company: bool = True,
        names: str = HINT,
        remember: bool = True,
        machines: Machines | None = None,
    ) -> None:
        self.bundle = Bundle.load(model, ear)
        if min_confidence is None:
            min_confidence = threshold(self.bundle.name, self.bundle.policies, policy)
        if not 0 <= min_confidence <= 1:
            raise DrumsortError(f"The lowest confidence is {min_confidence}: choose 0 to 1.")
        self.min_confidence = min_confidence
        self._ear = Ear(self.bundle)
        if machines:
            self._ear = Ear(self.bundle, machines.pool, machines.ahead)
        self._recall = Recall(catalog, self.bundle) if catalog else None
        self._network = Judge(self.bundle.classes, min_confidence)
        self._judge = replace(self._network, evidence=self._recall.evidence if self._recall else ())
        self._progress, self._company, self._names = progress, company, names
        self._remember = remember
        named((), names)  # refuses a wrong one at once

    def classify(self, source: Source, *, facts: bool = False) -> Result:
        """Classify one file by itself; a problem with the file is part of the result.

        It is heard, also where the catalog knows it, and not remembered. What a person said of the
        sound stands.

        Args:
            source: the file.
            facts: whether to fill in ``Result.facts``, for which the whole file is read.

        Raises:
            BundleError: the network cannot be used.
        """
        everything = facts or (self._recall is not None and self._recall.corrected)
        sound = self._sound(source, self._ear.hear(source.path, facts=everything))
        sound.said = self._correction(sound)
        return next(self._results([sound]))

    def classify_all(
        self,
        sources: Iterable[Source],
        workers: int | None = None,
        *,
        facts: bool = False,
        total: int | None = None,
    ) -> Generator[Result, None, None]:
        """Classify many files in parallel, and give results in the order of ``sources``.

        Args:
            sources: the files.
            workers: how many processes hear at the same time; one for each core by default.
            facts: as for ``classify``.
            total: how many files there are, for ``progress``.

        Raises:
            BundleError: the network cannot be used.
            DrumsortError: no process can be started to hear files.
        """
        self._progress.at(Step.LISTEN, 0, total)
        if self._recall and self._recall.model is not None:
            sounds = self._with_catalog(self._recall, sources, workers, facts)
        else:
            sounds = self._stream(((source, None) for source in sources), workers, facts)
        return self._judged(sounds, total)

    def _stream(
        self,
        sources: Iterable[tuple[Source, _Sound | None]],
        workers: int | None,
        facts: bool,
    ) -> Generator[_Sound, None, None]:
        """Hear the files that are not known yet."""
        requests = ((pair, None if pair[1] else pair[0].path) for pair in sources)
        with closing(self._ear.hear_all(requests, workers, facts=facts)) as heard:
            for (source, known), file in heard:
                if known:
                    yield known
                elif file:
                    yield self._sound(source, file)

    def _sound(self, source: Source, file: HeardFile) -> _Sound:
        result = Result(
            source.path,
            source.root,
            file.size,
            file.mtime_ns,
            error=file.error,
            facts=file.facts,
            damage=(file.error or "") if file.damaged else file.remark,
            unread=file.unread,
        )
        return _Sound(source, result, file.heard, file.remark)

    def _verdict(self, sound: _Sound) -> Result:
        """The verdict on what was heard, by the network alone."""
        if sound.heard is None:
            return sound.result
        return replace(sound.result, prediction=self._network(sound.heard, sound.remark))

    def _with_catalog(
        self, recall: Recall, sources: Iterable[Source], workers: int | None, facts: bool
    ) -> Generator[_Sound, None, None]:
        """The same with a catalog; results are right even where it cannot be written."""
        assert recall.model is not None
        writable = recall.catalog.writable and self._remember
        memory = _Memory(Writer(recall.catalog, recall.model), self._progress)
        known = ((source, self._known(source, recall, facts)) for source in sources)
        everything = facts or writable or recall.corrected
        with closing(self._stream(known, workers, everything)) as sounds:
            try:
                for sound in sounds:
                    if sound.result.facts and not sound.recalled:
                        if writable:
                            memory.write(self._verdict(sound))
                        sound.said = self._correction(sound)
                    yield sound
            finally:
                memory.write()

    def _correction(self, sound: _Sound) -> str | None:
        """The label that a person gave a sound that was heard as a whole."""
        if self._recall is None or sound.result.facts is None:
            return None
        return self._recall.correction(bytes.fromhex(sound.result.facts.audio_hash))

    def _known(self, source: Source, recall: Recall, facts: bool) -> _Sound | None:
        """A file that did not change since this model heard it."""
        try:
            stat = source.path.stat()
        except (OSError, ValueError):
            return None
        if not (before := recall(source.path, stat)):
            return None
        measured = recall.facts(source.path, stat) if facts else None
        if facts and measured is None:
            return None
        _, remark, _ = before
        result = Result(
            source.path,
            source.root,
            stat.st_size,
            stat.st_mtime_ns,
            facts=measured,
            damage=remark,
        )
        return _Sound(source, result, *before, recalled=True)

    def _judged(
        self, sounds: Generator[_Sound, None, None], total: int | None
    ) -> Generator[Result, None, None]:
        """The final results: those of a folder wait until all of its sounds are heard."""
        folder: list[_Sound] = []
        with closing(sounds):
            for done, sound in enumerate(sounds, start=1):
                self._progress.at(Step.LISTEN, done, total)
                if folder and not sound.is_with(folder[0]):
                    yield from self._results(folder)
                    folder = []
                folder.append(sound)
                if not (self._company and sound.source.in_folder):
                    yield from self._results(folder)
                    folder = []
            yield from self._results(folder)

    def _results(self, folder: Sequence[_Sound]) -> Iterator[Result]:
        """The results of sounds that are each other's company, if there are several."""
        company = self._company_of([sound for sound in folder if sound.heard])
        start = 0
        for some in (folder[at : at + _AT_ONCE] for at in range(0, len(folder), _AT_ONCE)):
            heard = [sound.heard for sound in some if sound.heard]
            judge, end = self._judge, start + len(heard)
            if company:
                judge = judge.beside(company.rows(slice(start, end)))
            places = [sound.source.below for sound in some if sound.heard]
            judge = judge.beside(*named(places, self._names))
            remarks = [sound.remark for sound in some if sound.heard]
            verdicts, start = iter(judge.predictions(heard, remarks)), end
            for sound in some:
                if sound.heard is None:
                    yield sound.result
                    continue
                damage = "" if sound.said else sound.result.damage
                verdict = corrected(next(verdicts), sound.said)
                yield replace(sound.result, prediction=verdict, damage=damage)

    def _company_of(self, sounds: Sequence[_Sound]) -> Company | None:
        if len(sounds) < 2:
            return None
        scores = np.stack([sound.heard.scores for sound in sounds if sound.heard])
        stems = [stem(sound.source.place.name) for sound in sounds]
        return Company.of(self.bundle.classes, scores, [0] * len(sounds), stems)


class _Memory:
    """Writes results into the catalog until that fails once; then it warns and stops writing."""

    def __init__(self, writer: Writer, progress: Progress) -> None:
        self._writer, self._progress = writer, progress
        self._works = True

    def write(self, result: Result | None = None) -> None:
        """Write a result, now or together with later ones; without one, write all that wait."""
        if self._works:
            try:
                self._writer.add(result) if result else self._writer.write()
            except CatalogError as error:
                self._works = False
                self._progress.warn(str(error))
