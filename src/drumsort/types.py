"""The frozen values that flow through drumsort, in the order in which they appear.

``Path -> Clip -> LogMel array -> Prediction -> Result -> Plan -> CheckedPlan -> Run``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Audio samples, float32, nominally within -1 and 1."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The part of a sound file that is heard.

    Attributes:
        samples: shape ``(n,)``, float32, mono.
        rate: samples per second, in Hz.
        duration: length of the whole file in seconds, which may be longer than ``samples``.
        remark: what a listener should know (for instance that the file is cut short), or ``""``.
        start: where in the file ``samples`` begin, in seconds.
        channels: of the file.
        format: of the file, as libsndfile calls it: ``"WAV PCM_16"``.
        audio_hash: SHA-256 in hex of all samples of the file with their rate and channels; tags do
            not count, nor does the format where it loses nothing. ``""`` if nobody asked for it.
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
    """What can be measured in a sound, whatever it is.

    Attributes:
        loudness_db: RMS of the loudest 400 ms, in dB below full scale.
        peak_db: highest sample, in dB below full scale.
        onset_s: where in the file the sound sets in, in seconds.
        brightness_hz: spectral centroid of the first 50 ms, weighted by power, in Hz.
        pitch_hz: the lowest strong partial once the stroke is over, in Hz; ``None`` if there is
            none. It means something for pitched drums (``taxonomy.PITCHED``) only.
    """

    loudness_db: float
    peak_db: float
    onset_s: float
    brightness_hz: float
    pitch_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a file besides the verdict.

    Attributes:
        file_hash: SHA-256 of all bytes, in hex.
        audio_hash: SHA-256 of all samples with their rate and channels, in hex.
        duration: of the whole file, in seconds.
        rate: samples per second, in Hz.
        channels: how many.
        format: as libsndfile calls it: ``"WAV PCM_16"``.
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
        embedding: shape ``(d,)``, float32, unit length; ``None`` if the model has none.
        place: on the model's map of sounds, shape ``(2,)``, float32; ``None`` if it has none.
    """

    family: str
    label: str
    raw: str
    confidence: float
    scores: Mapping[str, float] = field(repr=False)
    reason: str = ""
    embedding: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    place: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)


def pack_of(path: Path, root: Path) -> str:
    """Name of the top folder below ``root`` that holds ``path``, or that of ``root``."""
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else root.name


@dataclass(frozen=True, slots=True)
class Result:
    """One file and what was heard in it: a prediction or an error, never both.

    Attributes:
        path: the file.
        root: the folder that was asked for; for a file asked for by name, its folder.
        size: bytes, when it was heard.
        mtime_ns: time of last change in nanoseconds, when it was heard.
        prediction: the verdict, or ``None`` where there is an error.
        error: one sentence, or ``None``.
        facts: what else is known of it, where that was asked for.
    """

    path: Path
    root: Path
    size: int = 0
    mtime_ns: int = 0
    prediction: Prediction | None = None
    error: str | None = None
    facts: Facts | None = field(default=None, repr=False, compare=False)

    @property
    def pack(self) -> str:
        """Name of the top folder below ``root`` that holds the file, or that of ``root``."""
        return pack_of(self.path, self.root)

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
    """How a file gets to its new place; a relink makes its name one of a file that is kept."""

    COPY = "copy"
    MOVE = "move"
    LINK = "link"
    SYMLINK = "symlink"
    RELINK = "relink"


class Way(StrEnum):
    """How the bytes of a copy got there."""

    REFLINK = "reflink"
    COPY_FILE_RANGE = "copy_file_range"
    READ_AND_WRITE = "read and write"


@dataclass(frozen=True, slots=True)
class Operation:
    """One file that goes from ``source`` to ``target``; size and mtime are those when heard.

    In a relink ``source`` is the duplicate whose name becomes one of the file ``target``, and
    ``mode`` its permissions, which ``check`` notes.
    """

    source: Path
    target: Path
    size: int
    mtime_ns: int
    mode: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done; made without looking at the disk.

    Attributes:
        roots: the folders that the sources lie in.
        into: the output folder that all targets lie in; of a relink, one that was scanned.
        action: copy, move, link, symlink or relink.
        operations: in the order they will run; no two targets are alike, even where case is
            ignored, but those of a relink.
    """

    roots: tuple[Path, ...]
    into: Path
    action: Action
    operations: tuple[Operation, ...]


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


class Outcome(StrEnum):
    """What a conflict means for the run."""

    RENAMED = "renamed"
    SKIPPED = "skipped"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One disagreement between plan and disk, and what follows from it.

    Attributes:
        kind: what disagrees.
        outcome: ``RENAMED`` (another name was found), ``SKIPPED`` (nothing to do, all is well),
            ``FAILED`` (this file stays where it is), ``REFUSED`` (nothing of the run is done).
        path: the file or folder it is about.
        message: one sentence that names it and says what to do.
    """

    kind: ConflictKind
    outcome: Outcome
    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """A plan that was held against the disk.

    Attributes:
        plan: as it was asked for.
        operations: what will be done, with the names that are free.
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
        id: names the run in ``drumsort history`` and for ``drumsort undo``.
        action: copy, move, link, symlink or relink.
        into: the output folder.
        done: how many files are now in place (after an undo: are back).
        failures: path to one sentence for each file that was left as it was.
        ways: how many files were copied in each way; those that were linked do not count.
    """

    id: str
    action: Action
    into: Path
    done: int
    failures: Mapping[Path, str]
    ways: Mapping[Way, int] = field(default_factory=dict)
