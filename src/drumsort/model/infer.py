"""Log-mel -> label probabilities, embedding and place on the map, by ONNX Runtime."""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import BundleError
from drumsort.features import SILENT_DB, Spectrogram
from drumsort.model.bundle import Bundle
from drumsort.types import Clip


@dataclass(frozen=True)
class Heard:
    """What the network says of one sound.

    Attributes:
        scores: shape ``(n_labels,)``, float32, calibrated probabilities that sum to 1.
        embedding: shape ``(d,)``, float32, unit length, or ``None``.
        place: on the map, shape ``(2,)``, float32, mostly within -1 and 1, or ``None``.
    """

    scores: NDArray[np.float32]
    embedding: NDArray[np.float32] | None = None
    place: NDArray[np.float32] | None = None


class Network:
    """The network of a bundle; may be called from several threads at once.

    Raises:
        BundleError: ONNX Runtime cannot run the graph, or it does not fit the bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = (
            "1"  # nothing is sent anywhere: it would be, to Microsoft
        )
        import onnxruntime  # here, for a process that has others listen does without

        onnxruntime.disable_telemetry_events()  # where it was imported before

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # files are heard in parallel, not layers
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(bundle.network), options, providers=["CPUExecutionProvider"]
            )
            self._input = self._session.get_inputs()[0].name
            self._names = {role: name for role, name in bundle.outputs.items() if name}
            self._temperature = np.float32(bundle.temperature)
            self._crop = bundle.crop
            self._try_out(bundle)
        except Exception as error:  # ONNX Runtime raises types of its own for a bad graph
            raise BundleError(
                f"{bundle.network} cannot be used with its bundle.json: copy the model folder "
                "again."
            ) from error

    def _try_out(self, bundle: Bundle) -> None:
        """Hear a click: what does not fit together fails here, not in the middle of a library."""
        if self._crop and bundle.front_end.n_frames % self._crop:
            raise ValueError(f"{bundle.front_end.n_frames} frames are no multiple of {self._crop}")
        rate = bundle.front_end.rate or 44_100
        click = Clip(np.ones(1, np.float32), rate, 1 / rate)
        scores = self(bundle.front_end(click)).scores
        if scores.shape != (len(bundle.labels),) or not np.isfinite(scores).all():
            raise ValueError(f"{len(bundle.labels)} labels, but scores of shape {scores.shape}")

    def __call__(self, mel: Spectrogram) -> Heard:
        """Hear one log-mel of shape ``(n_mels, n_frames)``, dB."""
        return self.hear_all(mel[None])[0]

    def hear_all(self, mels: NDArray[np.float32]) -> list[Heard]:
        """Hear log-mels of shape ``(n, n_mels, n_frames)``, dB, each as if it were alone.

        Four to sixteen at once take a little less time than one after the other, if the network
        hears as many frames of each.
        """
        if not self._crop:
            return self._hear(mels)
        heard: dict[int, Heard] = {}
        frames = until_the_end(mels, self._crop)
        for length in np.unique(frames):
            (some,) = np.nonzero(frames == length)
            heard |= zip(some.tolist(), self._hear(mels[some, :, :length]), strict=True)
        return [heard[i] for i in range(len(mels))]

    def _hear(self, mels: NDArray[np.float32]) -> list[Heard]:
        given = self._session.run(list(self._names.values()), {self._input: mels})
        out = dict(zip(self._names, given, strict=True))
        scores = _softmax(out["logits"] / self._temperature)
        nothing = [None] * len(mels)
        each = zip(scores, out.get("embedding", nothing), out.get("map", nothing), strict=True)
        return [Heard(*one) for one in each]


def until_the_end(mels: NDArray[np.float32], step: int) -> NDArray[np.intp]:
    """How many frames there are up to the end of each sound, in whole steps, at least one."""
    sounding = mels.max(axis=1) > SILENT_DB
    last = mels.shape[2] - 1 - sounding[:, ::-1].argmax(axis=1)
    last[~sounding.any(axis=1)] = 0
    frames: NDArray[np.intp] = (last // step + 1) * step
    return frames


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return p
