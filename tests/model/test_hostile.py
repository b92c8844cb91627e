"""What others made, a model folder, a table, a catalog, is looked at before it is used."""

import json
import os
import shutil
import sqlite3

import pytest

from drumsort.catalog import Catalog
from drumsort.catalog.sortable import sortable
from drumsort.errors import BundleError, CatalogError, DrumsortError
from drumsort.model.bundle import Bundle
from drumsort.teaching.corrections import Corrections

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped model, to be damaged."""
    shutil.copytree(Bundle.load().folder, tmp_path / "model")
    return tmp_path / "model"


@needs_pipes
@pytest.mark.parametrize("name", ["bundle.json", "model.onnx"])
@pytest.mark.parametrize("kind", ["pipe", "endless"])
def test_only_a_regular_file_is_read(folder, name, kind):
    (folder / name).unlink()
    if kind == "pipe":
        os.mkfifo(folder / name)
    else:
        (folder / name).symlink_to("/dev/zero")
    with pytest.raises(BundleError, match="is not a regular file"):
        Bundle.load(folder)


def test_no_more_is_read_than_a_model_can_need(folder):
    with (folder / "bundle.json").open("r+b") as file:
        file.truncate(1 << 40)  # a file with a hole
    with pytest.raises(BundleError, match="larger than"):
        Bundle.load(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"families": {"kick\0": ["kick"]}},
        {"families": {"kick": ["\ud800"]}},
        {"families": {"../kick\n": ["kick"]}},
        {"families": {"kick": []}},
        {"families": []},
        {"name": "\0"},
        {"temperature": 0},
        {"temperature": float("nan")},
        {"policies": {"balanced": 2}},
        {"policies": {"balanced": 0.5, "careful": -1}},
    ],
    ids=str,
)
def test_a_bundle_that_says_what_cannot_be_is_refused(folder, change):
    path = folder / "bundle.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BundleError, match="cannot be read"):
        Bundle.load(folder)


@pytest.mark.parametrize("number", ["n_fft", "hop", "n_mels", "n_frames", "rate"])
def test_numbers_that_would_fill_the_memory_are_refused(folder, number):
    path = folder / "bundle.json"
    facts = json.loads(path.read_text())
    facts["front_end"][number] = 1 << 40
    path.write_text(json.dumps(facts))
    with pytest.raises(BundleError, match=f"{number} is not within"):
        Bundle.load(folder)


def test_a_deeply_nested_text_is_refused(folder):
    (folder / "bundle.json").write_text("[" * 200_000)
    with pytest.raises(BundleError, match="nested too deeply"):
        Bundle.load(folder)


@needs_pipes
def test_a_table_or_a_catalog_that_is_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CatalogError, match="is not a file"):
        Catalog(tmp_path / "pipe")
    no_file = pytest.raises(DrumsortError, match="is not a regular file")
    with Catalog(tmp_path / "catalog") as catalog, no_file:
        Corrections(catalog).read(tmp_path / "pipe")


@pytest.mark.parametrize("path", [b"/elsewhere/Kick.wav", b"/../../etc/passwd", b"/Ki\0ck.wav"])
def test_a_catalog_whose_paths_leave_their_root_is_damaged(tmp_path, scanned, path):
    copy = tmp_path / "copy.db"
    shutil.copy(scanned, copy)
    with sqlite3.connect(copy) as connection:
        (root,) = connection.execute("SELECT root FROM files LIMIT 1").fetchone()
        new = path if path.startswith(b"/elsewhere") else root + path
        connection.execute(
            "UPDATE files SET path = ? WHERE rowid = (SELECT min(rowid) FROM files)", (new,)
        )
    connection.close()
    with Catalog(copy) as catalog:
        for read in (catalog.entries, lambda: sortable(catalog)):
            with pytest.raises(CatalogError, match="leads out of"):
                list(read())


@pytest.mark.parametrize("families", ["[" * 100_000, '{"kick\\u0000": ["kick"]}', "[]", "3"])
def test_a_catalog_whose_models_say_nonsense_is_damaged(tmp_path, scanned, families):
    copy = tmp_path / "copy.db"
    shutil.copy(scanned, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE models SET families = ?", (families,))
    connection.close()
    with Catalog(copy) as catalog, pytest.raises(CatalogError, match="is damaged"):
        list(catalog.entries())
