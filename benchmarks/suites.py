"""Whether drumsort takes folders of odd audio files without a crash, a hang or a foreign line.

    python benchmarks/suites.py FOLDER... [--verbose]

Each FOLDER holds one suite: the test files of a library that reads or tags audio, as its source
archive has them. ``classify``, ``scan``, ``duplicates`` and ``sort --dry-run`` run over it, each on
a terminal of its own. All that they print must be theirs: no traceback, no line of a C library.
Then each file is heard by itself to its end, in two seconds of the processor's time at most. The
table counts what was read, and why the rest was not.
"""

import argparse
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from drumsort.cli.quiet import keep_libraries_quiet
from drumsort.hearing import Listener
from drumsort.model.bundle import Bundle

SLOWEST = 2.0  # s for one file
FOREIGN = re.compile(
    r"Traceback|Warning:|^\[[a-z0-9_]+ @ |\[src/|libmpg123|^Error :|^Note:|[A-Za-z]+\.c[:)]", re.M
)
REASONS = {
    "silent": r"is silent|holds the same value",
    "too short": r"holds no sound",
    "damaged": r"is damaged|no readable sound",
    "empty": r"is empty",
    "not supported": r"cannot be read",
}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--verbose", action="store_true", help="name each file that is not heard")
    args = options.parse_args()
    keep_libraries_quiet()
    listener = Listener(Bundle.load())
    reasons = list(REASONS)
    print(f"| suite | files | heard | {' | '.join(reasons)} | slowest, s | faults |")
    print("|---" * (len(reasons) + 5) + "|")
    for folder in args.folders:
        heard, faults = commands(folder)
        why = Counter(_reason(error) for _, error in heard if error)
        slowest = max((_seconds(listener, path) for path, _ in heard), default=0.0)
        if slowest > SLOWEST:
            faults.append("a file takes too long")
        row = [len(heard), len(heard) - why.total(), *(why[name] for name in reasons)]
        print(
            f"| {folder.name} | {' | '.join(map(str, row))} | {slowest:.2f} | {len(faults)} |",
            flush=True,
        )
        for line in faults + [error for _, error in heard if error and args.verbose]:
            print(f"    {line}")


def commands(folder: Path) -> tuple[list[tuple[Path, str | None]], list[str]]:
    """Each file that ``classify`` heard with its error, and what was wrong with the commands."""
    faults = []
    with tempfile.TemporaryDirectory() as scratch:
        catalog, target = f"{scratch}/catalog", f"{scratch}/sorted"
        environment = {**os.environ, "DRUMSORT_HOME": f"{scratch}/home"}
        for command in (
            ["classify", "--no-catalog", "--jsonl", folder],
            ["classify", "--no-catalog", folder],
            ["scan", folder, "--catalog", catalog],
            ["duplicates", "--catalog", catalog],
            ["duplicates", "--near", "--catalog", catalog],
            ["sort", folder, "--into", target, "--dry-run", "--catalog", catalog],
        ):
            said, code = on_terminal([sys.executable, "-m", "drumsort", *command], environment)
            if code not in (0, 1) or (foreign := FOREIGN.search(said)):
                line = "" if code not in (0, 1) else foreign.group()
                faults.append(f"{' '.join(map(str, command[:2]))}: exit code {code}, {line!r}")
            if "--jsonl" in command:
                rows = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return [(Path(row["path"]), row["error"]) for row in rows], faults


def on_terminal(command: list[object], environment: dict[str, str]) -> tuple[str, int]:
    """What a command prints on a terminal, on both outputs, and its exit code."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=its, stderr=its, env=environment
    ) as process:
        os.close(its)
        parts = []
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
        os.close(ours)
    return b"".join(parts).decode(errors="replace").replace("\r\n", "\n"), process.returncode


def _reason(error: str) -> str:
    return next((name for name, words in REASONS.items() if re.search(words, error)), "damaged")


def _seconds(listener: Listener, path: Path) -> float:
    start = time.process_time()
    listener(path, facts=True)
    return time.process_time() - start


if __name__ == "__main__":
    main()
