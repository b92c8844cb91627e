"""The log of a run, epoch by epoch: a CSV file, and events for TensorBoard."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import polars as pl
from tensorboardX import SummaryWriter

from drumsort.lab.checkpoint import Epoch
from drumsort.lab.files import write_table


def write_history(run: Path, history: Sequence[Epoch]) -> None:
    """Write ``log.csv`` of a run."""
    write_table(pl.DataFrame([asdict(line) for line in history]), run / "log.csv")


class Log:
    """The log of a run, open while it trains.

    Args:
        run: folder for ``log.csv`` and, in ``tensorboard``, the events.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._events: SummaryWriter | None = None

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *error: object) -> None:
        if self._events is not None:
            self._events.close()

    def write(self, history: Sequence[Epoch]) -> None:
        """Log the last epoch, and write the table of all epochs again."""
        write_history(self._run, history)
        last = asdict(history[-1])
        number = last.pop("epoch")
        if self._events is None:  # drops what a killed run logged after its checkpoint
            self._events = SummaryWriter(str(self._run / "tensorboard"), purge_step=number)
        for name, value in last.items():
            if not math.isfinite(value):  # NaN without validation sounds
                continue
            self._events.add_scalar(name, value, number)
