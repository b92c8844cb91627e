"""A table of the catalog and its fields, and the SQL that follows from them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any

_KINDS: Mapping[str, type | UnionType] = {
    "INTEGER": int,
    "REAL": int | float,
    "TEXT": str,
    "BLOB": bytes,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table.

    Attributes:
        name: its name in SQL.
        sql: its SQL type and constraints.
        unit: of its values, such as ``"Hz"``; ``""`` where there is none.
        of: takes a ``Result`` and returns the value to write; ``None`` if no result holds it.
        column: the column of the page that shows it; ``""`` if the page does not.
        dtype: the numpy dtype of that column.
        asked: the word by which a query names it; ``""`` if none does.
        about: what that word means, to people.
    """

    name: str
    sql: str
    unit: str = ""
    of: Callable[[Any], Any] | None = None
    column: str = ""
    dtype: str = ""
    asked: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its fields, and the constraints that span several fields."""

    name: str
    fields: tuple[Field, ...]
    constraints: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def create(self) -> str:
        """The statement that makes the table."""
        lines = [*(f"{field.name} {field.sql}" for field in self.fields), *self.constraints]
        return f"CREATE TABLE {self.name} ({', '.join(lines)})"

    def select(self, alias: str, without: Collection[str] = ()) -> str:
        """The fields as a SELECT lists them, each under its own name."""
        names = (name for name in self.names if name not in without)
        return ", ".join(f"{alias}.{name} AS {name}" for name in names)

    def insert(self, *, replace: bool = False, names: Sequence[str] | None = None) -> str:
        """The statement that adds a row, given as a mapping from name to value.

        Args:
            replace: whether the row replaces one with the same key.
            names: the fields to write; all by default.
        """
        names = self.names if names is None else names
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        values = ", ".join(f":{name}" for name in names)
        return f"{verb} INTO {self.name} ({', '.join(names)}) VALUES ({values})"

    def fits(self, row: Sequence[Any]) -> bool:
        """Whether values, in the order of the fields, have types that the fields can hold."""
        return all(
            isinstance(value, _KINDS[field.sql.split()[0]])
            or (value is None and "NOT NULL" not in field.sql and "PRIMARY" not in field.sql)
            for field, value in zip(self.fields, row, strict=True)
        )

    def row(self, result: Any) -> dict[str, Any]:
        """Name to value of every field that a ``Result`` holds."""
        return {field.name: field.of(result) for field in self.fields if field.of is not None}
