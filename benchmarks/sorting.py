"""What sorting costs beyond hearing: `drumsort sort` against `drumsort classify` and `cp -r`.

    python benchmarks/sorting.py --data DATA [--files 2000] [--rounds 5] [--scratch FOLDER]

Real sounds of DATA (a folder with manifest.csv) are converted to WAV first. Each round runs these
in turn:

- sort: ``drumsort sort --into``, a whole process, into a new folder;
- classify and ``cp -r``: ``drumsort classify --jsonl``, a whole process, and a plain copy of the
  same folder, each timed separately;
- placing: only the plan, check and apply of ``sort``, on known verdicts, in this process.

Copies stay until the end, because a disk that frees space is slow. Before each timing, the script
waits for the earlier writes. SCRATCH names a folder on the disk to measure.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drumsort import sorting
from drumsort.types import Prediction, Result
from throughput import make_wavs

DRUMSORT = [sys.executable, "-m", "drumsort"]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--scratch", type=Path)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    with tempfile.TemporaryDirectory(dir=args.scratch) as name:
        scratch = Path(name)
        os.environ["DRUMSORT_HOME"] = str(scratch / "home")
        make_wavs(args.data, scratch / "wavs", args.files)
        heard = hear(scratch / "wavs")  # also warms the file cache
        seconds: dict[str, list[float]] = {}
        busy: dict[str, list[float]] = {}
        ways = ""
        for number in range(args.rounds):
            out = scratch / f"round {number}"
            out.mkdir()
            contenders: dict[str, Callable[[], object]] = {
                "sort": lambda out=out: call("sort", scratch / "wavs", "--into", out / "sorted"),
                "classify": lambda: call("classify", "--jsonl", scratch / "wavs"),
                "cp -r": lambda out=out: subprocess.run(
                    ["cp", "-r", scratch / "wavs", out / "copied"], check=True
                ),
                "placing": lambda out=out: place(heard, out / "placed"),
            }
            for contender, work in contenders.items():
                os.sync()
                started, before = time.perf_counter(), processor()
                done = work()
                seconds.setdefault(contender, []).append(time.perf_counter() - started)
                busy.setdefault(contender, []).append(processor() - before)
            ways = str(done)
        show(seconds, busy, args.files, ways)


def processor() -> float:
    """CPU seconds used by this process and the processes it waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def call(*command: object) -> str:
    """Run drumsort to its end and return its output."""
    done = subprocess.run([*DRUMSORT, *map(str, command)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"drumsort {command[0]} failed with {done.returncode}")
    return done.stdout


def hear(folder: Path) -> list[Result]:
    """Every file, with the verdict of ``classify``."""
    results = []
    for line in call("classify", "--jsonl", folder).splitlines():
        fact = json.loads(line)
        path = Path(fact["path"])
        stat = path.stat()
        verdict = Prediction(fact["family"], fact["label"], fact["label"], fact["confidence"], {})
        results.append(Result(path, folder, stat.st_size, stat.st_mtime_ns, verdict))
    return results


def place(heard: list[Result], into: Path) -> str:
    """Put every file in place, and say how they were copied."""
    run = sorting.apply(sorting.check(sorting.plan(heard, into)))
    if run.done != len(heard):
        raise SystemExit(f"only {run.done} of {len(heard)} were sorted")
    return ", ".join(run.ways)


def show(
    seconds: dict[str, list[float]], busy: dict[str, list[float]], files: int, ways: str
) -> None:
    for measure in (seconds, busy):
        pairs = zip(measure["classify"], measure["cp -r"], strict=True)
        measure["classify + cp -r"] = [sum(pair) for pair in pairs]
    print(f"{files:,} WAV files, {os.cpu_count()} cores, {len(seconds['sort'])} rounds, ", end="")
    print(f"copied by {ways}\n")
    print("| what | seconds, median | lowest | highest | files/s, median | CPU, s |")
    print("|---|---|---|---|---|---|")
    for name, figures in seconds.items():
        median = statistics.median(figures)
        print(f"| {name} | {median:.2f} | {min(figures):.2f} | {max(figures):.2f} | ", end="")
        print(f"{files / median:,.0f} | {statistics.median(busy[name]):.2f} |")
    for what, measure in (("time", seconds), ("CPU time", busy)):
        pairs = zip(measure["sort"], measure["classify + cp -r"], strict=True)
        ratios = [sort / plain for sort, plain in pairs]
        print(f"\nsort / (classify + cp -r), {what}: {statistics.median(ratios):.2f} ", end="")
        print(f"({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
