"""A tree that changes at random, scanned again and again: ``python -m tests.faults rescans``.

All in one process and one catalog, which must end with what a fresh scan says; so must some scans
on the way. Descriptors and memory may not grow with the number of scans.
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from drumsort import scan

from .day import Day, known

MOST = 60
EVERY = 25


def amounts() -> tuple[int, float]:
    """How many descriptors this process has open, and how many MB it holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return len([*Path("/proc/self/fd").iterdir()]), pages * os.sysconf("SC_PAGESIZE") / 2**20


def differing(top: Path, root: Path, number: int) -> tuple[set[str], int]:
    """The files of which a fresh scan says something else, and how many files there are."""
    fresh = top / f"fresh {number}.db"
    scan(root, catalog=fresh, ear="quick")
    found, expected = known(top / "catalog.db", [root]), known(fresh, [root])
    for path in top.glob(f"{fresh.name}*"):
        path.unlink()
    return {p for p in {*found, *expected} if found.get(p) != expected.get(p)}, len(expected)


def lived(top: Path, seed: int, scans: int) -> Iterator[tuple[int, set[str], int]]:
    """Change, scan, and compare now and then: the scan, what differed, and how many files."""
    day, chance = Day(top, seed), random.Random(seed)
    for number in range(1, scans + 1):
        day.live(chance.randint(1, 4))
        while sum(1 for _ in day.root.rglob("*.wav")) > MOST:
            day._delete_folder()
            day._delete()
        scan(day.root, catalog=top / "catalog.db", ear="quick")
        if number % EVERY == 0 or number == scans:
            yield number, *differing(top, day.root, number)


def main(top: str, scans: str, seed: str = "0") -> int:
    """Scan so many times, print what was wrong, and what the process holds."""
    failed, began = False, time.monotonic()
    for number, differ, count in lived(Path(top), int(seed), int(scans)):
        failed |= bool(differ)
        descriptors, held = amounts()
        print(
            f"{number} scans in {time.monotonic() - began:.0f} s, {count} files, {len(differ)} "
            f"other than a fresh scan says, {descriptors} descriptors, {held:.0f} MB",
            *sorted(differ)[:5],
            flush=True,
        )
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
