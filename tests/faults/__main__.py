"""The long campaign: ``python -m tests.faults [errors|kills|races|power ...] [--short]``.

Without a name, all of it, one after the other; that takes hours. Each prints what was wrong, and
how many trials there were.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from . import audio, day, disks, errors, fuzz, kills, page, power, races, rescans

SCRATCH = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


def _errors(top: str, far: str, short: bool) -> int:
    made = errors.library(Path(top))
    done = errors.again_with(made, f"{top}/trees", far, "9" if short else "1")
    print(done.stdout, done.stderr, sep="")
    return done.returncode


def _if_possible(kind: ModuleType, top: str, amount: str) -> int:
    if why := kind.why_not():
        print(f"left out: {why}")
        return 0
    return int(kind.main(top, amount))


CAMPAIGN = {
    "errors": _errors,
    "kills": lambda top, far, short: kills.main(top, far, "4" if short else "30"),
    "races": lambda top, far, short: races.main(top, far, "4" if short else "40"),
    "power": lambda top, far, short: _if_possible(power, top, "2" if short else "8"),
    "disks": lambda top, far, short: _if_possible(disks, top, "4" if short else "1"),
    "day": lambda top, far, short: day.main(top, "2" if short else "40", "300"),
    "rescans": lambda top, far, short: rescans.main(top, "50" if short else "2000"),
    "page": lambda top, far, short: _if_possible(page, top, "5" if short else "100"),
    "audio": lambda top, far, short: audio.main(top, "2000" if short else "100000"),
    "fuzz": lambda top, far, short: _if_possible(fuzz, top, "10" if short else "900"),
}


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("names", nargs="*", metavar="KIND", help=", ".join(CAMPAIGN))
    options.add_argument("--short", action="store_true", help="some of each kind")
    chosen = options.parse_args()
    failed = 0
    for name in chosen.names or CAMPAIGN:
        print(f"== {name}", flush=True)
        with (
            tempfile.TemporaryDirectory(dir=SCRATCH) as top,
            tempfile.TemporaryDirectory() as far,
        ):
            failed |= CAMPAIGN[name](top, far, chosen.short)
    return failed


if __name__ == "__main__":
    sys.exit(main())
