"""A new catalog and one of any older version have the same schema, and nothing known is lost."""

import re
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from drumsort import Catalog, Corrections
from drumsort.catalog import repair, schema
from drumsort.catalog.collections import Collections
from drumsort.catalog.fields import FILES, SHOWN, SOUNDS, TABLES, TYPES
from drumsort.types import Analysis

from .old_versions import HASHES, PATHS, made

VERSIONS = range(1, schema.VERSION)


def described(path):
    """Every table with its fields, keys and indexes, whatever SQL made them and in what order."""
    with closing(sqlite3.connect(path)) as connection:

        def rows(pragma, name):
            return connection.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,)).fetchall()

        def indexes(table):
            for _, name, unique, origin, partial in rows("index_list", table):
                keys = [row[2:] for row in rows("index_xinfo", name) if row[5]]
                yield (name if origin == "c" else "", unique, origin, partial, tuple(keys))

        found = connection.execute("SELECT type, name FROM sqlite_master ORDER BY name").fetchall()
        names = [name for kind, name in found if kind == "table"]
        return {
            "others": [(kind, name) for kind, name in found if not name.startswith("sqlite_")],
            **{
                name: (
                    sorted(row[1:] for row in rows("table_xinfo", name)),
                    sorted(row[2:] for row in rows("foreign_key_list", name)),
                    sorted(indexes(name)),
                )
                for name in names
            },
        }


def known(path):
    """All that is in a catalog, by table and field."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: [
                {field: (type(row[field]), row[field]) for field in row.keys()}  # noqa: SIM118
                for row in connection.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid")
            ]
            for (name,) in tables.fetchall()
        }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_new_catalog_and_a_migrated_one_have_the_same_schema(tmp_path, version):
    Catalog(tmp_path / "new.db").close()
    Catalog(made(tmp_path / "old.db", version)).close()
    assert described(tmp_path / "old.db") == described(tmp_path / "new.db")
    new = described(tmp_path / "new.db")
    assert {name for name in new if name != "others"} == {table.name for table in TABLES}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_migrated_catalog_still_knows_all_that_it_knew(tmp_path, version):
    path = made(tmp_path / "old.db", version)
    before = known(path)
    assert len(before["files"]) == len(before["sounds"]) == 4
    assert len(before["verdicts"]) == 6
    Catalog(path).close()
    after = known(path)
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        for old, new in zip(rows, after[table], strict=True):
            old = {field: value for field, value in old.items() if field != "removed"}
            assert {field: new[field] for field in old} == old
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_migrated_catalog_can_be_used(tmp_path, version):
    with Catalog(made(tmp_path / "old.db", version)) as catalog:
        entries = list(catalog.entries(missing=True))
        assert [entry.facts.audio_hash for entry in entries] == [one.hex() for one in HASHES]
        assert entries[0].correction == "kick"
        assert entries[2].facts.remark == "the file is cut short"
        assert entries[3].model == "new-2"
        if version >= 2:
            every = Collections(catalog).all()
            assert [c.count for c in every if c.query is None] == [1, 2]
            assert [c.query for c in every if c.query] == ["kick deep"] * (version >= 6)
            assert [one.label for one in Corrections(catalog).undo()] == ["Vöx"]
        assert [one.label for one in Corrections(catalog).undo()] == ["kick"]
        assert [one.label for one in Corrections(catalog).all()] == ["snare"]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_person_said_in_an_old_catalog_is_rescued(tmp_path, version):
    path = made(tmp_path / "old.db", version)
    before = known(path)
    with path.open("r+b") as file:  # the page that says where the tables are
        file.write(b"\xa5" * 4096)
    kept, rescued = repair(path)
    assert kept.exists()
    assert rescued == min(version, 2)
    after = known(path)
    for table in ("corrections", "correction_log"):
        assert {str(row) for row in after[table]} == {str(row) for row in before[table]}
    assert PATHS[0] in {row["path"][1] for row in after["corrections"]}


def test_every_measurement_is_kept():
    assert {field.name for field in fields(Analysis)} <= set(SOUNDS.names)
    assert len({field.column for field in SHOWN}) == len(SHOWN)
    assert FILES.names[0] == "path"


def test_the_columns_of_the_page_are_documented():
    page = Path(__file__).parents[2].joinpath("docs/page.md").read_text(encoding="utf-8")
    listed = {
        name: kind
        for names, kind in re.findall(r"^\| ([a-z, _]+) \| (u?int\d+|float\d+) \|", page, re.M)
        for name in names.split(", ")
    }
    assert {name: listed.get(name) for name in TYPES} == TYPES
    for field in SHOWN:
        if field.unit:
            assert re.search(rf"\| {field.column} \|.*\b{field.unit}\b", page)
