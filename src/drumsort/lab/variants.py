"""Log-mels of changed sounds, made in advance, so that an epoch waits only for the network."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from drumsort.audio.decode import decode
from drumsort.errors import DataError
from drumsort.features import VERSION, LogMel
from drumsort.files.home import cache_folder
from drumsort.lab.augment import OF_WAVEFORM, Augmentation
from drumsort.lab.data.features import Features
from drumsort.lab.files import written_whole
from drumsort.lab.workers import at_rest

_STEPS = 255


class Variants:
    """Some versions of each sound's log-mel, the first of them unchanged.

    Args:
        levels: shape ``(contents, versions, n_mels, n_frames)``, uint8: 0 is silence, 255 the
            loudest.
        places: of each sound within ``levels``.
        range_db: what lies between silence and the loudest.
    """

    def __init__(self, levels: NDArray[np.uint8], places: Sequence[int], range_db: float) -> None:
        self._levels, self._range = levels, range_db
        self._places = np.array(places, np.int64)

    def heard(self, batches: Sequence[Tensor], device: torch.device) -> Iterator[Tensor]:
        """For each of ``batches`` log-mels ``(n, n_mels, n_frames)``, dB, on ``device``.

        A batch has shape ``(n, 2)``: which sounds, and numbers that choose their versions.
        """
        for draws in batches:
            places = self._places[draws[:, 0].numpy()]
            levels = self._levels[places, draws[:, 1].numpy() % self.count]
            yield torch.from_numpy(levels).to(device) * (self._range / _STEPS) - self._range

    @property
    def count(self) -> int:
        """Versions of each sound."""
        return int(self._levels.shape[1])


def variants(
    features: Features,
    others: Features,
    front_end: LogMel,
    change: Augmentation,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Variants:
    """Make versions of each sound with all cores, or load those that an earlier run made.

    They are in the user's cache folder, and take a quarter of the space of floats.

    Args:
        features: the sounds to learn from.
        others: sounds to make versions of, too, because another fold learns from them.
        front_end: of the log-mels.
        change: says how many versions, and what is changed in each.
        on_progress: called with how many sounds are done, and their total.

    Raises:
        DataError: they cannot be written.
    """
    files = _files(features) | _files(others)
    order = {file_hash: place for place, file_hash in enumerate(sorted(files))}
    made = {name: getattr(change, name) for name in OF_WAVEFORM}
    facts = json.dumps([VERSION, asdict(front_end), made, list(order)])
    key = hashlib.sha256(facts.encode()).hexdigest()[:12]
    path = cache_folder() / f"variants-{key}.npy"
    if not path.exists():
        jobs = [(file_hash, files[file_hash]) for file_hash in order]
        _write(path, jobs, front_end, change, on_progress)
    levels = np.load(path, mmap_mode="r")
    hashes = features.table["file_hash"]
    return Variants(levels, [order[file_hash] for file_hash in hashes], front_end.range_db)


def _files(features: Features) -> dict[str, Path]:
    """Content to a file that has it."""
    paths = map(features.data.path, features.data.rows)
    return dict(zip(features.table["file_hash"], paths, strict=True))


def _write(
    path: Path,
    jobs: list[tuple[str, Path]],
    front_end: LogMel,
    change: Augmentation,
    on_progress: Callable[[int, int], None],
) -> None:
    shape = len(jobs), 1 + change.variants, front_end.n_mels, front_end.n_frames
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    try:
        with (
            written_whole(path) as part,
            part.open("wb") as stream,
            ProcessPoolExecutor(initializer=at_rest) as pool,
        ):
            np.lib.format.write_array_header_1_0(stream, header)
            made = pool.map(partial(_versions, front_end, change), jobs, chunksize=16)
            for done, versions in enumerate(made, start=1):
                stream.write(versions.tobytes())
                on_progress(done, len(jobs))
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror}): check that the disk has room and that "
            "you may write there."
        ) from error


def _versions(front_end: LogMel, change: Augmentation, job: tuple[str, Path]) -> NDArray[np.uint8]:
    """All versions of one sound; the random changes depend only on its content."""
    file_hash, path = job
    clip = decode(path, samples=front_end.native_samples)
    prepared = front_end.prepare(clip)
    samples, rate = prepared.samples, prepared.rate
    mels = [front_end.log_mel(samples, rate)]
    for version in range(change.variants):
        rng = np.random.default_rng([int(file_hash[:16], 16), version])
        changed = change.waveform(samples, rate, front_end.lead_at(rate), rng)
        mels.append(front_end.log_mel(changed, rate))
    share = np.clip(np.stack(mels) / np.float32(front_end.range_db) + 1, 0, 1)
    levels: NDArray[np.uint8] = np.round(share * _STEPS).astype(np.uint8)
    return levels
