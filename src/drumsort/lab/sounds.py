"""Labelled sounds -> batches of log-mels: unchanged, or changed at each draw."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from drumsort.audio.decode import decode
from drumsort.errors import AudioError
from drumsort.features import LogMel
from drumsort.lab.augment import Augmentation, layered
from drumsort.lab.data.rows import Data, Row
from drumsort.lab.recipe import Sampling
from drumsort.lab.targets import Targets
from drumsort.lab.workers import at_rest
from drumsort.types import Samples

Waveform = tuple[Samples, int]
"""Samples, and their rate in Hz."""

Draws = Tensor
"""Which sounds, and the seeds of their changes: shape ``(n, 2)``, int64."""


class Source(Protocol):
    """Where log-mels come from."""

    def heard(self, batches: Sequence[Draws], device: torch.device) -> Iterator[Tensor]:
        """For each of ``batches`` log-mels ``(n, n_mels, n_frames)``, dB, on ``device``."""
        ...


class FixedMels:
    """Unchanged log-mels.

    Args:
        mels: shape ``(n, n_mels, n_frames)``, dB.
    """

    def __init__(self, mels: Tensor) -> None:
        self.mels = mels

    def heard(self, batches: Sequence[Draws], device: torch.device) -> Iterator[Tensor]:
        return (self.mels[draws[:, 0]].to(device) for draws in batches)


class Live(Dataset[Tensor]):
    """Log-mels of waveforms that are changed each time, by processes of their own.

    Args:
        sounds: waveforms.
        front_end: of the log-mels.
        change: says how to change the waveforms.
    """

    def __init__(self, sounds: Sequence[Waveform], front_end: LogMel, change: Augmentation) -> None:
        self.sounds, self.front_end, self.change = sounds, front_end, change

    def __getitem__(self, draw: tuple[int, int]) -> Tensor:
        """One version of a sound, shape ``(n_mels, n_frames)``, dB."""
        index, seed = draw
        samples, rate = self.sounds[index]
        rng = np.random.default_rng(seed)
        samples = self.change.waveform(samples, rate, self.front_end.lead_at(rate), rng)
        return torch.from_numpy(self.front_end.log_mel(samples, rate))

    def heard(self, batches: Sequence[Draws], device: torch.device) -> Iterator[Tensor]:
        loader = DataLoader(
            self,
            batch_sampler=[draws.tolist() for draws in batches],
            num_workers=os.cpu_count() or 1,
            worker_init_fn=_one_thread,
        )
        return (mels.to(device) for mels in loader)


class Sounds:
    """Sounds to learn from, changed at each draw.

    Args:
        source: of their log-mels.
        front_end: of the log-mels.
        change: says how to change them; ``None`` leaves them as they are.
        labels: of the sounds, to layer some with others of the same label.
    """

    def __init__(
        self,
        source: Source,
        front_end: LogMel,
        change: Augmentation | None = None,
        labels: Sequence[str] = (),
    ) -> None:
        self.source, self.front_end, self.change = source, front_end, change
        known = {label: number for number, label in enumerate(sorted(set(labels)))}
        self._label = torch.tensor([known[label] for label in labels], dtype=torch.long)
        self._order, self._count = self._label.argsort(), self._label.bincount()
        self._first = self._count.cumsum(0) - self._count

    def batches(
        self, draws: Draws, size: int, device: torch.device, seed: int
    ) -> Iterator[tuple[Tensor, Draws]]:
        """Batches of log-mels ``(size, n_mels, n_frames)``, dB, on ``device``, and their draws."""
        here, there = torch.Generator().manual_seed(seed), torch.Generator(device).manual_seed(seed)
        parts = list(torch.split(draws, size))
        if self.change is None:
            yield from zip(self.source.heard(parts, device), parts, strict=True)
            return
        chosen = [torch.rand(len(part), generator=here) < self.change.layers for part in parts]
        others = [
            self._alike(part[some], here) if some.any() else part[:0]
            for part, some in zip(parts, chosen, strict=True)
        ]
        asked = [torch.cat(both) for both in zip(parts, others, strict=True)]
        heard = self.source.heard(asked, device)
        for part, some, mels in zip(parts, chosen, heard, strict=True):
            own, layers = mels[: len(part)], mels[len(part) :]
            if len(layers):
                at = some.nonzero()[:, 0].to(device)
                own = own.index_copy(0, at, layered(own[at], layers, there))
            yield self.change.spectrograms(own, self.front_end, there), part

    def _alike(self, draws: Draws, rng: torch.Generator) -> Draws:
        """For each draw one of a sound with the same label."""
        label = self._label[draws[:, 0]]
        some = torch.randint(2**62, (2, len(draws)), generator=rng)
        place = self._first[label] + some[0] % self._count[label]
        return torch.stack([self._order[place], some[1]], 1)


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
                failures.append(data.of_root(result))
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


def draw(weights: Tensor, count: int | None, seed: int) -> Draws:
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
    return torch.stack([indices, torch.randint(2**62, (len(indices),), generator=rng)], 1)


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
