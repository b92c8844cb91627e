"""Tables of soft targets: what networks say of each sound, and of its versions, to teach another.

They come from networks that were not shown the sound's group (``pairs``), so a wrong label is not
learned by heart.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import torch
from torch import Tensor

from drumsort.errors import DataError
from drumsort.lab.data.rows import Row
from drumsort.lab.files import write_table


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
    """Leave what teachers say of each sound, and of its versions, as a table.

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
