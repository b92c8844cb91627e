"""The page follows what ``drumsort watch`` takes up in another process."""

import shutil

from ...faults.day import watching
from ...small_library import write
from .looking import until


def test_the_page_follows_while_the_library_changes(demo, tmp_path, start, visit):
    kick = write(tmp_path / "pool" / "just arrived.wav", "kick", 77)
    catalog = tmp_path / "catalog.db"
    with watching(tmp_path, demo, "--catalog", catalog, "--rest", "0.4") as watch:
        page = visit(start(catalog))
        count = page.evaluate("__drumsort.sounds()")
        shutil.copy(kick, demo)
        until(page, f"__drumsort.sounds() === {count + 1}")
        watch.wait(lambda: watch.total("heard") == count + 1)
        (demo / "just arrived.wav").unlink()
        until(page, f"__drumsort.sounds() === {count}")
