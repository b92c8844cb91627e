"""The frozen values that flow through drumsort, in the order of their use.

``Path -> Clip -> LogMel array -> Prediction -> Result -> Plan -> CheckedPlan -> Run``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Audio samples, float32, nominally from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The part of a sound file that drumsort listens to.

    Attributes:
        samples: shape ``(n,)``, float32, mono.
        rate: samples per second, in Hz.
        duration: length of the whole file in seconds, which may be longer than ``samples``.
        remark: what a listener should know (for instance that the file is cut short), or ``""``.
        start: where ``samples`` begin in the file, in seconds.
        channels: number of channels of the file.
        format: container and coding of the file in libsndfile's terms: ``"WAV PCM_16"``.
        audio_hash: SHA-256 in hex of all samples of the file with their rate and channels, without
            tags, and the same in every lossless format. ``""`` if it was not asked for.
        file_hash: SHA-256 in hex of all bytes of the file, or ``""``.
    """

    samples: Samples = field(repr=False)
    rate: int
    duration: float
    remark: str = ""
    start: float = 0.0
    channels: int = 1
    format: str = ""
    audio_hash: str = ""
    file_hash: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is measured in a sound, whatever it is, in the one channel that is heard.

    A value is ``None`` where a catalog of an older version does not know it yet.

    Attributes:
        loudness_db: of the loudest 400 ms by ITU-R BS.1770, in dB below full scale (LUFS); silence
            follows a shorter sound.
        peak_db: highest sample, in dB below full scale.
        onset_s: where the sound begins in the file, in seconds.
        brightness_hz: spectral centroid of the first 50 ms, weighted by power, in Hz.
        pitch_hz: the lowest strong partial after the attack, in Hz; ``None`` if there is none. It
            is meaningful only for pitched drums (``taxonomy.PITCHED``).
        pitch_confidence: how much of the power after the attack, up to 1,200 Hz, lies in that
            partial, 0.2 to 1; ``None`` without a pitch.
        true_peak_db: highest level between samples, too, in dB below full scale (dBTP).
        attack_s: from the onset until the sound is within 3 dB of its loudest, in seconds.
        decay_s: from the loudest instant until the sound stays 20 dB below it, in seconds.
    """

    loudness_db: float
    peak_db: float
    onset_s: float
    brightness_hz: float
    pitch_hz: float | None = None
    pitch_confidence: float | None = None
    true_peak_db: float | None = None
    attack_s: float | None = None
    decay_s: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a file besides the verdict.

    Attributes:
        file_hash: SHA-256 of all bytes, in hex.
        audio_hash: SHA-256 of all samples with their rate and channels, in hex.
        duration: length of the whole file, in seconds.
        rate: samples per second, in Hz.
        channels: number of channels.
        format: container and coding in libsndfile's terms: ``"WAV PCM_16"``.
        remark: what a listener should know of the file, or ``""``.
        analysis: what was measured.
    """

    file_hash: str
    audio_hash: str
    duration: float
    rate: int
    channels: int
    format: str
    remark: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Prediction:
    """The verdict on one sound.

    Attributes:
        family: the final family, or ``"unsure"``.
        label: the final label, or ``"unsure"``.
        raw: the best label before any threshold.
        confidence: probability of the best family, 0 to 1.
        scores: label to probability; they sum to 1.
        reason: why the final verdict is not simply ``raw``, or ``""``.
        evidence: the kind of evidence that made the verdict what it is: the last that changed it.
        embedding: shape ``(d,)``, float32, unit length; ``None`` if the model has none.
        place: position on the model's 2-D map, shape ``(2,)``, float32; ``None`` if it has none.
        heard: the best family by the sound alone, and its siblings, or ``""`` if that is not known.
        heard_confidence: probability of that, 0 to 1.
        named: the family that its name says, or ``""`` where it says none.
        network: the network's own scores, before all other evidence, shape ``(n_labels,)``.
    """

    family: str
    label: str
    raw: str
    confidence: float
    scores: Mapping[str, float] = field(repr=False)
    reason: str = ""
    embedding: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    place: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    evidence: str = field(default="network", repr=False, compare=False)
    heard: str = field(default="", repr=False)
    heard_confidence: float = field(default=0.0, repr=False)
    named: str = field(default="", repr=False)
    network: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Result:
    """One file and what was heard in it: a prediction or an error, never both.

    Attributes:
        path: the file.
        root: the folder that was asked for; for a single file, its folder.
        size: size in bytes when it was heard.
        mtime_ns: modification time in nanoseconds when it was heard.
        prediction: the verdict, or ``None`` after an error.
        error: one sentence, or ``None``.
        facts: what else is known about the file, if asked for.
        damage: what is wrong with the file itself, or ``""``: that it is cut short (there is a
            prediction all the same), or silent, say (there is an error).
        unread: whether the error is that it could not be read; it may be another time.
    """

    path: Path
    root: Path
    size: int = 0
    mtime_ns: int = 0
    prediction: Prediction | None = None
    error: str | None = None
    facts: Facts | None = field(default=None, repr=False, compare=False)
    damage: str = ""
    unread: bool = False

    @property
    def ok(self) -> bool:
        """Whether the file was heard."""
        return self.prediction is not None

    @property
    def family(self) -> str | None:
        """The family, ``"unsure"``, or ``None`` after an error."""
        return self.prediction.family if self.prediction else None

    @property
    def label(self) -> str | None:
        """The label, ``"unsure"``, or ``None`` after an error."""
        return self.prediction.label if self.prediction else None

    @property
    def confidence(self) -> float | None:
        """Probability of the family, or ``None`` after an error."""
        return self.prediction.confidence if self.prediction else None


class Action(StrEnum):
    """What is done with a file: ``copy``, ``move``, ``link``, ``symlink``, ``relink``, ``slice`` or
    ``tag``.

    A link is a hard one; a relink replaces a file with a hard link to a file that is kept. A slice
    puts in place what drumsort has cut from a longer sound. A tag writes what was heard into the
    file's own metadata.
    """

    COPY = "copy"
    MOVE = "move"
    LINK = "link"
    SYMLINK = "symlink"
    RELINK = "relink"
    SLICE = "slice"
    TAG = "tag"


class Way(StrEnum):
    """How the bytes of a file were copied."""

    REFLINK = "reflink"
    COPY_FILE_RANGE = "copy_file_range"
    READ_AND_WRITE = "read and write"


@dataclass(frozen=True, slots=True)
class Tags:
    """What drumsort writes into a file; ``""`` takes out what it wrote there before.

    Attributes:
        label: ``closed_hat``.
        family: ``hat``; it is the genre, too.
        key: the note of a tuned drum without its octave: ``F#``.
        comment: a line for people.
        keywords: words to search for, with ``"; "`` between them.
        overwrite: whether ``comment`` replaces one that somebody else wrote.
    """

    label: str = ""
    family: str = ""
    key: str = ""
    comment: str = ""
    keywords: str = ""
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One file to bring from ``source`` to ``target``.

    ``size`` in bytes and ``mtime_ns`` are those when it was heard. For a move, a relink or a tag,
    ``check`` records the permissions of ``source`` in ``mode``. In a relink, ``source`` is the
    duplicate that becomes a hard link to ``target``. In a tag, both are the file, and ``tags`` is
    what to write into it.

    Where ``origin`` is given, ``source`` is what an earlier sort made of the file ``origin``. It is
    *re-filed*: moved within the output folder, whatever the action of the plan.

    In a slice, ``source`` is a file of drumsort's own that is gone once it is in place, and
    ``cut_from`` is the sound that it was cut from.
    """

    source: Path
    target: Path
    size: int
    mtime_ns: int
    mode: int = 0
    origin: Path | None = None
    cut_from: Path | None = None
    tags: Tags | None = None

    @property
    def heard(self) -> Path:
        """The file that was sorted, the original of one that is re-filed."""
        return self.origin or self.source


@dataclass(frozen=True, slots=True)
class Terms:
    """How a sort decides where a file goes; ``None`` leaves it as it was in the sort before.

    Attributes:
        layout: path below the output folder.
        policy: how sure a verdict must be to stand.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        model: the folder of a model; ``""`` for the one that ships.
        company: whether the other sounds of its folder count in the verdict on a sound.
        ear: ``second`` or ``quick``.
        rename: the pattern of new names; ``""`` keeps them.
        names: how names count: ``hint``, ``ignore`` or ``trust``.
    """

    layout: str | None = None
    policy: str | None = None
    min_confidence: float | None = None
    model: str | None = None
    company: bool | None = None
    ear: str | None = None
    rename: str | None = None
    names: str | None = None

    def then(self, later: "Terms") -> "Terms":
        """The terms after a later sort on terms of its own."""
        said = later.policy is not None or later.min_confidence is not None
        threshold = later if said else self
        return Terms(
            self.layout if later.layout is None else later.layout,
            threshold.policy,
            threshold.min_confidence,
            self.model if later.model is None else later.model,
            self.company if later.company is None else later.company,
            self.ear if later.ear is None else later.ear,
            self.rename if later.rename is None else later.rename,
            self.names if later.names is None else later.names,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do; made without looking at the disk.

    Attributes:
        roots: the folders that the sources lie in.
        into: the output folder, above all targets; in a relink, a folder that was scanned, and in
            a tag the first of ``roots``.
        action: copy, move, link, symlink, relink, slice or tag.
        operations: in the order they will run. Except in a relink, no two targets are the same,
            even if case is ignored.
        terms: how a sort decided on the targets; ``None`` if no sort did.
    """

    roots: tuple[Path, ...]
    into: Path
    action: Action
    operations: tuple[Operation, ...]
    terms: Terms | None = None


class ConflictKind(StrEnum):
    """Where a plan and the disk disagree."""

    ALREADY_THERE = "already there"
    TARGET_TAKEN = "target taken"
    CASE_CLASH = "case clash"
    NAME_NOT_ALLOWED = "name not allowed"
    SOURCE_CHANGED = "source changed"
    SOURCE_GONE = "source gone"
    OUTPUT_INSIDE_INPUT = "output inside input"
    NO_SPACE = "no space"
    NOT_WRITABLE = "not writable"
    NOT_POSSIBLE = "not possible"
    NO_LONGER_OURS = "no longer ours"


class Outcome(StrEnum):
    """The consequence of a conflict."""

    RENAMED = "renamed"
    SKIPPED = "skipped"
    LEFT = "left"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One disagreement between plan and disk, and its consequence.

    Attributes:
        kind: what disagrees.
        outcome: ``RENAMED`` (another name was found), ``SKIPPED`` (nothing to do, all is well),
            ``LEFT`` (a person changed or moved what was sorted, and it is left so), ``FAILED``
            (this file stays where it is), ``REFUSED`` (nothing of the run is done).
        path: the file or folder concerned.
        message: one sentence that names it and says what to do.
        source: of ``ALREADY_THERE``, the file of the plan that ``path`` is already made of.
    """

    kind: ConflictKind
    outcome: Outcome
    path: Path
    message: str
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan that was compared with the disk.

    Attributes:
        plan: the original plan.
        operations: what will be done, with free target names.
        conflicts: every disagreement that was found.
    """

    plan: Plan
    operations: tuple[Operation, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def refused(self) -> tuple[Conflict, ...]:
        """The conflicts that stop the whole run."""
        return tuple(c for c in self.conflicts if c.outcome is Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Run:
    """What an apply, a resume or an undo did.

    Attributes:
        id: the name of the run in ``drumsort history`` and for ``drumsort undo``.
        action: copy, move, link, symlink, relink, slice or tag.
        into: the output folder.
        done: number of files now in place (after an undo: taken back).
        failures: path to one sentence for each file that was left as it was.
        ways: way of copying to the number of files; links do not count.
        stopped: why the run ended before its last file and how to go on, or ``""``.
        refiled: how many of ``done`` lay in the output folder already; sidecars do not count.
        gone: after an undo, path to one sentence for each file that a person had taken from where
            the run put it; such files are not among ``done``.
    """

    id: str
    action: Action
    into: Path
    done: int
    failures: Mapping[Path, str]
    ways: Mapping[Way, int] = field(default_factory=dict)
    stopped: str = ""
    refiled: int = 0
    gone: Mapping[Path, str] = field(default_factory=dict)
