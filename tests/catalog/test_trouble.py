"""A catalog that cannot be used is one sentence that names it and says what to do; nothing is lost.

Real files, real locks of another process, real full and read-only disks.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from drumsort import Catalog, classify, scan
from drumsort.catalog import repair, schema, trouble, writer_lock
from drumsort.catalog.collections import Collections
from drumsort.errors import CatalogError

from ..small_library import SOUNDS, correct, dump, write


def sentence(work):
    with pytest.raises(CatalogError) as raised:
        work()
    text = str(raised.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def refused(samples, path):
    """What opening and scanning say, which is the same."""
    text = sentence(lambda: scan(samples, catalog=path))
    assert sentence(lambda: Catalog(path)) == text
    assert str(path) in text
    return text


def damage(path, where, length=200):
    with path.open("r+b") as file:
        file.seek(where)
        file.write(b"\xa5" * length)


def holding(path, statement):
    """Another process that has the catalog to itself; end it by closing its input."""
    code = f"""
import sqlite3, sys
connection = sqlite3.connect({str(path)!r}, isolation_level=None)
connection.execute({statement!r})
print("held", flush=True)
sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def let_go(process):
    process.communicate()
    assert process.returncode == 0


def test_a_newer_version(samples, scanned):
    with closing(sqlite3.connect(scanned)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    assert "was written by a newer drumsort: update this one" in refused(samples, scanned)
    with closing(sqlite3.connect(scanned)) as connection:
        assert connection.execute("SELECT count(*) FROM files").fetchone() == (len(SOUNDS),)


def test_a_database_of_another_program(samples, tmp_path):
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name)")
    assert "is a database of another program" in refused(samples, path)


def test_no_database_at_all(samples, tmp_path):
    path = write(tmp_path / "kick.wav")
    before = path.read_bytes()
    assert "is damaged or is not a catalog" in refused(samples, path)
    assert path.read_bytes() == before


def test_there_is_none(tmp_path):
    text = sentence(lambda: Catalog(tmp_path / "none.db", create=False))
    assert f"There is no catalog {tmp_path / 'none.db'}" in text
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("where", ["a folder", "below a file"])
def test_a_place_that_cannot_be(samples, tmp_path, where):
    path = tmp_path if where == "a folder" else samples / "top.wav" / "catalog.db"
    text = sentence(lambda: scan(samples, catalog=path))
    assert str(path) in text
    assert "--catalog" in text


@pytest.mark.parametrize("page", ["first", "all but corrections"])
def test_a_damaged_one_is_rebuilt_with_its_corrections(samples, scanned, page):
    correct(scanned, "rim")
    before = dump(scanned)
    with closing(sqlite3.connect(scanned)) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keep = {roots["corrections"], roots["sqlite_autoindex_corrections_1"]}
    for number in range(1, scanned.stat().st_size // 4096 + 1):
        if (number == 1) if page == "first" else (number > 1 and number not in keep):
            damage(scanned, 4096 * (number - 1), 4096)
    text = sentence(lambda: scan(samples, catalog=scanned))
    assert f"{scanned} is damaged or is not a catalog" in text
    assert f"'drumsort scan DIR --rebuild --catalog {scanned}'" in text
    content = scanned.read_bytes()
    kept, rescued = repair(scanned)
    assert kept.read_bytes() == content
    assert rescued == len(SOUNDS)
    assert dump(scanned) == [[], [], [], before[3]]
    scan(samples, catalog=scanned)
    assert dump(scanned) == before
    damage(scanned, 0, 4096)
    assert repair(scanned)[0] != kept


def test_what_is_not_damaged_is_left_as_it_is(samples, scanned, tmp_path):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE theirs (name TEXT)")
    newer = tmp_path / "newer.db"
    shutil.copyfile(scanned, newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for path, word in ((scanned, "left as it is"), (other, "left as it is"), (newer, "newer")):
        content = path.read_bytes()
        assert word in sentence(lambda path=path: repair(path))
        assert path.read_bytes() == content


def test_scores_that_nobody_wrote_are_damage_too(scanned):
    with closing(sqlite3.connect(scanned)) as connection, connection:
        connection.execute("UPDATE verdicts SET scores = x'00'")
    assert repair(scanned)[0].exists()


def test_collections_are_rescued_too(samples, scanned):
    with Catalog(scanned) as catalog:
        collections = Collections(catalog)
        collections.rename(collections.make("Kit").number, "Dark kit")
        for collection in collections.all():
            collections.add(collection.number, [samples / "top.wav"])
        before = collections.all()
        connection = catalog._connection
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'files'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(scanned, 4096 * (root[0] - 1), 4096)
    repair(scanned)
    scan(samples, catalog=scanned)
    with Catalog(scanned) as catalog:
        assert Collections(catalog).all() == before
        assert Collections(catalog).files(2) == ([samples / "top.wav"], [])


def test_sounds_whose_list_is_lost_get_another(samples, scanned):
    correct(scanned, "rim")
    with Catalog(scanned) as catalog:
        collections = Collections(catalog)
        for number in (1, collections.make("Kit").number):
            collections.add(number, [samples / "top.wav"])
        connection = catalog._connection
        root = "SELECT rootpage FROM sqlite_master WHERE name = 'collections'"
        (page,) = connection.execute(root).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(scanned, 4096 * (page - 1), 4096)
    assert repair(scanned)[1] == len(SOUNDS)
    with Catalog(scanned) as catalog:
        collections = Collections(catalog)
        named = [(found.name, found.count) for found in collections.all()]
    assert named == [("Favourites", 1), ("Rescued 2", 1)]


def test_a_rebuild_that_fails_leaves_the_catalog_as_it_is(scanned, monkeypatch):
    damage(scanned, 0, 4096)
    content, there = scanned.read_bytes(), {*scanned.parent.iterdir()}
    with monkeypatch.context() as broken:
        broken.setattr(sys.modules[repair.__module__], "_PLACEHOLDERS", "no SQL")
        with pytest.raises(sqlite3.OperationalError):
            repair(scanned)
    assert scanned.read_bytes() == content
    assert {*scanned.parent.iterdir()} == there
    assert repair(scanned)[0].read_bytes() == content


def test_what_is_not_there_is_not_rebuilt(tmp_path):
    assert "There is no catalog" in sentence(lambda: repair(tmp_path / "none.db"))


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_another_program_has_it(samples, scanned, monkeypatch, statement):
    monkeypatch.setattr(trouble, "BUSY_SECONDS", 0.1)
    write(samples / "new.wav", "ride", 4)
    before = dump(scanned)
    process = holding(scanned, statement)
    text = sentence(lambda: scan(samples, catalog=scanned))
    assert f"The catalog {scanned} is in use by another program: wait" in text
    with Catalog(scanned) as catalog:
        assert len(list(catalog.entries())) == len(SOUNDS)  # reading goes on
        results = list(classify(samples, catalog=catalog))
    assert results == list(classify(samples))
    let_go(process)
    assert dump(scanned) == before
    assert scan(samples, catalog=scanned).heard == 1


def test_an_old_kind_of_lock_is_waited_for(samples, scanned, monkeypatch):
    monkeypatch.setattr(trouble, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(scanned)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    process = holding(scanned, "BEGIN EXCLUSIVE")
    assert "is in use by another program" in refused(samples, scanned)
    let_go(process)


def test_two_scans_at_once(samples, scanned):
    with writer_lock(scanned):
        code = f"import drumsort; drumsort.scan({str(samples)!r}, catalog={str(scanned)!r})"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert f"Another drumsort is filling the catalog {scanned}: wait" in other.stderr
    assert scan(samples, catalog=scanned).unchanged == len(SOUNDS)


def test_a_new_one_is_begun_by_two_at_once(tmp_path):
    path = tmp_path / "catalog.db"
    code = f"from drumsort import Catalog\nfor _ in range(20): Catalog({str(path)!r}).close()"
    others = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [other.wait() for other in others] == [0, 0, 0]
    with Catalog(path) as catalog:
        assert list(catalog.entries()) == []


def test_a_full_disk(samples, scanned, monkeypatch):
    for number in range(40):
        write(samples / f"{number}.wav", "tom", number)
    with closing(sqlite3.connect(scanned)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    before = dump(scanned)
    check = Catalog._check

    def with_limit(catalog):
        check(catalog)
        catalog._connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    with monkeypatch.context() as limited:
        limited.setattr(Catalog, "_check", with_limit)
        limited.setattr("drumsort.catalog.writer.SECONDS", 60.0)  # a few files would fit in
        text = sentence(lambda: scan(samples, catalog=scanned))
        assert f"There is no room for the catalog {scanned}: make room" in text
        with Catalog(scanned) as catalog:
            assert list(classify(samples, catalog=catalog)) == list(classify(samples))
    assert dump(scanned) == before
    assert scan(samples, catalog=scanned).heard == 40


def test_a_disk_that_is_really_full(samples, tmp_path):
    """A file system of its own, of which a few pages are left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a disk is not allowed here")
    try:
        place = disk / "catalog.db"
        scan(samples, catalog=place)
        before = dump(place)
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(4096))
        for number in range(40):
            write(samples / f"{number}.wav", "tom", number)
        assert str(place) in sentence(lambda: scan(samples, catalog=place))
        filler.unlink()
        assert dump(place) == before
        assert scan(samples, catalog=place).unchanged == len(SOUNDS)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("named", [False, True])
def test_what_may_only_be_read_is_read(as_nobody, named):
    folder, drop = as_nobody
    write(folder / "Samples" / "kick.wav")
    place = folder / "data" / "catalog.db"
    scan(folder / "Samples", catalog=place)
    if named:
        correct(place, "clap")
        shutil.copyfile(folder / "Samples" / "kick.wav", folder / "Samples" / "copy.wav")
    write(folder / "Samples" / "new.wav", "ride", 4)
    Path(f"{place}.lock").unlink()
    place.chmod(0o444)
    place.parent.chmod(0o555)
    drop()
    plain = list(classify(folder / "Samples"))
    with Catalog(place) as catalog:
        assert not catalog.writable
        assert len(list(catalog.entries())) == 1
        results = list(classify(folder / "Samples", catalog=catalog))
        if named:  # the copy, which the catalog does not know, too
            assert [result.label for result in results] == ["clap", "clap", plain[-1].label]
        else:
            assert results == plain
        assert len(list(catalog.entries())) == 1
    text = sentence(lambda: scan(folder / "Samples", catalog=place))
    assert f"The catalog {place} cannot be written" in text
    assert os.listdir(place.parent) == ["catalog.db"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_NOMEM, "There is not enough memory for the catalog"),
        (sqlite3.SQLITE_PROTOCOL, "cannot be used (what SQLite says): run the same command again"),
        (sqlite3.SQLITE_NOTADB, "--rebuild"),
    ],
)
def test_what_is_no_damage_advises_no_rebuild(place, code, said):
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    with pytest.raises(CatalogError) as raised, trouble.explained(place):
        raise error
    assert said in str(raised.value)
    assert ("--rebuild" in str(raised.value)) is (said == "--rebuild")


def test_a_mistake_of_ours_is_no_damage(scanned):
    with Catalog(scanned) as catalog:
        with pytest.raises(sqlite3.IntegrityError), catalog.writing() as connection:
            connection.execute("INSERT INTO collected VALUES (99, x'00', x'00', '')")
        assert "--rebuild" in sentence(lambda: list(catalog.read("SELECT 1 FROM none")))
