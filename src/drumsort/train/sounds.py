"""Examples -> batches of log-mels, changed anew at each draw."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, WeightedRandomSampler

from drumsort.features import LogMel
from drumsort.taxonomy import LABELS
from drumsort.train.data import Example
from drumsort.train.recipe import Recipe


def possible_labels(examples: Sequence[Example]) -> Tensor:
    """Shape ``(n, n_labels)``, bool: the labels that each example may have."""
    return torch.tensor([[label in example.labels for label in LABELS] for example in examples])


def log_mels(examples: Sequence[Example], front_end: LogMel) -> Tensor:
    """Shape ``(n, n_mels, n_frames)``, dB, float32: the examples as they are."""
    return torch.from_numpy(np.stack([front_end.log_mel(e.samples) for e in examples]))


class Sounds(Dataset[tuple[Tensor, Tensor]]):
    """Items are (log-mel ``(n_mels, n_frames)`` in dB, possible labels ``(n_labels,)``)."""

    def __init__(self, examples: Sequence[Example], front_end: LogMel, recipe: Recipe) -> None:
        self.examples, self.front_end = examples, front_end
        self.change = recipe.augmentation
        self.possible = possible_labels(examples)

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng(int(torch.randint(2**62, ()).item()))
        samples = self.change.waveform(self.examples[index].samples, self.front_end, rng)
        mel = self.change.spectrogram(self.front_end.log_mel(samples), self.front_end, rng)
        return torch.from_numpy(mel), self.possible[index]


def batches(
    sounds: Sounds, weights: Tensor, recipe: Recipe, epoch: int, workers: int
) -> DataLoader[tuple[Tensor, Tensor]]:
    """The batches of one epoch; the same for the same recipe, epoch and number of workers."""
    generator = torch.Generator().manual_seed(recipe.seed * 10_000 + epoch)
    sampler = WeightedRandomSampler(weights.tolist(), recipe.sounds_per_epoch, generator=generator)
    return DataLoader(
        sounds,
        recipe.batch,
        sampler=sampler,
        drop_last=True,
        num_workers=workers,
        generator=generator,
        worker_init_fn=_one_thread,
    )


def _one_thread(worker: int) -> None:
    torch.set_num_threads(1)
    threadpool_limits(1)


def sampling_weights(examples: Sequence[Example], recipe: Recipe) -> Tensor:
    """How often each example is drawn, shape ``(n,)``, unnormalised."""
    in_family = Counter(e.family for e in examples)
    in_group = Counter((e.family, e.group) for e in examples)
    by_group = [in_group[e.family, e.group] ** -recipe.group_balance for e in examples]
    total: defaultdict[str, float] = defaultdict(float)
    for example, weight in zip(examples, by_group, strict=True):
        total[example.family] += weight
    return torch.tensor(
        [
            weight / total[e.family] * in_family[e.family] ** (1 - recipe.family_balance)
            for e, weight in zip(examples, by_group, strict=True)
        ]
    )
