"""What an action changed of what a person said, so that it can be undone and redone.

Triggers of one connection write down each row as it was and as it became. They are temporary: they
see the changes of no other process, and end with the connection, so that no later visit undoes what
an earlier one did.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection, IntegrityError

from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.fields import (
    CLASSES,
    COLLECTED,
    COLLECTIONS,
    CORRECTION_LOG,
    CORRECTIONS,
    HIDDEN_PACKS,
    HIDDEN_SOUNDS,
    KEYWORDS,
    LESSONS,
)
from drumsort.catalog.table import Table
from drumsort.errors import DrumsortError

_KEYS = {
    CORRECTIONS: ("audio_hash",),
    CORRECTION_LOG: ("number",),
    CLASSES: ("name",),
    LESSONS: ("number",),
    COLLECTED: ("collection", "audio_hash"),
    COLLECTIONS: ("number",),
    KEYWORDS: ("audio_hash", "keyword"),
    HIDDEN_SOUNDS: ("audio_hash",),
    HIDDEN_PACKS: ("pack",),
}
"""Table to its primary key; one that refers to another comes before it."""

_MOST_ROWS = 2_000_000
"""Of all steps that are kept: beyond, the oldest steps are forgotten."""

_LEFT_OUT = {
    COLLECTIONS: "SELECT 1 FROM collected JOIN net_collections n ON collection = n.number",
    CLASSES: "SELECT 1 FROM corrections JOIN net_classes n ON label = n.name",
}
"""Finds rows that would refer to a row that goes."""

_SINCE = "This has been changed elsewhere since, so it stays as it is."


class ChangedSince(DrumsortError):  # noqa: N818  (it names what happened)
    """A step cannot be undone or redone: something else changed the same rows since."""


@dataclass(frozen=True)
class Touched:
    """What was undone or redone.

    Attributes:
        files: the ids of the files whose corrections changed.
        everything: whether the verdict of any sound may have changed.
        hidden: whether any sound was hidden or shown.
    """

    files: list[int]
    everything: bool
    hidden: bool


class Steps:
    """The steps that one connection took; undone and redone in any order that the rows allow.

    Args:
        catalog: whose connection takes the steps.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._last = time.time_ns() // 1_000_000  # above every step of an earlier connection
        self._undone: dict[int, bool] = {}
        with trouble.explained(catalog.path):
            self._connection = catalog.listened_by(_LISTENING)

    @contextmanager
    def recording(self) -> Iterator[int]:
        """Make one step of all that is changed meanwhile; gives its number."""
        self._last += 1
        number = self._last
        self._connection.execute("INSERT INTO step_now VALUES (?)", (number,))
        try:
            yield number
        finally:
            self._connection.execute("DELETE FROM step_now")
            if self._rows(number):
                self._undone[number] = False
                self._forget()

    def __contains__(self, number: int) -> bool:
        return number in self._undone

    def undo(self, number: int) -> Touched:
        """Undo a step; raises what ``redo`` raises."""
        return self._swap(number, was="a", now="b")

    def redo(self, number: int) -> Touched:
        """Redo a step that was undone.

        Raises:
            ChangedSince: its rows are not as the step left them; nothing is changed.
            CatalogError: the catalog cannot be written.
        """
        return self._swap(number, was="b", now="a")

    def _swap(self, number: int, was: str, now: str) -> Touched:
        if self._undone.get(number) is not (now == "a"):
            raise ChangedSince("That was before drumsort was started again, so it stays.")
        with self._catalog.writing() as connection:
            for table in _KEYS:
                _gather(connection, table, number)
            if any(connection.execute(_differing(t, was)).fetchone() for t in _KEYS):
                raise ChangedSince(_SINCE)
            try:
                for table in _KEYS:
                    _write(connection, table, was, now)
                for table in reversed(_KEYS):
                    _put_in(connection, table, was, now)
            except IntegrityError as error:
                raise ChangedSince(_SINCE) from error
            touched = _touched(connection)
        self._undone[number] = now == "b"
        return touched

    def _rows(self, number: int | None = None) -> int:
        among = "" if number is None else f"WHERE step = {number:d}"
        counts = (f"(SELECT count(*) FROM was_{table.name} {among})" for table in _KEYS)
        (rows,) = self._connection.execute(f"SELECT {' + '.join(counts)}").fetchone()
        return int(rows)

    def _forget(self) -> None:
        while len(self._undone) > 1 and self._rows() > _MOST_ROWS:
            oldest = next(iter(self._undone))
            del self._undone[oldest]
            for table in _KEYS:
                self._connection.execute(f"DELETE FROM was_{table.name} WHERE step = ?", (oldest,))


def _each(table: Table, form: str, names: Iterable[str] | None = None, between: str = ", ") -> str:
    return between.join(form.format(name) for name in (names or table.names))


def _listening(table: Table) -> Iterator[str]:
    """The statements that make a connection write down what it changes in a table."""
    name, keys = table.name, _KEYS[table]
    yield (
        f"CREATE TEMP TABLE was_{name} (step INTEGER, nth INTEGER PRIMARY KEY,"
        f" b_there INTEGER, a_there INTEGER, {_each(table, 'k_{}', keys)},"
        f" {_each(table, 'b_{}')}, {_each(table, 'a_{}')})"
    )
    yield f"CREATE INDEX temp.step_of_{name} ON was_{name} (step)"
    for event, key, before, after in (
        ("INSERT", "new.{}", "NULL", "new.{}"),
        ("DELETE", "old.{}", "old.{}", "NULL"),
        ("UPDATE", "new.{}", "old.{}", "new.{}"),
    ):
        yield (
            f"CREATE TEMP TRIGGER was_{name}_{event.lower()} AFTER {event} ON main.{name}"
            " WHEN EXISTS (SELECT 1 FROM step_now) BEGIN"
            f" INSERT INTO was_{name} SELECT number, NULL, {int(before != 'NULL')},"
            f" {int(after != 'NULL')}, {_each(table, key, keys)},"
            f" {_each(table, before)}, {_each(table, after)} FROM step_now; END"
        )


_LISTENING = (
    "PRAGMA cache_size = -65536",  # KiB: the rows of 100,000 sounds stay in memory
    "PRAGMA temp.cache_size = -65536",
    "PRAGMA recursive_triggers = ON",  # or a row that REPLACE removes would not be noticed
    "CREATE TEMP TABLE step_now (number INTEGER)",
    *(statement for table in _KEYS for statement in _listening(table)),
)


def _gather(connection: Connection, table: Table, number: int) -> None:
    """Table ``net_*``: each row that a step changed, as it was at first and as it became."""
    name, keys = table.name, _KEYS[table]
    later = ["a_there", *(f"a_{field}" for field in table.names)]
    fields = [*keys, "b_there", *(f"b_{field}" for field in table.names), *later]
    connection.execute(f"DROP TABLE IF EXISTS temp.net_{name}")
    connection.execute(
        f"CREATE TEMP TABLE net_{name} ({', '.join(fields)}, UNIQUE ({', '.join(keys)}))"
    )
    connection.execute(
        f"INSERT INTO net_{name} ({', '.join(fields)})"
        f" SELECT {_each(table, 'k_{}', keys)}, {', '.join(fields[len(keys) :])}"
        f" FROM was_{name} WHERE step = {number:d} ORDER BY nth"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET"
        f" {', '.join(f'{field} = excluded.{field}' for field in later)}"
    )


def _same(table: Table) -> str:
    return _each(table, "t.{0} = n.{0}", _KEYS[table], " AND ")


def _differing(table: Table, side: str) -> str:
    """Finds a row that is not as it is on one side of the step."""
    key = _KEYS[table][0]
    return (
        f"SELECT 1 FROM net_{table.name} n LEFT JOIN main.{table.name} t ON {_same(table)}"
        f" WHERE (t.{key} IS NOT NULL) <> n.{side}_there"
        f" OR ({side}_there AND ({_each(table, f't.{{0}} IS NOT n.{side}_{{0}}', None, ' OR ')}))"
    )


def _write(connection: Connection, table: Table, was: str, now: str) -> None:
    """Delete the rows that go, and change those that stay."""
    name, gone = table.name, f"NOT n.{now}_there"
    if table in _LEFT_OUT and connection.execute(f"{_LEFT_OUT[table]} WHERE {gone}").fetchone():
        raise ChangedSince(_SINCE)
    keys = ", ".join(_KEYS[table])  # looked up in an index that SQLite makes of the rows to delete
    connection.execute(
        f"DELETE FROM main.{name} WHERE ({keys}) IN (SELECT {keys} FROM net_{name} n WHERE {gone})"
    )
    if table is LESSONS:  # only one may be in use, at any instant
        connection.execute(
            "UPDATE lessons SET active = 0 WHERE number IN (SELECT number FROM net_lessons)"
        )
    if others := [field for field in table.names if field not in _KEYS[table]]:
        connection.execute(  # without the keys, whose indexes would be written again
            f"UPDATE main.{name} AS t SET {_each(table, f'{{0}} = n.{now}_{{0}}', others)}"
            f" FROM net_{name} n WHERE {_same(table)} AND n.{was}_there AND n.{now}_there"
        )


def _put_in(connection: Connection, table: Table, was: str, now: str) -> None:
    """Insert the rows that come back."""
    connection.execute(
        f"INSERT INTO main.{table.name} ({', '.join(table.names)})"
        f" SELECT {_each(table, now + '_{}')} FROM net_{table.name}"
        f" WHERE {now}_there AND NOT {was}_there"
    )


def _touched(connection: Connection) -> Touched:
    files = connection.execute(
        "SELECT rowid FROM files WHERE audio_hash IN (SELECT audio_hash FROM net_corrections)"
    )
    all_ = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM net_classes) OR EXISTS (SELECT 1 FROM net_lessons)"
    ).fetchone()
    hidden = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM net_hidden_sounds) OR EXISTS (SELECT 1 FROM net_hidden_packs)"
    ).fetchone()
    return Touched([int(number) for (number,) in files], bool(all_[0]), bool(hidden[0]))
