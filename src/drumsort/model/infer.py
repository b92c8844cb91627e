"""Clip -> log-mel -> label probabilities, embedding and place on the map, with ONNX Runtime.

The quick network hears every sound. The second one, where the model has one, is asked about those
that the quick one is not sure of; both verdicts then make one.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import BundleError
from drumsort.features import SILENT_DB, LogMel
from drumsort.model.bundle import Bundle, Second
from drumsort.model.classes import Classes
from drumsort.types import Clip

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Scores = NDArray[np.float32]
LogMels = NDArray[np.float32]
"""Log-mels of many sounds, dB, float32, shape ``(n, n_mels, n_frames)``."""

More = Callable[[LogMel, Sequence[int]], LogMels]
"""Gives the log-mels of a front end for the sounds of these numbers."""


@dataclass(frozen=True)
class Heard:
    """What the network says of one sound.

    Attributes:
        scores: calibrated probabilities that sum to 1, shape ``(n_labels,)``, float32.
        embedding: unit vector, shape ``(d,)``, float32, or ``None``.
        place: position on the map, shape ``(2,)``, float32, mostly within -1 and 1, or ``None``.
    """

    scores: Scores
    embedding: NDArray[np.float32] | None = None
    place: NDArray[np.float32] | None = None


class Network:
    """The network of a bundle, and its second opinion; several threads may call it at once.

    Raises:
        BundleError: ONNX Runtime cannot run a graph, or it does not fit the bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._classes = bundle.classes
        self._front_end, self._second = bundle.front_end, bundle.second
        self._quick = _Graph(bundle, bundle.network)
        if self._second:
            self._larger = _Graph(_alone(bundle, self._second), bundle.second_network)

    def __call__(self, clip: Clip) -> Heard:
        """Hear one sound."""
        return self.hear_all([clip])[0]

    def hear_all(self, clips: Sequence[Clip]) -> list[Heard]:
        """Hear sounds, each as if it were alone.

        Four to sixteen at once take less time than one by one, if the network hears the same number
        of frames of each.
        """

        def log_mels(front_end: LogMel, some: Sequence[int]) -> LogMels:
            return np.stack([front_end(clips[i]) for i in some])

        return self.hear_log_mels(log_mels(self._front_end, range(len(clips))), log_mels)

    def hear_log_mels(self, mels: LogMels, more: More | None = None) -> list[Heard]:
        """Hear sounds by their log-mels.

        Args:
            mels: those of the quick network's front end.
            more: gives those of the second opinion's, for the sounds that it is asked about;
                needed where there is one.
        """
        heard = self._quick(mels)
        if self._second:
            scores = np.stack([one.scores for one in heard])
            asked = np.flatnonzero(unsure(self._classes, scores, self._second))
            if len(asked):
                if more is None:
                    raise ValueError("the second opinion hears by another log-mel")
                larger = self._larger(more(self._second.front_end, asked.tolist()))
                second = np.stack([one.scores for one in larger])
                both = mean(scores[asked], second, self._second)
                for i, p in zip(asked.tolist(), both, strict=True):
                    heard[i] = replace(heard[i], scores=p)
        return heard


def _alone(bundle: Bundle, second: Second) -> Bundle:
    """The second opinion, as if it were a model."""
    return replace(
        bundle,
        front_end=second.front_end,
        crop=second.crop,
        temperature=second.temperature,
        outputs={"logits": "logits"},
        second=None,
    )


def unsure(classes: Classes, quick: Scores, how: Second) -> NDArray[np.bool_]:
    """Which sounds the second network is asked about, ``(n,)``, by what the quick one says."""
    asked: NDArray[np.bool_] = classes.best(quick).confidence < how.threshold
    return asked


def mean(quick: Scores, second: Scores, how: Second) -> Scores:
    """What two networks say together, ``(n, n_labels)``, from what each says; see ``Second``."""
    share = np.float32(how.share)
    together = (1 - share) * _log(quick) + share * _log(second)
    return _softmax((together / how.mean_temperature).astype(np.float32))


def _log(p: Scores) -> Scores:
    log: Scores = np.log(np.maximum(p, np.float32(1e-37)))  # which is not 0 in single precision
    return log


class _Graph:
    """One ONNX file; gives what it says of each of many sounds.

    Args:
        bundle: the model whose network it is.
        path: the file.

    Raises:
        BundleError: ONNX Runtime cannot run the graph, or it does not fit the bundle.
    """

    def __init__(self, bundle: Bundle, path: Path) -> None:
        try:
            self._session = _session(path)
            self._input = self._session.get_inputs()[0].name
            self._names = {role: name for role, name in bundle.outputs.items() if name}
            self._temperature = np.float32(bundle.temperature)
            self._crop = bundle.crop
            self._try_out(bundle)
        except Exception as error:  # ONNX Runtime raises its own types for a bad graph
            raise BundleError(
                f"{path} cannot be used with its bundle.json: copy the model folder again."
            ) from error

    def _try_out(self, bundle: Bundle) -> None:
        """Hear a click, so that a mismatch fails here and not in the middle of a library."""
        if self._crop and bundle.front_end.n_frames % self._crop:
            raise ValueError(
                f"{bundle.front_end.n_frames} frames are not a multiple of {self._crop}"
            )
        rate = bundle.front_end.rate or 44_100
        click = Clip(np.ones(1, np.float32), rate, 1 / rate)
        scores = self(bundle.front_end(click)[None])[0].scores
        if scores.shape != (len(bundle.labels),) or not np.isfinite(scores).all():
            raise ValueError(f"{len(bundle.labels)} labels, but scores of shape {scores.shape}")

    def __call__(self, mels: LogMels) -> list[Heard]:
        """Hear log-mels, those of equal length together."""
        if not self._crop:
            return self._hear(mels)
        heard: dict[int, Heard] = {}
        frames = until_the_end(mels, self._crop)
        for length in np.unique(frames):
            (some,) = np.nonzero(frames == length)
            heard |= zip(some.tolist(), self._hear(mels[some, :, :length]), strict=True)
        return [heard[i] for i in range(len(mels))]

    def _hear(self, mels: LogMels) -> list[Heard]:
        given = self._session.run(list(self._names.values()), {self._input: mels})
        out = dict(zip(self._names, given, strict=True))
        scores = _softmax(out["logits"] / self._temperature)
        nothing = [None] * len(mels)
        each = zip(scores, out.get("embedding", nothing), out.get("map", nothing), strict=True)
        return [Heard(*one) for one in each]


def _session(path: Path) -> "InferenceSession":
    """ONNX Runtime, ready to compute a graph on one thread."""
    # Without this, ONNX Runtime may report to Microsoft.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # here, because a process whose workers listen does not need it

    onnxruntime.disable_telemetry_events()  # in case it was imported before

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # files are heard in parallel, not layers
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def until_the_end(mels: LogMels, step: int) -> NDArray[np.intp]:
    """The number of frames up to the end of each sound, in whole steps, at least one."""
    sounding = mels.max(axis=1) > SILENT_DB
    last = mels.shape[2] - 1 - sounding[:, ::-1].argmax(axis=1)
    last[~sounding.any(axis=1)] = 0
    frames: NDArray[np.intp] = (last // step + 1) * step
    return frames


def _softmax(logits: Scores) -> Scores:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p: Scores = powers / powers.sum(axis=1, keepdims=True)
    return p
