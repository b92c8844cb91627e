"""Makes the sounds of ``drumsort demo`` from labelled ones, and says where a sort puts them.

    python benchmarks/demo_sounds.py --data DATA      make them anew, then measure
    python benchmarks/demo_sounds.py                  measure those that are there

The sounds come from the test split, so the shipped model never heard them or anything of their
group. No network has a say in which: the packs take turns, and in each pack the hash of the file
decides. All come from PACKS, whose makers gave the sounds themselves away, by CC0 or the Unlicense.
Packs that pass on what others made are left out, and so are those whose licence is that of a
program. A sound that by its name is no hit, but rubbed, bowed or swelling, is left out, too.

A sound is cut to 1.3 s (a model hears 1.28 s), faded out where it is cut, and written as Opus of
about 67 kbit/s. The samples are the same each time; the bytes differ by the number that each Ogg
stream draws. Three packs keep their folders and names. Of the others, as it happens, only numbers
are left. CREDITS.csv has the label and the origin of each file.
"""

import argparse
import csv
import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, islice, zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import soundfile
import soxr

import drumsort
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.rows import Row
from drumsort.taxonomy import FOLDERS, UNSURE
from drumsort.workflows.sort import sort

FOLDER = Path(drumsort.__file__).parent / "demo"
CREDITS = "CREDITS.csv"

SOUNDS = 112
SECONDS, FADE = 1.3, 0.05
RATE = 48000  # Hz; the highest that Opus has
COMPRESSION = 0.75  # libsndfile: 0 is 250 kbit/s, 1 is 6

OLD, OLDER = "OLD STUFF/Night Circuit/NC-{:04}", "OLD STUFF/backup (2)/PRT_{:03}_F"
STARGATE = "stargatedaw/stargate-sample-pack/stargate-sample-pack"
PACKS = {
    "EwonRael/BillieDrum": ("CC0-1.0", "BillieDrum"),
    "tidalcycles/uzu-drumkit": ("Unlicense", "uzu-drumkit"),
    f"{STARGATE}/karoryfer": ("CC0-1.0", "Downloads/karoryfer"),
    f"{STARGATE}/fugue-state-audio": ("CC0-1.0", OLD),
    f"{STARGATE}/microlag": ("CC0-1.0", OLDER),
    f"{STARGATE}/sgossner/VCSO-2-CE": ("CC0-1.0", OLDER),
    "rudkx/samples": ("CC0-1.0", OLDER),
}
"""Pack to its licence, and to its folder in the demo or the numbered names that are left of it."""

LEFT_OUT = ("percussion", "loop")
"""Labels of anything from an anvil to a sword, and of what is no one-shot."""

_NO_HIT = re.compile(r"rub|bow|cresc|scrape", re.IGNORECASE)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path)
    args = options.parse_args()
    if args.data is not None:
        make(open_data(args.data))
    measure()


def make(data: Data) -> None:
    """Write the sounds and where they come from."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
    credits = []
    for row in islice(in_turn(packs(data)), SOUNDS):
        pack, below = whose(row)
        licence, place = PACKS[pack]
        name = place.format(next(numbers[place])) if "{" in place else f"{place}/{below}"
        path = (FOLDER / name).with_suffix(".ogg")
        path.parent.mkdir(parents=True, exist_ok=True)
        sound = shortened(*soundfile.read(data.path(row), dtype="float32"))
        soundfile.write(path, sound, RATE, "OPUS", format="OGG", compression_level=COMPRESSION)
        file = path.relative_to(FOLDER).as_posix()
        credits.append((file, row.family, row.label, licence, address(row)))
    with (FOLDER / CREDITS).open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("file", "family", "label", "licence", "origin"))
        writer.writerows(sorted(credits))


def packs(data: Data) -> Iterable[Iterable[Row]]:
    """The sounds of each pack, in the order of their hashes."""
    found: dict[str, list[Row]] = {pack: [] for pack in PACKS}
    for row in sorted(data.of("test"), key=lambda row: digest(data.path(row))):
        pack, below = whose(row)
        if pack and row.label not in LEFT_OUT and not _NO_HIT.search(Path(below).name):
            found[pack].append(row)
    return found.values()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def in_turn(lists: Iterable[Iterable[Any]]) -> Iterator[Any]:
    """The first of each list, the second of each, and so on."""
    for several in zip_longest(*lists):
        yield from (one for one in several if one is not None)


def whose(row: Row) -> tuple[str, str]:
    """The pack in PACKS that a sound is from, or ``""``, and its path in there."""
    repository, _, path = row.origin.partition(":")
    place = f"{repository.partition('@')[0]}/{path}"
    pack = next((pack for pack in PACKS if place.startswith(f"{pack}/")), "")
    return pack, place.removeprefix(f"{pack}/")


def address(row: Row) -> str:
    """Where anyone finds the original."""
    repository, _, path = row.origin.partition(":")
    return f"https://github.com/{repository.replace('@', '/blob/')}/{quote(path)}"


def shortened(sound: Any, rate: int) -> Any:
    """At most 1.3 s of a sound, at the rate of the files."""
    if len(sound) > SECONDS * rate:
        sound = sound[: round(SECONDS * rate)]
        fade = round(FADE * rate)
        sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return soxr.resample(sound, rate, RATE)


def measure() -> None:
    """Print how many sounds a sort of the demo puts where they belong, and all others."""
    with (FOLDER / CREDITS).open(encoding="utf-8", newline="") as table:
        wanted = {FOLDER / row["file"]: folder(row) for row in csv.DictReader(table)}
    into = FOLDER.parent / "Sorted"
    operations = sort(FOLDER, into, catalog=False, dry_run=True).checked.operations
    found = {o.source: o.target.parent.relative_to(into).as_posix() for o in operations}
    right = sum(found[path] == name for path, name in wanted.items())
    unsure = sum(name.startswith(FOLDERS[UNSURE]) for name in found.values())
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    print(f"{len(wanted)} sounds, {size:,} bytes: {right} right, {unsure} unsure")
    for path, name in found.items():
        if name != wanted[path]:
            print(f"{path.relative_to(FOLDER)}: {name}, not {wanted[path]}")


def folder(row: dict[str, str]) -> str:
    """Where a sound belongs."""
    return FOLDERS.get(row["family"], row["family"])


if __name__ == "__main__":
    main()
