"""What a scan costs: compared with ``classify`` alone, and when nothing has changed.

    python benchmarks/scan.py --data DATA [--files 100000] [--sounds 2000] [--rounds 3]

Real sounds of DATA (a folder with manifest.csv) are converted to WAV. Each file of the tree is a
copy of one of them with a unique last sample, because a scan hears the same content only once:
5 GB for 100,000 files. Each round runs all of these, so that a change of the machine's speed
affects them alike:

- classify: ``drumsort classify --no-catalog --jsonl``, a whole process from its start to its end;
- scan: ``drumsort scan`` into a new catalog;
- again: the same scan again, when nothing has changed.

CPU time includes the processes that a process started.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from throughput import make_wavs

FOLDER = 500  # files per folder of the tree


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--files", type=int, default=100_000)
    options.add_argument("--sounds", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        wavs = make_wavs(args.data, scratch / "wavs", min(args.sounds, args.files))
        size = make_tree(wavs, scratch / "tree", args.files)
        rounds = [listen(scratch) for _ in range(args.rounds)]
    print(
        f"{args.files:,} files, {size / 1e9:.1f} GB, {os.cpu_count()} cores, {args.rounds} rounds"
    )
    show(rounds, args.files)


def make_tree(wavs: Sequence[Path], folder: Path, count: int) -> int:
    """Copy the sounds, each copy with a unique last sample; return the total bytes."""
    size = 0
    contents = [path.read_bytes() for path in wavs]
    for number in range(count):
        path = folder / f"{number // FOLDER:04d}" / f"{number:06d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        content, last = contents[number % len(wavs)], number // len(wavs) % 2**16
        path.write_bytes(content[:-2] + last.to_bytes(2, "little"))
        size += len(content)
    return size


Times = dict[str, tuple[float, float]]
"""Contender to its seconds and its seconds of CPU time."""


def listen(scratch: Path) -> Times:
    """One round, with its own catalog."""
    tree, catalog = str(scratch / "tree"), scratch / "catalog.db"
    scan = ("scan", tree, "--catalog", str(catalog))
    times = {
        "classify": run(scratch, "classify", "--no-catalog", "--jsonl", tree),
        "scan": run(scratch, *scan),
        "again": run(scratch, *scan),
    }
    for path in scratch.glob("catalog.db*"):
        path.unlink()
    return times


def run(home: Path, *arguments: str) -> tuple[float, float]:
    """Run ``drumsort`` to its end: seconds, and seconds of CPU time."""
    environment = os.environ | {"DRUMSORT_HOME": str(home / "home")}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", *arguments], env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"drumsort {arguments[0]} failed with {status}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime


def show(rounds: Sequence[Times], files: int) -> None:
    print("\n| contender | s, median | CPU s, median | files/s | times classify | in CPU time |")
    print("|---|---|---|---|---|---|")
    for name in rounds[0]:
        wall, cpu = zip(*(times[name] for times in rounds), strict=True)
        ratios = [
            statistics.median(times[name][kind] / times["classify"][kind] for times in rounds)
            for kind in (0, 1)
        ]
        print(
            f"| {name} | {statistics.median(wall):,.1f} | {statistics.median(cpu):,.1f} "
            f"| {files / statistics.median(wall):,.0f} | {ratios[0]:.3f} | {ratios[1]:.3f} |"
        )


if __name__ == "__main__":
    main()
