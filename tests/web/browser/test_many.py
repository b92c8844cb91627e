"""More sounds than the map draws as points: their density far out, the points near in."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ...processes import wait_until
from .looking import hues, place, search, shown, until, wait_to_hear

SOUNDS = 151_000
MORE = """
    CREATE TEMP TABLE copies AS
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count})
    SELECT n, f.*, randomblob(32) AS hash, (random() & 1023) / 40000.0 AS away
    FROM counted
    JOIN (SELECT *, row_number() OVER (ORDER BY path) AS nth FROM files) f
        ON f.nth = 1 + n % (SELECT count(*) FROM files);
    CREATE TEMP TABLE measured AS
    SELECT c.hash, s.* FROM copies c JOIN sounds s USING (audio_hash);
    UPDATE measured SET audio_hash = hash;
    ALTER TABLE measured DROP COLUMN hash;
    INSERT INTO sounds SELECT * FROM measured;
    INSERT INTO verdicts (audio_hash, model, raw, confidence, scores, x, y)
    SELECT c.hash, v.model, v.raw, v.confidence, v.scores, v.x + c.away, v.y - c.away
    FROM copies c JOIN verdicts v USING (audio_hash);
    INSERT INTO files (path, root, pack, size, mtime_ns, file_hash, audio_hash, format, note)
    SELECT CAST(root || '/more ' || (n / 500) || '/' || n || '.wav' AS BLOB), root,
           CAST('more ' || (n / 500) AS BLOB), size, mtime_ns, hash, hash, format, note
    FROM copies;
"""


@pytest.fixture
def page(library, tmp_path, start, visit):
    """The page of very many sounds; there are files of the first ones only."""
    catalog = Path(shutil.copy(library, tmp_path))
    with closing(sqlite3.connect(catalog)) as connection:
        (known,) = connection.execute("SELECT count(*) FROM files").fetchone()
        connection.executescript(MORE.format(count=SOUNDS - known))
    opened = visit(start(catalog))
    until(opened, f"__drumsort.sounds() === {SOUNDS}")
    return opened


def test_far_out_is_their_density_and_near_in_are_the_points(page):
    expect(page.get_by_text("151,000 sounds")).to_be_visible()
    until(page, "__drumsort.points() === 0")
    wait_until(lambda: (hues(page) > 100).sum() >= 4)

    number = page.evaluate("__drumsort.listed(0)")
    page.mouse.move(*place(page, number))
    wait_to_hear(page)
    for _ in range(9):
        page.mouse.wheel(0, -400)
    until(page, "0 < __drumsort.points() && __drumsort.points() < 50_000")

    page.get_by_role("button", name="Show all").click()
    until(page, "__drumsort.points() === 0")
    search(page).fill("kick A")
    wait_until(lambda: 0 < shown(page) < 1000)
    until(page, "__drumsort.points() === __drumsort.shown()")
