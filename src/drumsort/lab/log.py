"""What a run did, epoch by epoch: a CSV for people and programs, events for TensorBoard."""

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
    """The log of one run, open as long as the run goes on.

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
        """Log the last epoch; the table is written anew, with all of them."""
        write_history(self._run, history)
        last = asdict(history[-1])
        number = last.pop("epoch")
        if self._events is None:  # what a killed run logged beyond its checkpoint is taken back
            self._events = SummaryWriter(str(self._run / "tensorboard"), purge_step=number)
        for name, value in last.items():
            if not math.isfinite(value):  # there is nothing to validate on
                continue
            self._events.add_scalar(name, value, number)
