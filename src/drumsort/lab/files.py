"""Files that appear whole or not at all."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from drumsort.errors import DataError


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary file to write to, which becomes ``path`` at the end; removed after an error."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def save_torch(value: Any, path: Path) -> None:
    """Write tensors and plain values; the file appears whole or not at all."""
    import torch  # here, because tables need no torch

    content = io.BytesIO()  # torch would hide why a file cannot be written
    torch.save(value, content)
    with written_whole(path) as part:
        part.write_bytes(content.getbuffer())


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet, or as CSV if the name ends with ``.csv``.

    Raises:
        DataError: it cannot be written.
    """
    try:
        with written_whole(path) as part:
            if path.suffix == ".csv":
                table.write_csv(part)
            else:
                table.write_parquet(part)
    except (
        OSError,
        pl.exceptions.PolarsError,
    ) as error:  # polars has its own error for a full disk
        raise DataError(
            f"{path} cannot be written ({error}): check that the disk has room and that you may "
            "write there."
        ) from error
