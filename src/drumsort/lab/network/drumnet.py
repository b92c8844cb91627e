"""The network: a small residual network with squeeze-and-excitation.

Residual blocks after K. He et al., "Deep Residual Learning", CVPR 2016; squeeze-and-excitation
after J. Hu et al., CVPR 2018. Plain 3x3 convolutions, not depthwise ones: at this size they train
twice as fast on a CPU and are no slower to use.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)


class Block(nn.Module):
    """Convolution 3x3 and squeeze-and-excitation, with a shortcut if the shapes allow one."""

    def __init__(
        self, inputs: int, outputs: int, stride: int | tuple[int, int] = 1, reduction: int = 8
    ) -> None:
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        )
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(outputs, outputs // reduction, 1),
            nn.ReLU(),
            nn.Conv2d(outputs // reduction, outputs, 1),
            nn.Sigmoid(),
        )
        self.shortcut = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y = self.convolve(x)
        y = y * self.gate(y)
        return F.relu(x + y if self.shortcut else y)


class DrumNet(nn.Module):
    """Log-mel -> logits over labels, and an embedding.

    Args:
        n_labels: how many labels to tell apart.
        n_mels: mel bands of the front end, a multiple of 16.
        n_frames: frames of the front end; any number.
        width: channels after the first block; the deeper ones have two and three times as many.
        embedding: size of the embedding.
        dropout: probability, before the embedding.
    """

    def __init__(
        self,
        n_labels: int,
        n_mels: int = 64,
        n_frames: int = 128,
        width: int = 32,
        embedding: int = 128,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        first = width * 3 // 4
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 5, 2, 2, bias=False), nn.BatchNorm2d(first), nn.ReLU()
        )
        # Convolutions do not know their position, but the class depends on which band rings.
        self.band = nn.Parameter(torch.zeros(1, first, n_mels // 2, 1))
        self.blocks = nn.Sequential(
            Block(first, width, 2),
            Block(width, width),
            Block(width, 2 * width, 2),
            Block(2 * width, 2 * width),
            Block(2 * width, 3 * width, (2, 1)),
            Block(3 * width, 3 * width),
        )
        self.dropout = nn.Dropout(dropout)
        self.embed = nn.Linear(3 * width * (n_mels // 16), embedding)
        self.classify = nn.Linear(embedding, n_labels)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> logits ``(batch, n_labels)`` and
        embedding ``(batch, embedding)`` of unit length."""
        x = self.blocks(self.stem(mel[:, None] / 40 + 1) + self.band)
        pooled = (x.mean(3) + x.amax(3)).flatten(1)
        features = self.embed(self.dropout(pooled))
        return self.classify(F.relu(features)), F.normalize(features)
