"""aiSFX: a network trained on sound-effects libraries, to start from instead of fresh weights.

A. B. Ma and A. Lerch, "Representation Learning for the Automatic Indexing of Sound Effects
Libraries", ISMIR 2022; weights under CC BY 4.0, in the wheel ``aisfx`` 0.1.2. The network is Cnn9
of the DCASE cross-task baseline (Q. Kong et al., 2018) with max pooling.

It was trained on another log-mel than drumsort's: HTK's mel scale, and levels that count from a
peak of 0.5. Bands are moved to their places by linear interpolation, and the level is estimated
from how far the power of the loudest frame spreads. So any recipe, augmentation and cache of the
lab works with it.

As in the quick network, nothing is heard after the end of a sound, so those frames can be left out.
"""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from drumsort.errors import DataError
from drumsort.features import SILENT_DB
from drumsort.features.mel import hz_to_mel
from drumsort.lab.network.quicknet import sounding_mask

CHANNELS = (64, 128, 256, 512)
N_MELS = 96
TOP_HZ = 22_050.0
"""Upper edge of the highest band; the lowest begins at 0 Hz."""

Numbers = NDArray[np.floating[Any]]

WITHIN = "aisfx/models/checkpoint.pth"
"""Where the weights lie within the wheel."""

_LEVEL, _FOR_EACH = 4.88, 1.50
"""The power of the loudest cell, where the waveform has a peak of 0.5, as log10: the first less the
second times log10 of what the loudest frame has in all bins against that cell. By least squares on
250 sounds of the train split, where that is off by 0.3 on average."""

_SCALE = 9.457798957824707  # largest input in the training of aiSFX: inputs lie within 0 and 1


class Block(nn.Module):
    """Two convolutions 3x3, each with batch norm and ReLU, then max pooling.

    Attributes have the names that they have in the published weights.
    """

    def __init__(self, inputs: int, outputs: int, pool: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
        self.pool = pool

    def forward(self, x: Tensor, inside: Tensor | None = None) -> Tensor:
        """``(batch, inputs, time, bands)`` -> ``outputs``, with time and bands a ``pool``-th.

        ``inside`` is 1 up to the end of each sound and 0 after it, ``(batch, 1, n_frames, 1)``.
        """
        x = _cut(F.relu(self.bn1(self.conv1(x))), inside)
        x = _cut(F.relu(self.bn2(self.conv2(x))), inside)
        return F.max_pool2d(x, self.pool) if self.pool > 1 else x


class AiSFX(nn.Module):
    """Log-mel -> logits over labels, and an embedding.

    Args:
        n_labels: how many labels to tell apart.
        n_mels: mel bands of the front end, from 0 to 22,050 Hz; best 96.
        n_frames: frames of the front end, a multiple of ``crop``.
        pretrained: path of the wheel ``aisfx`` 0.1.2, or of the checkpoint within it.
        frozen: how many of the four blocks stay as they were published.
        embedding: size of the embedding.
        dropout: probability, before the embedding.

    Attributes:
        body_rate: the share of the learning rate that the published weights are trained with.
        crop: frames after the end of a sound can be left out in multiples of this number.
    """

    body_rate = 0.2
    crop = 8
    bands: Tensor
    widths: Tensor

    def __init__(
        self,
        n_labels: int,
        n_mels: int = N_MELS,
        n_frames: int = 64,
        pretrained: str = "",
        frozen: int = 0,
        embedding: int = 128,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        if not 0 <= frozen <= len(CHANNELS):
            raise ValueError(f"{frozen} of its {len(CHANNELS)} blocks cannot be frozen")
        self.pretrained, self.frozen = pretrained, frozen
        inputs = (1, *CHANNELS)
        self.blocks = nn.ModuleList(
            Block(inputs[i], CHANNELS[i], 2 if i < 3 else 1) for i in range(len(CHANNELS))
        )
        self.register_buffer("bands", torch.from_numpy(_to_htk(n_mels)), persistent=False)
        self.register_buffer("widths", torch.from_numpy(_widths()), persistent=False)
        self.dropout = nn.Dropout(dropout)
        self.embed = nn.Linear(CHANNELS[-1], embedding)
        self.classify = nn.Linear(embedding, n_labels)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> logits ``(batch, n_labels)`` and
        embedding ``(batch, embedding)`` of unit length."""
        return self._verdict(self.features(mel))

    def cropped(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """The same for log-mels ``(batch, n_mels, m)`` that are cut at the end of their sounds;
        ``m`` is a multiple of ``crop``."""
        x = self._input(mel)
        for block in self.blocks:
            x = block(x)
        return self._verdict(_over_time(x))

    def features(self, mel: Tensor) -> Tensor:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> what aiSFX hears, ``(batch, 512)``."""
        inside = sounding_mask(mel, self.crop).transpose(2, 3)
        x = self._input(mel)
        for i, block in enumerate(self.blocks):
            with torch.set_grad_enabled(torch.is_grad_enabled() and i >= self.frozen):
                x = block(x, inside)
        return _over_time(x)

    def train(self, mode: bool = True) -> "AiSFX":
        """Frozen blocks keep their statistics."""
        super().train(mode)
        for block in self.blocks[: self.frozen]:
            block.eval()
        return self

    def start(self) -> None:
        """Take the published weights.

        Raises:
            DataError: they are not there, or are none.
        """
        if not self.pretrained:
            raise DataError(
                "The network 'aisfx' starts from published weights: fetch them with 'pip download "
                "--no-deps aisfx==0.1.2', and say --set options.pretrained=PATH_OF_THE_WHEEL."
            )
        weights = published(Path(self.pretrained))
        for i, block in enumerate(self.blocks, start=1):
            start = f"embedding_net.conv_block{i}."
            block.load_state_dict(
                {k.removeprefix(start): v for k, v in weights.items() if k.startswith(start)}
            )
        for block in self.blocks[: self.frozen]:
            block.requires_grad_(False)

    def groups(self, learning_rate: float) -> list[dict[str, Any]]:
        """Parameters to train, with the rate of each: the published ones learn more slowly."""
        body = [p for p in self.blocks.parameters() if p.requires_grad]
        head = [*self.embed.parameters(), *self.classify.parameters()]
        parts = [(body, learning_rate * self.body_rate), (head, learning_rate)]
        return [{"params": params, "lr": rate} for params, rate in parts if params]

    def _verdict(self, heard: Tensor) -> tuple[Tensor, Tensor]:
        features = self.embed(self.dropout(heard))
        return self.classify(F.relu(features)), F.normalize(features)

    def _input(self, mel: Tensor) -> Tensor:
        """Log-mel in dB -> the input that the published weights know: (batch, 1, time, bands)."""
        moved = torch.matmul(self.bands, mel)
        power = torch.pow(10.0, moved / 10).masked_fill(moved <= SILENT_DB, 0.0)
        spread = torch.matmul(self.widths, power).amax(1).clamp(min=1.0).log10()
        level = torch.pow(10.0, _LEVEL - _FOR_EACH * spread)[:, None, None]
        return (torch.log10(10_000 * level * power + 1) / _SCALE).transpose(1, 2)[:, None]


def _cut(x: Tensor, inside: Tensor | None) -> Tensor:
    return x if inside is None else x * inside[:, :, :: inside.shape[2] // x.shape[2]]


def _over_time(x: Tensor) -> Tensor:
    return x.mean(3).amax(2)


def published(path: Path) -> dict[str, Tensor]:
    """The weights in the wheel at ``path``, or in the checkpoint that was unpacked from it.

    Raises:
        DataError: they cannot be read.
    """
    try:
        if zipfile.is_zipfile(path) and path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel, wheel.open(WITHIN) as stream:
                content: Any = _load(stream)
        else:
            content = _load(path)
        weights: dict[str, Tensor] = content[0]
    except Exception as error:  # torch raises many types for a damaged file
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(
            f"{path} does not hold the weights of aiSFX ({reason}): fetch them anew with 'pip "
            "download --no-deps aisfx==0.1.2'."
        ) from error
    return weights


def _load(source: Any) -> Any:
    """Read tensors and plain values; nothing in the file is run."""
    from numpy._core.multiarray import scalar  # by its name before numpy 2
    from numpy.dtypes import Float64DType, Int64DType

    named: Any = (scalar, "numpy.core.multiarray.scalar")
    with torch.serialization.safe_globals([named, scalar, np.dtype, Float64DType, Int64DType]):
        return torch.load(source, map_location="cpu", weights_only=True)


def _htk_hz(steps: Numbers) -> Numbers:
    """Hz of places on HTK's mel scale, 0 to 1 from the lowest edge to the highest."""
    hz: Numbers = 700 * np.expm1(steps * np.log1p(TOP_HZ / 700))
    return hz


def _to_htk(n_mels: int) -> Numbers:
    """Bands of HTK's scale from ``n_mels`` of drumsort's, as a matrix ``(96, n_mels)``."""
    centres = _htk_hz(np.arange(1, N_MELS + 1) / (N_MELS + 1))
    places = np.array([hz_to_mel(hz) for hz in centres]) / hz_to_mel(TOP_HZ) * (n_mels + 1) - 1
    places = np.clip(places, 0, n_mels - 1)
    low = np.minimum(places.astype(int), n_mels - 2)
    matrix = np.zeros((N_MELS, n_mels), np.float32)
    matrix[np.arange(N_MELS), low] = 1 - (places - low)
    matrix[np.arange(N_MELS), low + 1] += places - low
    return matrix


def _widths() -> Numbers:
    """How many bins of a window of 2,048 samples at 44.1 kHz each band is wide: ``(96,)``."""
    edges = _htk_hz(np.arange(N_MELS + 2) / (N_MELS + 1))
    return ((edges[2:] - edges[:-2]) / 2 / (2 * TOP_HZ / 2048)).astype(np.float32)
