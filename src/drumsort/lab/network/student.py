"""The three networks of the student project that drumsort grew out of, layer by layer.

Each takes log-mel ``(batch, 128, 128)`` and gives logits and an embedding of unit length, the
activations before the last layer.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

N_MELS = 128
N_FRAMES = 128


class Basic(nn.Module):
    """Three convolutions 3x3 with max-pooling, then two linear layers.

    Args:
        n_labels: how many labels to tell apart.
        n_mels: mel bands of the front end; 128.
        n_frames: frames of the front end; 128.
        normalize: batch norm after each convolution and dropout of 0.5 before the last layer.
    """

    def __init__(
        self,
        n_labels: int,
        n_mels: int = N_MELS,
        n_frames: int = N_FRAMES,
        normalize: bool = False,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in ((1, 32), (32, 64), (64, 128)):
            layers.append(nn.Conv2d(inputs, outputs, 3, padding=1))
            if normalize:
                layers.append(nn.BatchNorm2d(outputs))
            layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        self.features = nn.Sequential(*layers)
        self.embed = nn.Linear(128 * (n_mels // 8) * (n_frames // 8), 512)
        self.dropout = nn.Dropout(0.5 if normalize else 0.0)
        self.classify = nn.Linear(512, n_labels)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> logits ``(batch, n_labels)`` and
        embedding ``(batch, 512)``."""
        embedding = F.relu(self.embed(self.features(mel[:, None]).flatten(1)))
        return self.classify(self.dropout(embedding)), F.normalize(embedding)


class SqueezeExcite(nn.Module):
    """The gates of squeeze-and-excitation, one for each channel (J. Hu et al., CVPR 2018)."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // reduction)
        self.excite = nn.Linear(channels // reduction, channels)

    def forward(self, x: Tensor) -> Tensor:
        """``(batch, channels, height, width)`` -> gates ``(batch, channels, 1, 1)``."""
        gates = torch.sigmoid(self.excite(F.relu(self.squeeze(_mean(x)))))
        return gates[:, :, None, None]


class Grouped(nn.Conv2d):
    """A grouped convolution, computed as a dense one with zeros between the groups.

    The numbers are the same, and for groups as small as here it is five times as fast.
    """

    def forward(self, x: Tensor) -> Tensor:
        group = torch.arange(self.out_channels, device=x.device) // self.weight.shape[1]
        within = (group[:, None] == group[None])[:, :, None, None]
        weight = self.weight.repeat(1, self.groups, 1, 1) * within
        return F.conv2d(x, weight, self.bias, padding=self.padding)


class Separable(nn.Module):
    """Depthwise 3x3, pointwise, batch norm, ReLU, squeeze-and-excitation and max-pooling.

    Gates are positive, so pooling before gating gives the same result for a quarter of the work.
    """

    def __init__(self, inputs: int, outputs: int, groups: int, pool: int) -> None:
        super().__init__()
        kind = nn.Conv2d if groups == inputs else Grouped
        self.depthwise = kind(inputs, inputs, 3, padding=1, groups=groups)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)
        self.norm = nn.BatchNorm2d(outputs)
        self.gate = SqueezeExcite(outputs)
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm(self.pointwise(self.depthwise(x))), inplace=True)
        gates = self.gate(x)
        pooled: Tensor = F.max_pool2d(x, self.pool) if self.pool > 1 else x
        gated: Tensor = pooled * gates
        return gated


class DepthwiseSE(nn.Module):
    """Convolution 5x5 and four depthwise-separable blocks, all with squeeze-and-excitation.

    Args:
        n_labels: how many labels to tell apart.
        n_mels: mel bands of the front end; any number.
        n_frames: frames of the front end; any number.
        groups: of the first block's "depthwise" convolution over 32 channels; the student
            project had 16, a truly depthwise one has 32.
    """

    def __init__(
        self, n_labels: int, n_mels: int = N_MELS, n_frames: int = N_FRAMES, groups: int = 32
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 32, 5, padding=2), nn.BatchNorm2d(32))
        self.gate = SqueezeExcite(32)
        self.blocks = nn.Sequential(
            Separable(32, 64, groups, pool=2),
            Separable(64, 128, 64, pool=2),
            Separable(128, 256, 128, pool=1),
            Separable(256, 512, 256, pool=2),
        )
        self.dropout = nn.Dropout(0.3)
        self.embed = nn.Linear(512, 128)
        self.classify = nn.Linear(128, n_labels)

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Log-mel ``(batch, n_mels, n_frames)`` in dB -> logits ``(batch, n_labels)`` and
        embedding ``(batch, 128)``."""
        x = F.relu(self.stem(mel[:, None]), inplace=True)
        x = self.blocks(x * self.gate(x))
        embedding = F.relu(self.embed(self.dropout(_mean(x))))
        return self.classify(embedding), F.normalize(embedding)


def _mean(x: Tensor) -> Tensor:
    """Mean over height and width.

    The gradient of a sum is expanded without being written out, which makes this several times as
    fast as ``mean`` or adaptive pooling.
    """
    return x.sum((2, 3)) / (x.shape[2] * x.shape[3])
