"""How quickly ``drumsort find`` answers in a large library.

    python benchmarks/find.py                     100,000 sounds
    python benchmarks/find.py --sounds 500000

Makes a catalog in a temporary folder: the sounds of the demo are really scanned, then entered again
and again, each with its own hash, name, pack and measures; there are no files for these. Each query
opens the catalog anew and counts what it finds. "The command" is a whole process, from the start of
Python to the last path printed. "After a change" is the first query after a sound was corrected.
CPU time is what other programs do not take away.
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from drumsort import Catalog, Corrections, scan
from drumsort.workflows.demo import demo
from drumsort.workflows.find import find

QUERIES = (
    "kick",
    "label:kick",
    "family:hat short bright -open loudness-",
    "pitch:C1..C2 length:..300ms , pitch:40..60 confidence:..0.6",
    'pack:"pack 77" name:nc , deep long',
    "path:demo name+",
    "",
)

_MORE = """
    CREATE TEMP TABLE copies AS
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count})
    SELECT n, f.path AS source, randomblob(32) AS hash,
           0.8 + 0.4 * (random() & 65535) / 65535 AS factor
    FROM counted JOIN (SELECT path, row_number() OVER (ORDER BY path) AS nth FROM files) f
        ON f.nth = 1 + n % (SELECT count(*) FROM files);
    CREATE TEMP TABLE old AS
    SELECT c.n, c.hash, c.factor, f.path, f.root, f.size, f.mtime_ns, f.format, f.note, s.*
    FROM copies c JOIN files f ON f.path = c.source JOIN sounds s USING (audio_hash);
    INSERT INTO sounds
        (audio_hash, duration, rate, channels, loudness_db, peak_db, onset_s, brightness_hz,
         pitch_hz, pitch_confidence, true_peak_db, attack_s, decay_s)
    SELECT hash, duration * factor, rate, channels, loudness_db * factor, peak_db, onset_s,
           brightness_hz * factor, pitch_hz * factor, pitch_confidence, true_peak_db, attack_s,
           decay_s
    FROM old;
    INSERT INTO verdicts
    SELECT o.hash, v.model, v.raw, v.confidence, v.scores, v.embedding, v.x, v.y
    FROM old o JOIN verdicts v USING (audio_hash);
    INSERT INTO files
        (path, root, pack, size, mtime_ns, file_hash, audio_hash, format, note)
    SELECT CAST(root || '/Pack ' || (n / 100) || '/' || n || ' sound '
               || substr(path, length(path) - 10) AS BLOB),
           root, CAST('Pack ' || (n / 100) AS BLOB), size, mtime_ns, hash, hash, format, note
    FROM old;
"""


def main() -> None:
    """Make, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sounds", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=15)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DRUMSORT_HOME"] = str(folder / "home")
        demo(folder / "Demo")
        catalog = folder / "catalog.db"
        known = scan(folder / "Demo", catalog=catalog).heard
        with closing(sqlite3.connect(catalog)) as connection:
            connection.executescript(_MORE.format(count=args.sounds - known))
        measure(catalog, args.repeats)


def measure(catalog: Path, repeats: int) -> None:
    """Print how long each query takes, in ms."""
    print(f"{len(find('', catalog=catalog)):,} sounds")
    time.sleep(0.5)  # a catalog that changes at this moment is not kept
    find("", catalog=catalog)
    print("| query | found | median, ms | slowest, ms | CPU, ms |\n|---|---|---|---|---|")
    for query in QUERIES:
        print(f"| `{query}` | {len(find(query, catalog=catalog)):,} | ", end="")
        print(timed(repeats, lambda query=query: find(query, catalog=catalog)))
    command = [sys.executable, "-m", "drumsort", "find", "--catalog", catalog]
    for query in ("label:kick", ""):
        print(f"| the command, `{query}` | | ", end="")
        print(timed(3, lambda query=query: subprocess.run([*command, query], capture_output=True)))
    with Catalog(catalog) as opened:
        Corrections(opened).correct(find("kick", catalog=opened).paths[:1], "snare")
    print(f"| after a change | | {timed(1, lambda: find('kick', catalog=catalog))}")


def timed(repeats: int, act: Callable[[], object]) -> str:
    """The median and the slowest of some runs, and the median of their CPU time, as cells."""
    times, busy = [], []
    for _ in range(repeats):
        began, before = time.perf_counter(), _cpu()
        act()
        times.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (_cpu() - before))
    return f"{statistics.median(times):.1f} | {max(times):.1f} | {statistics.median(busy):.1f} |"


def _cpu() -> float:
    """Seconds of CPU time of this process and those that it started."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


if __name__ == "__main__":
    main()
