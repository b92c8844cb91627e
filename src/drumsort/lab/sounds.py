"""Labelled sounds -> batches of log-mels: unchanged, or changed at each draw."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from drumsort.audio.decode import decode
from drumsort.errors import AudioError
from drumsort.features import LogMel, Spectrogram
from drumsort.lab.augment import Augmentation, layered
from drumsort.lab.data.rows import Data, Row
from drumsort.lab.recipe import Sampling
from drumsort.lab.targets import Targets
from drumsort.lab.variants import Variants
from drumsort.lab.workers import at_rest
from drumsort.types import Samples

Waveform = tuple[Samples, int]
"""Samples, and their rate in Hz."""

Draw = tuple[int, int]
"""Index of a sound, and the seed of its changes."""


class FixedMels(Dataset[Tensor]):
    """Unchanged log-mels. Items are log-mels ``(n_mels, n_frames)`` in dB."""

    slow = False

    def __init__(self, mels: Tensor) -> None:
        self.mels = mels

    def __getitem__(self, draw: Draw) -> Tensor:
        return self.mels[draw[0]]


class AugmentedMels(Dataset[Tensor]):
    """Sounds changed at each draw. Items are log-mels ``(n_mels, n_frames)`` in dB.

    Args:
        source: returns a sound with its waveform changed, by its index.
        front_end: of the log-mels.
        change: says how to change the log-mels.
        labels: of the sounds, to layer some with others of the same label.

    Attributes:
        slow: whether a sound takes longer to make than to learn from.
    """

    def __init__(
        self,
        source: "Live | Variants",
        front_end: LogMel,
        change: Augmentation,
        labels: Sequence[str] = (),
    ) -> None:
        self.source, self.front_end, self.change = source, front_end, change
        self.slow = isinstance(source, Live)
        self._labels, self._alike = labels, defaultdict[str, list[int]](list)
        for index, label in enumerate(labels):
            self._alike[label].append(index)

    def __getitem__(self, draw: Draw) -> Tensor:
        index, seed = draw
        rng = np.random.default_rng(seed)
        mel = self.source(index, rng)
        if rng.random() < self.change.layers:
            alike = self._alike[self._labels[index]]
            mel = layered(mel, self.source(alike[rng.integers(len(alike))], rng), rng)
        return torch.from_numpy(self.change.spectrogram(mel, self.front_end, rng))


class Live:
    """Log-mels of waveforms that are changed each time."""

    def __init__(self, sounds: Sequence[Waveform], front_end: LogMel, change: Augmentation) -> None:
        self.sounds, self.front_end, self.change = sounds, front_end, change

    def __call__(self, index: int, rng: np.random.Generator) -> Spectrogram:
        """One version of a sound, shape ``(n_mels, n_frames)``, dB."""
        samples, rate = self.sounds[index]
        samples = self.change.waveform(samples, rate, self.front_end.lead_at(rate), rng)
        return self.front_end.log_mel(samples, rate)


Sounds = FixedMels | AugmentedMels


def waveforms(
    data: Data,
    front_end: LogMel,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Data, list[Waveform], list[str]]:
    """The samples that the front end takes, and their rate, of each sound; uses all cores.

    Args:
        data: the sounds.
        front_end: prepares them.
        on_progress: called with how many are read, and their total.

    Returns:
        The sounds that could be read, their waveforms, and one sentence for each other sound.
    """
    kept, heard, failures = [], [], []
    with ProcessPoolExecutor(initializer=at_rest) as pool:
        paths = [data.path(row) for row in data.rows]
        results = pool.map(partial(_waveform, front_end), paths, chunksize=64)
        for done, (row, result) in enumerate(zip(data.rows, results, strict=True), start=1):
            if isinstance(result, str):
                failures.append(result)
            else:
                kept.append(row)
                heard.append(result)
            on_progress(done, len(paths))
    return Data(data.root, kept), heard, failures


def _waveform(front_end: LogMel, path: Path) -> Waveform | str:
    try:
        clip = decode(path, samples=front_end.native_samples)
    except AudioError as error:
        return str(error)
    prepared = front_end.prepare(clip)
    return prepared.samples, prepared.rate


def batches(
    sounds: Sounds, draws: Sequence[Draw], size: int, workers: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of log-mels ``(size, n_mels, n_frames)`` and the indices of their sounds."""
    loader = DataLoader(
        sounds,
        size,
        sampler=draws,
        num_workers=workers,
        worker_init_fn=_one_thread,
    )
    indices = [index for index, _ in draws]
    parts = [torch.tensor(indices[i : i + size]) for i in range(0, len(indices), size)]
    return zip(loader, parts, strict=True)


def draw(weights: Tensor, count: int | None, seed: int) -> list[Draw]:
    """The draws of an epoch, the same for the same seed.

    Args:
        weights: how often each sound is drawn, shape ``(n,)``.
        count: sounds to draw with replacement; ``None`` takes each once, in random order.
        seed: of the draw.
    """
    rng = torch.Generator().manual_seed(seed)
    if count is None:
        indices = torch.randperm(len(weights), generator=rng)
    else:
        indices = torch.multinomial(weights, count, replacement=True, generator=rng)
    seeds = torch.randint(2**62, (len(indices),), generator=rng)
    return list(zip(indices.tolist(), seeds.tolist(), strict=True))


def sampling_weights(rows: Sequence[Row], targets: Targets, sampling: Sampling | None) -> Tensor:
    """How often each sound is drawn, shape ``(n,)``, unnormalised."""
    if sampling is None:
        return torch.ones(len(rows))
    keys = [(targets.family(row), row.group) for row in rows]
    labels = [targets.possible(row) for row in rows]
    in_family = Counter(family for family, _ in keys)
    in_group, in_label = Counter(keys), Counter(labels)
    by_group = [
        in_group[key] ** -sampling.group_balance
        * in_label[label] ** -sampling.label_balance
        * (sampling.renders if row.rendered else 1.0)
        for row, key, label in zip(rows, keys, labels, strict=True)
    ]
    total: defaultdict[str, float] = defaultdict(float)
    for (family, _), weight in zip(keys, by_group, strict=True):
        total[family] += weight
    return torch.tensor(
        [
            weight / total[family] * in_family[family] ** (1 - sampling.family_balance)
            for (family, _), weight in zip(keys, by_group, strict=True)
        ]
    )


def _one_thread(worker: int) -> None:
    torch.set_num_threads(1)
    at_rest()
