"""Networks by the names that recipes use: log-mel -> logits, embedding."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from torch import nn

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.network.aisfx import AiSFX
from drumsort.lab.network.drumnet import DrumNet
from drumsort.lab.network.quicknet import QuickNet
from drumsort.lab.network.student import Basic, DepthwiseSE

Network = nn.Module
"""What ``build`` gives: log-mels ``(n, n_mels, n_frames)`` -> logits and embeddings."""

NETWORKS: Mapping[str, Callable[..., nn.Module]] = {
    "aisfx": AiSFX,
    "basic": Basic,
    "batchnorm": partial(Basic, normalize=True),
    "depthwise-se": DepthwiseSE,
    "drumnet": DrumNet,
    "quicknet": QuickNet,
}


def published(name: str) -> bool:
    """Whether the network ``name`` starts from weights that somebody published, not fresh ones."""
    return NETWORKS.get(name) is AiSFX


def build(name: str, n_labels: int, front_end: LogMel, options: Mapping[str, Any]) -> nn.Module:
    """The network ``name`` with fresh weights.

    Raises:
        DataError: there is no such network, or it does not take these options.
    """
    if name not in NETWORKS:
        raise DataError(f"There is no network {name!r}: choose one of {', '.join(NETWORKS)}.")
    try:
        return NETWORKS[name](n_labels, front_end.n_mels, front_end.n_frames, **options)
    except (TypeError, ValueError, RuntimeError, ZeroDivisionError) as error:
        raise DataError(f"The network {name!r} cannot be built: {error}.") from error
