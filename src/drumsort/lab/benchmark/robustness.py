"""How each change of the sounds changes the verdicts."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.audio.decode import decode
from drumsort.features import LogMel
from drumsort.lab import metrics
from drumsort.lab.benchmark.pool import Pool
from drumsort.lab.benchmark.transforms import TRANSFORMS
from drumsort.lab.evaluate import among_six
from drumsort.lab.metrics import Numbers
from drumsort.lab.trained import Model, verdicts
from drumsort.lab.workers import at_rest

_BLOCK = 256
_CHUNK = 16


def numbers(
    pool: Pool,
    limit: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Change of balanced accuracy, and share of verdicts that change, for each transform.

    Both are relative to the same sounds without the transform.

    Args:
        pool: the models and their sounds.
        limit: the largest number of sounds, drawn at random with a fixed seed; all by default.
        on_progress: called with how many sounds are changed and heard, and their total.
    """
    n = len(pool.rows)
    kept = np.arange(n)
    if limit is not None and limit < n:
        kept = np.sort(np.random.default_rng(0).choice(n, limit, replace=False))
    p = _changed(pool, kept, on_progress)
    rows = [pool.rows[i] for i in kept.tolist()]
    clean = pool.verdicts.some(kept.tolist())
    before = _balanced(clean)
    facts = {}
    for i, name in enumerate(TRANSFORMS):
        changed = verdicts(pool.targets, p[:, i], rows)
        after = _balanced(changed)
        facts[name] = {
            **{
                f"{key}_change": None if value is None else value - before[key]
                for key, value in after.items()
            },
            "flipped": float((changed.best != clean.best).mean()),
        }
    return {"sounds": len(kept), "of": n, **before, "transforms": facts}


def _balanced(v: metrics.Verdicts) -> dict[str, Any]:
    six = among_six(v)
    return {
        "balanced_accuracy": float(metrics.balanced_accuracy(v.confusion())),
        "six_families": float(metrics.balanced_accuracy(six.confusion())) if six else None,
    }


def _changed(
    pool: Pool, kept: NDArray[np.int64], on_progress: Callable[[int, int], None]
) -> Numbers:
    """Probabilities of the labels of the changed sounds, ``(n_kept, n_transforms, n_labels)``."""
    parts, done, first = [], 0, 0
    with ProcessPoolExecutor(initializer=at_rest) as workers:
        for held in pool.held:
            mine = kept[(kept >= first) & (kept < first + len(held.data.rows))] - first
            first += len(held.data.rows)
            paths = [held.data.path(held.data.rows[i]) for i in mine.tolist()]
            for start in range(0, len(paths), _BLOCK):
                some = paths[start : start + _BLOCK]
                parts.append(_block(workers, held.model, some))
                done += len(some)
                on_progress(done, len(kept))
    changed: Numbers = np.concatenate(parts)
    return changed


def _block(workers: ProcessPoolExecutor, model: Model, paths: Sequence[Path]) -> Numbers:
    """Probabilities of the labels of some sounds, changed, ``(n, n_transforms, n_labels)``."""

    def log_mels(front_end: LogMel, some: Sequence[int]) -> NDArray[np.float32]:
        sounds = sorted({i // n for i in some})
        changed = workers.map(
            partial(_hear, front_end), [paths[i] for i in sounds], chunksize=_CHUNK
        )
        mels = dict(zip(sounds, changed, strict=True))
        return np.stack([mels[i // n][i % n] for i in some])

    n = len(TRANSFORMS)
    p = model.hear(log_mels(model.front_end, range(n * len(paths))), log_mels).p
    return p.reshape(len(paths), n, -1)


def _hear(front_end: LogMel, path: Path) -> NDArray[np.float32]:
    """Log-mels of one sound, one for each transform."""
    clip = decode(path, samples=front_end.native_samples)
    return np.stack([front_end(change(clip)) for change in TRANSFORMS.values()])
