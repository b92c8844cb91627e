"""A pretrained network as it was published: what it hears of sounds, and heads that learn from it.

A head is small, so there can be one for each part of the data that is to be held out. What heads
say of sounds that they did not learn from is the target that another network is taught by
(``Distillation.targets``): a wrong label is not learnt by heart there.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from drumsort.errors import DataError
from drumsort.features import SILENT_DB, Spectrogram
from drumsort.lab.data.rows import Row
from drumsort.lab.files import write_table, written_whole
from drumsort.lab.loss import set_loss
from drumsort.lab.network.aisfx import AiSFX
from drumsort.lab.targets import Targets

_BLOCK = 512
_BATCH = 32
_TAIL = 16  # frames of silence that are heard behind a sound, for what lies at its end
_STEP = 8  # frames; a batch ends with its longest sound, in such steps


def embed(
    net: AiSFX,
    log_mel: Callable[[int], Spectrogram],
    folder: Path,
    count: int,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> NDArray[np.float16]:
    """What ``net`` hears of sounds: shape ``(count, 512)``.

    Each block of sounds is kept in ``folder``, and a stopped run goes on from there.

    Args:
        net: with the published weights.
        log_mel: index of a sound to its log-mel, shape ``(n_mels, n_frames)``, dB.
        folder: of these sounds and no others.
        count: how many sounds there are.
        on_progress: called with how many are done, of how many.
    """
    net.eval()
    blocks = []
    for start in range(0, count, _BLOCK):
        path = folder / f"{start:06d}.npy"
        some = range(start, min(start + _BLOCK, count))
        if not path.exists():
            heard = _hear(net, torch.from_numpy(np.stack([log_mel(i) for i in some])))
            with written_whole(path) as part, part.open("wb") as stream:
                np.save(stream, heard.numpy().astype(np.float16))
        blocks.append(np.load(path))
        on_progress(some.stop, count)
    return np.concatenate(blocks)


def _hear(net: AiSFX, mels: Tensor) -> Tensor:
    """Features ``(n, 512)`` of log-mels, each batch no longer than its longest sound."""
    frames = mels.shape[2]
    sounding = (mels > SILENT_DB).any(1)
    ends = frames - sounding.flip(1).int().argmax(1)
    order = ends.argsort()
    out = torch.empty(len(mels), 512)
    with torch.inference_mode():
        for some in torch.split(order, _BATCH):
            end = int(ends[some].max()) + _TAIL
            end = min(frames, -(-end // _STEP) * _STEP)
            out[some] = net.features(mels[some, :, :end])
    return out


class Head(nn.Module):
    """Features ``(n, 512)`` -> logits ``(n, n_labels)``."""

    mean: Tensor
    scale: Tensor

    def __init__(self, x: Tensor, n_labels: int, hidden: int = 256, dropout: float = 0.4) -> None:
        super().__init__()
        self.register_buffer("mean", x.mean(0))
        self.register_buffer("scale", x.std(0).clamp(min=1e-3))
        self.layers = nn.Sequential(
            nn.Dropout(dropout / 2),
            nn.Linear(x.shape[1], hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, n_labels),
        )

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.layers((x - self.mean) / self.scale)
        return logits


def fit_head(
    x: Tensor, possible: Tensor, weights: Tensor, seed: int = 1, steps: int = 1200
) -> Head:
    """Learn labels from features.

    Args:
        x: shape ``(n, versions, 512)``.
        possible: shape ``(n, n_labels)``, bool: the labels that each sound may have.
        weights: how often each is drawn, shape ``(n,)``.
        seed: of all that is drawn.
        steps: batches of 256.
    """
    torch.manual_seed(seed)
    head = Head(x[:, 0], possible.shape[1])
    optimizer = torch.optim.AdamW(head.parameters(), 1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, steps)
    head.train()
    for _ in range(steps):
        drawn = torch.multinomial(weights, 256, replacement=True)
        version = torch.randint(x.shape[1], (256,))
        loss = set_loss(head(x[drawn, version]), possible[drawn], 0.05).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return head.eval()


def parts(rows: Sequence[Row], number: int = 5) -> NDArray[np.int64]:
    """A part for each sound, ``(n,)``: whole groups, the largest first, each to the emptiest."""
    sizes = Counter(row.group for row in rows)
    order = sorted(sizes, key=lambda g: (-sizes[g], hashlib.sha256(g.encode()).digest()))
    room, place = [0] * number, {}
    for group in order:
        place[group] = min(range(number), key=room.__getitem__)
        room[place[group]] += sizes[group]
    return np.array([place[row.group] for row in rows], np.int64)


@dataclass(frozen=True)
class Taught:
    """What heads say.

    Attributes:
        learnt: logits of the sounds that were learnt from, each by the head that was not shown its
            group, shape ``(n, n_labels)``.
        held_out: mean of what all of them say of the other sounds, shape ``(m, n_labels)``.
    """

    learnt: Tensor
    held_out: Tensor


def out_of_fold(
    x: Tensor,
    rows: Sequence[Row],
    weights: Callable[[Sequence[Row]], Tensor],
    targets: Targets,
    others: Tensor,
    seed: int = 1,
) -> Taught:
    """Logits of each sound by a head that learnt from the other groups.

    Args:
        x: features, shape ``(n, versions, 512)``.
        rows: the sounds.
        weights: how often some of them are drawn.
        targets: labels and families.
        others: features of sounds that are not learnt from, shape ``(m, versions, 512)``.
        seed: of the heads.
    """
    place = parts(rows)
    learnt = torch.empty(len(rows), len(targets.labels))
    said = []
    for number in range(int(place.max()) + 1):
        inside = np.flatnonzero(place != number).tolist()
        outside = np.flatnonzero(place == number).tolist()
        some = [rows[i] for i in inside]
        head = fit_head(x[inside], targets.mask(some), weights(some), seed)
        with torch.inference_mode():
            learnt[outside] = head(x[outside]).mean(1)
            said.append(head(others).mean(1) if len(others) else learnt[:0])
    return Taught(learnt, torch.stack(said).mean(0))


def read_targets(path: Path, rows: Sequence[Row], labels: Sequence[str]) -> Tensor:
    """What a table says of each sound's versions: probabilities ``(n, versions, n_labels)``.

    Raises:
        DataError: it cannot be read, or lacks a sound or a label.
    """
    try:
        table = pl.read_parquet(path)
        if "version" not in table.columns:
            table = table.with_columns(version=0)
        table = table.select("path", "version", *labels)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"The targets {path} cannot be read: {reason}.") from error
    said = {(name, version): p for name, version, *p in table.iter_rows()}
    versions = range(table["version"].n_unique())
    missing = next(
        (row.path for row in rows if any((row.path, v) not in said for v in versions)), None
    )
    if missing is not None:
        raise DataError(
            f"The targets {path} say nothing of {missing}: make them anew for this data."
        )
    every = [[said[row.path, version] for version in versions] for row in rows]
    return torch.tensor(every, dtype=torch.float32)


def write_targets(path: Path, rows: Sequence[Row], labels: Sequence[str], p: Tensor) -> None:
    """Leave what a teacher says of each sound, and of its versions, as a table.

    Args:
        path: of the table.
        rows: the sounds.
        labels: in the order of ``p``.
        p: probabilities ``(n, n_labels)``, or ``(n, versions, n_labels)``; version 0 is the
            unchanged sound.
    """
    each = p if p.dim() == 3 else p[:, None]
    n, versions, _ = each.shape
    facts = {
        "path": [row.path for row in rows for _ in range(versions)],
        "version": list(range(versions)) * n,
    }
    columns = {label: each[:, :, i].flatten().numpy() for i, label in enumerate(labels)}
    write_table(pl.DataFrame({**facts, **columns}), path)
