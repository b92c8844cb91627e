"""The models that a catalog knows, with what is needed to read their verdicts without them."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from drumsort.catalog import trouble
from drumsort.catalog.database import Database
from drumsort.files.outside import parsed
from drumsort.model.bundle import Bundle, checked_families
from drumsort.model.classes import Classes

_NUMBER = "SELECT number FROM models WHERE id = ?"
_CHANGED = """
    UPDATE models
    SET state = CAST(coalesce(substr(state, 1, 8), randomblob(8)) || randomblob(8) AS BLOB)
    WHERE number = ?
"""
_ANEW = "UPDATE models SET state = randomblob(16)"
_HIGHEST = "SELECT coalesce(max(rowid), 0) FROM verdicts"
_RAISED = "UPDATE verdicts SET rowid = ? WHERE rowid = ?"


@dataclass(frozen=True)
class Model:
    """What is remembered of a model: its id, its families, and the threshold of each policy."""

    id: str
    families: Mapping[str, tuple[str, ...]]
    policies: Mapping[str, float]

    @cached_property
    def classes(self) -> Classes:
        """Families and labels, in the order of the scores."""
        return Classes(self.families)

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order of the scores."""
        return self.classes.labels


def models(catalog: Database) -> Mapping[int, Model]:
    """Number to model, the one used last first."""
    rows = catalog.read("SELECT number, id, families, policies FROM models ORDER BY used DESC")
    return {
        row.number: Model(
            row.id,
            _checked(catalog, row, lambda row: checked_families(parsed(row.families))),
            _checked(catalog, row, lambda row: dict(parsed(row.policies))),
        )
        for row in rows
    }


def _checked(catalog: Database, row: Any, read: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read(row)
    except (TypeError, ValueError) as problem:
        raise trouble.damaged(catalog.path, problem) from problem


def number_of(catalog: Database, bundle: Bundle) -> int | None:
    """The number of a model, which is entered if it is new; ``None`` if it is new and the catalog
    is read-only."""
    for (number,) in catalog.read(_NUMBER, (bundle.id,)):
        return int(number)
    if not catalog.writable:
        return None
    with catalog.writing() as connection:
        return _enter(connection, bundle)


def use(catalog: Database, bundle: Bundle) -> int:
    """Make a model the one used last, whose verdicts are shown before all others; its number.

    Raises:
        CatalogError: the catalog cannot be written.
    """
    with catalog.writing() as connection:
        number = _enter(connection, bundle)
        connection.execute(
            "UPDATE models SET used = (SELECT max(used) + 1 FROM models) WHERE number = ?",
            (number,),
        )
    return number


def state_of(catalog: Database, number: int) -> str | None:
    """A token for the verdicts of a model: while it is the same, so are they.

    ``None`` if the model never heard a sound. Tokens are random, so those of another catalog that
    later takes the place of this one differ too.
    """
    sql = "SELECT hex(state) AS state FROM models WHERE number = ? AND state IS NOT NULL"
    return next((str(row.state) for row in catalog.read(sql, (number,))), None)


def only_more(before: str, after: str) -> bool:
    """Whether between two states of a model only verdicts with higher numbers came, and others
    went. The number of a verdict is its ``rowid``."""
    return before[:16] == after[:16]


def verdicts_changed(connection: sqlite3.Connection, number: int | None = None) -> None:
    """Give a model another ``state_of``, as in every transaction that writes its verdicts.

    Without a number: all models, of whose verdicts nothing is known any more.
    """
    if number is None:
        connection.execute(_ANEW)
    else:
        connection.execute(_CHANGED, (number,))


@contextmanager
def removing_verdicts(connection: sqlite3.Connection) -> Iterator[None]:
    """Delete verdicts inside. No number is given twice: the last one left gets a higher one than
    all that there were."""
    (before,) = connection.execute(_HIGHEST).fetchone()
    changes = connection.total_changes
    yield
    if connection.total_changes == changes:
        return
    (after,) = connection.execute(_HIGHEST).fetchone()
    if not after:
        verdicts_changed(connection)
        return
    if after < before:
        connection.execute(_RAISED, (before + 1, after))
    for (number,) in connection.execute("SELECT number FROM models").fetchall():
        verdicts_changed(connection, number)


def _enter(connection: sqlite3.Connection, bundle: Bundle) -> int:
    connection.execute(
        "INSERT INTO models (id, families, policies, used) VALUES (:id, :families, :policies, 0)"
        " ON CONFLICT DO UPDATE SET policies = excluded.policies",
        {
            "id": bundle.id,
            "families": json.dumps(dict(bundle.families)),
            "policies": json.dumps(dict(bundle.policies)),
        },
    )
    (number,) = connection.execute(_NUMBER, (bundle.id,)).fetchone()
    return int(number)
