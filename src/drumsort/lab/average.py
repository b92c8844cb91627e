"""The mean of networks that started from the same weights.

Networks that were fine-tuned from one start lie so near each other that the mean of their weights
is a network at least as good as one of them (M. Wortsman et al., "Model soups", ICML 2022). Those
of a cross-validation have together learned from all sounds, so the network to use takes no more
training.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from drumsort.lab.data import Data, Manifest
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.job import fingerprint, some_of
from drumsort.lab.run import Run

SOUNDS = 2048
"""Training sounds, at most, that the statistics of batch norm are taken from."""

_BATCH = 128


def average(folds: Sequence[Run], folder: Path, data: Data) -> Run:
    """Write the run whose network is the mean of those of ``folds``; it is not calibrated yet.

    Args:
        folds: of a cross-validation.
        folder: of the run to write.
        data: the sounds of all of them in ``train``, and those of ``test``.
    """
    net = mean([run.net() for run in folds])
    learned = data.of("train")
    drawn = some_of(len(learned), SOUNDS).tolist()
    features = FeatureCache(folds[0].recipe.front_end).features(
        Data(data.root, [learned[i] for i in drawn])
    )
    renew_statistics(net, torch.from_numpy(features.log_mels()))
    run = Run(
        folder,
        folds[0].recipe,
        folds[0].targets,
        folds[0].root,
        fingerprint(data),
        folds[0].parameters,
        folds[0].machine,
        round(sum(run.seconds for run in folds), 1),
    )
    Manifest(folder / "split.csv").write(data.rows)
    run.write(net)
    return run


def mean(nets: Sequence[nn.Module]) -> nn.Module:
    """The first of ``nets`` with the mean of all their weights; its counters stay."""
    first, *_ = states = [net.state_dict() for net in nets]
    nets[0].load_state_dict(
        {
            name: torch.stack([state[name] for state in states]).mean(0)
            if first[name].is_floating_point()
            else first[name]
            for name in first
        }
    )
    return nets[0]


def renew_statistics(net: nn.Module, mels: Tensor) -> None:
    """Take the statistics of batch norm from log-mels ``(n, n_mels, n_frames)``, dB.

    Those of the mean of some networks are not the mean of theirs (P. Izmailov et al., "Averaging
    weights leads to wider optima and better generalization", UAI 2018).
    """
    net.train()
    norms = [part for part in net.modules() if isinstance(part, nn.BatchNorm2d) and part.training]
    for norm in norms:  # those of frozen blocks, which are the same in all networks, stay
        norm.reset_running_stats()
        norm.momentum = None  # all batches count alike
    with torch.no_grad():
        for part in torch.split(mels, _BATCH):
            net(part)
    net.eval()
