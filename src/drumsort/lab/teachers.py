"""Larger networks that a small one learns to agree with.

Distillation after G. Hinton et al., "Distilling the Knowledge in a Neural Network", 2015. Teachers
and student hear the same changed sounds, after L. Beyer et al., "Knowledge distillation: A good
teacher is patient and consistent", CVPR 2022.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from lightning_fabric import Fabric


class Teachers:
    """The mean probabilities of several trained networks.

    Args:
        nets: log-mel -> logits, embedding.
        fabric: the device and precision to compute them with.
    """

    def __init__(self, nets: Sequence[nn.Module], fabric: "Fabric") -> None:
        self._fabric = fabric
        self._nets = [
            net.eval().to(fabric.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            for net in nets
        ]

    def __call__(self, mels: Tensor) -> Tensor:
        """Log-mels ``(n, n_mels, n_frames)``, dB -> probabilities ``(n, n_labels)``."""
        with torch.no_grad(), self._fabric.autocast():
            said = [net(mels)[0].float().softmax(1) for net in self._nets]
        return torch.stack(said).mean(0)
