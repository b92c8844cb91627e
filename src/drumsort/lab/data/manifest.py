"""A manifest of labelled sounds: a table with a row for each, in CSV or Parquet."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import polars as pl

from drumsort.errors import DataError
from drumsort.lab.data.rows import SPLITS, Data, Row
from drumsort.lab.files import write_table
from drumsort.remote import Url

NAMES = ("manifest.csv", "manifest.parquet")
"""Names of a manifest in a data folder."""

COLUMNS = tuple(field.name for field in fields(Row))


class Manifest:
    """Labelled sounds as a table: ``path``, ``label``, and other columns of ``Row`` if known.

    Paths are relative to the manifest's folder. ``family`` is used if a network does not know the
    label. A sound without ``group`` is a group of its own. Other columns are ignored, and rows
    without a label are left out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def within(cls, folder: Path) -> "Manifest | None":
        """The manifest in ``folder``, if there is one."""
        found = [folder / name for name in NAMES if (folder / name).exists()]
        return cls(found[0]) if found else None

    def read(self) -> Data:
        """All labelled sounds, in the order of the manifest.

        Raises:
            DataError: it cannot be read, lacks a column, or says something impossible.
        """
        table = self._table()
        for name in ("path", "label"):
            if name not in table.columns:
                raise DataError(f"{self.path} has no column {name!r}: add it.")
        known = table.select(pl.col(name).cast(pl.String) for name in COLUMNS if name in table)
        rows = []
        for number, facts in enumerate(known.fill_null("").iter_rows(named=True), start=2):
            if facts["label"]:
                rows.append(self._row(facts, number))
        twice = [path for path, n in Counter(row.path for row in rows).items() if n > 1]
        if twice:
            raise DataError(f"{self.path} has {twice[0]} more than once: keep one row.")
        if not rows:
            raise DataError(f"{self.path} has no labelled sound: label some.")
        return Data(self.path.parent, rows)

    def write(self, rows: Sequence[Row]) -> None:
        """Write ``rows``; the file appears whole or not at all."""
        table = pl.DataFrame(
            [asdict(row) for row in rows], schema=dict.fromkeys(COLUMNS, pl.String)
        )
        write_table(table, self.path)

    def _table(self) -> pl.DataFrame:
        is_url = isinstance(self.path, Url)
        try:
            content = io.BytesIO(self.path.read_bytes()) if is_url else self.path
            if self.path.suffix == ".parquet":
                return pl.read_parquet(content)
            return pl.read_csv(content, infer_schema=False)
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = str(error).splitlines()[0]
            raise DataError(f"{self.path} cannot be read as a table: {reason}.") from error

    def _row(self, facts: dict[str, str], number: int) -> Row:
        path = facts["path"]
        if not path or Path(path).is_absolute() or ".." in Path(path).parts:
            raise DataError(
                f"{self.path}, line {number}: {path!r} is not a path below the manifest's folder."
            )
        split = facts.get("split", "")
        if split and split not in SPLITS:
            raise DataError(
                f"{self.path}, line {number}: split {split!r} is not one of {', '.join(SPLITS)}."
            )
        facts["family"] = facts.get("family") or facts["label"]
        facts["group"] = facts.get("group") or path
        return Row(**facts)
