"""What a model said of sounds that it did not learn from, kept to compare models sound by sound."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from drumsort.errors import DataError
from drumsort.lab.data.rows import Row
from drumsort.lab.files import write_table
from drumsort.lab.metrics import Verdicts

NAME = "held-out.parquet"
"""Of the table in the folder of a run or of a cross-validation."""

_FACTS = ("path", "group", "truth")


def write(folder: Path, verdicts: Verdicts, rows: Sequence[Row]) -> None:
    """Leave a line for each sound: path, group, true family, and a probability for each family."""
    facts = {
        "path": [row.path for row in rows],
        "group": list(verdicts.groups),
        "truth": [verdicts.families[t] for t in verdicts.truth.tolist()],
    }
    scores = {family: verdicts.scores[:, i] for i, family in enumerate(verdicts.families)}
    write_table(pl.DataFrame({**facts, **scores}), folder / NAME)


def read(folder: Path) -> pl.DataFrame | None:
    """The table in ``folder``, or ``None``.

    Raises:
        DataError: it is damaged.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path} is damaged: delete it, and train again.") from error


def shared(first: pl.DataFrame, second: pl.DataFrame) -> tuple[Verdicts, Verdicts] | None:
    """Both on the sounds that are in both, in one order; ``None`` where there are none.

    ``None`` as well where they tell other families apart.
    """
    families = [name for name in first.columns if name not in _FACTS]
    if families != [name for name in second.columns if name not in _FACTS]:
        return None
    both = first.join(second.select("path", "truth"), on=["path", "truth"], how="semi")
    if both.is_empty():
        return None
    other = both.select("path").join(second, on="path", how="left", maintain_order="left")
    groups = both["group"].to_list()
    truth = np.array([families.index(name) for name in both["truth"]], np.int64)
    one, two = (
        Verdicts(families, table.select(families).to_numpy(), truth, groups)
        for table in (both, other)
    )
    return one, two
