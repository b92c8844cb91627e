"""The quick network: plain convolutions, with nothing slow between them.

It is made for ONNX Runtime on a CPU, which stores channels in blocks of 16: other numbers of
channels are padded, and gates, or an offset per band, would make it rearrange them. Shortcuts
after K. He et al., "Deep Residual Learning", CVPR 2016.

Most one-shots end long before the last frame. Every convolution sees zeros after the end of a
sound, as its padding is zero. So those frames can be left out, which changes nothing but the time.
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from drumsort.features import SILENT_DB


class Block(nn.Module):
    """Convolution, batch norm and ReLU, with a shortcut if the shapes allow one."""

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, stride: int | tuple[int, int] = 1
    ) -> None:
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.convolve(x)
        return F.relu(x + y if self.shortcut else y)


class QuickNet(nn.Module):
    """Log-mel -> logits over labels, and an embedding.

    Args:
        n_labels: how many labels to tell apart.
        n_mels: mel bands of the front end, a multiple of 16.
        n_frames: frames of the front end, a multiple of ``crop``.
        channels: at a half, a quarter and an eighth of the resolution, and where only the bands
            are a sixteenth; multiples of 16.
        depth: blocks with a shortcut at an eighth and after it; at a quarter one fewer.
        embedding: size of the embedding.
        dropout: probability, before the embedding.

    Attributes:
        crop: frames after the end of a sound can be left out in multiples of this number.
    """

    crop = 8

    def __init__(
        self,
        n_labels: int,
        n_mels: int = 64,
        n_frames: int = 128,
        channels: Sequence[int] = (32, 48, 64, 96),
        depth: int = 1,
        embedding: int = 128,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        half, quarter, eighth, last = channels
        self.blocks = nn.Sequential(
            Block(1, half, 5, 2),
            Block(half, quarter, stride=2),
            *(Block(quarter, quarter) for _ in range(depth - 1)),
            Block(quarter, eighth, stride=2),
            *(Block(eighth, eighth) for _ in range(depth)),
            Block(eighth, last, stride=(2, 1)),
            *(Block(last, last) for _ in range(depth)),
        )
        if n_frames % self.crop:
            raise ValueError(f"{n_frames} frames are not a multiple of {self.crop}")
        self.length = n_frames / self.crop
        self.dropout = nn.Dropout(dropout)
        self.embed = nn.Linear(last * (n_mels // 16), embedding)
        self.classify = nn.Linear(embedding, n_labels)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> logits ``(batch, n_labels)`` and
        embedding ``(batch, embedding)`` of unit length."""
        inside = sounding_mask(mel, self.crop)
        x = mel[:, None] / 40 + 1
        for block in self.blocks:
            x = block(x * inside[..., :: inside.shape[3] // x.shape[3]])
        return self._verdict(x * inside[..., :: self.crop])

    def cropped(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """The same for log-mels ``(batch, n_mels, m)`` that are cut at the end of their sounds;
        ``m`` is a multiple of ``crop``."""
        return self._verdict(self.blocks(mel[:, None] / 40 + 1))

    def _verdict(self, x: Tensor) -> tuple[Tensor, Tensor]:
        pooled = (x.sum(3) / self.length + x.amax(3)).flatten(1)
        features = self.embed(self.dropout(pooled))
        return self.classify(F.relu(features)), F.normalize(features)


def sounding_mask(mel: Tensor, step: int) -> Tensor:
    """Log-mel -> 1 up to the end of each sound, in whole steps, then 0: ``(n, 1, 1, n_frames)``."""
    sounding = (mel > SILENT_DB).any(1).reshape(len(mel), -1, step).any(2)
    sounding[:, 0] = True  # there must be one step
    inside: Tensor = sounding.to(mel.dtype).flip(1).cummax(1).values.flip(1)
    return inside.repeat_interleave(step, 1)[:, None, None]
