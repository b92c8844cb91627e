"""The models that a catalog knows: what is needed to read their verdicts when they are gone."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from drumsort.catalog.database import Database
from drumsort.model.bundle import Bundle
from drumsort.model.classes import Classes

_NUMBER = "SELECT number FROM models WHERE id = ?"


@dataclass(frozen=True)
class Model:
    """What is remembered of a model: its id, its classes, and how sure each policy asks to be."""

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
        number: Model(
            id_, {k: tuple(v) for k, v in json.loads(families).items()}, json.loads(policies)
        )
        for number, id_, families, policies in rows
    }


def number_of(catalog: Database, bundle: Bundle) -> int | None:
    """The number of a model; a new one is entered, unless the catalog can only be read."""
    for (number,) in catalog.read(_NUMBER, (bundle.id,)):
        return int(number)
    if not catalog.writable:
        return None
    with catalog.writing() as connection:
        return _enter(connection, bundle)


def use(catalog: Database, bundle: Bundle) -> int:
    """The number of a model, whose verdicts count before those of all others from now on.

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


def _enter(connection: sqlite3.Connection, bundle: Bundle) -> int:
    id_ = bundle.id
    connection.execute(
        "INSERT INTO models (id, families, policies, used) VALUES (?, ?, ?, 0)"
        " ON CONFLICT DO UPDATE SET policies = excluded.policies",
        (id_, json.dumps(dict(bundle.families)), json.dumps(dict(bundle.policies))),
    )
    (number,) = connection.execute(_NUMBER, (id_,)).fetchone()
    return int(number)
