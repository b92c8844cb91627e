"""The network: depthwise-separable residual blocks with squeeze-and-excitation.

Depthwise-separable convolutions after A. G. Howard et al., "MobileNets", 2017; squeeze and
excitation after J. Hu et al., "Squeeze-and-Excitation Networks", CVPR 2018.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)


class SqueezeExcite(nn.Module):
    """Weighs each channel by what the whole picture holds."""

    def __init__(self, channels: int, reduction: int = 8) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, channels // reduction, 1),
            nn.ReLU(),
            nn.Conv2d(channels // reduction, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gate(x)


class Block(nn.Module):
    """Depthwise 3x3, pointwise, squeeze and excitation, with a shortcut where shapes allow."""

    def __init__(self, inputs: int, outputs: int, stride: int | tuple[int, int] = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.ReLU(),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            SqueezeExcite(outputs),
        )
        self.shortcut = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        return F.relu(x + y if self.shortcut else y)


class DrumNet(nn.Module):
    """Log-mel -> logits over labels, and an embedding.

    Args:
        n_labels: how many labels to tell apart.
        n_mels: mel bands of the front end, a multiple of 16.
        width: channels after the first convolution; the rest scale with it.
        embedding: size of the embedding.
        dropout: probability, before the embedding.
    """

    def __init__(
        self,
        n_labels: int,
        n_mels: int = 64,
        width: int = 32,
        embedding: int = 128,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        widths: Sequence[int] = [width, width * 3 // 2, width * 3, width * 5]
        first, second, third, last = widths
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 5, 2, 2, bias=False), nn.BatchNorm2d(first), nn.ReLU()
        )
        # Convolutions do not know where they are; the class depends on which band rings.
        self.band_bias = nn.Parameter(torch.zeros(1, first, n_mels // 2, 1))
        self.blocks = nn.Sequential(
            Block(first, first),
            Block(first, second, 2),
            Block(second, second),
            Block(second, third, 2),
            Block(third, third),
            Block(third, third),
            Block(third, last, (2, 1)),
            Block(last, last),
        )
        self.dropout = nn.Dropout(dropout)
        self.embed = nn.Linear(last * (n_mels // 16), embedding)
        self.classify = nn.Linear(embedding, n_labels)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> logits ``(batch, n_labels)`` and
        embedding ``(batch, embedding)`` of unit length."""
        x = self.stem(mel[:, None] / 40 + 1) + self.band_bias
        x = self.blocks(x)
        pooled = (x.mean(3) + x.amax(3)).flatten(1)
        features = self.embed(self.dropout(pooled))
        return self.classify(F.relu(features)), F.normalize(features)
