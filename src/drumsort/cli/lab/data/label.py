"""``drumsort lab data label``: labels from the names of files and folders."""

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder, Renamed
from drumsort.errors import DataError

EXAMPLES = 5


@click.command("label")
@click.argument("folder", metavar="DIR", envvar="DRUMSORT_DATA", type=Folder(exists=True))
@click.option(
    "--into",
    "--out",
    "out",
    cls=Renamed,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The manifest to write.  [default: DIR/manifest.csv]",
)
@click.option("--force", is_flag=True, help="Replace an existing manifest.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(folder: Path, out: Path | None, force: bool, as_json: bool) -> None:
    """Label the sounds below DIR by their file names, or else by their folders' names.

    Writes a manifest: a table with the path, label, family and group of each sound, which you can
    check and correct in a spreadsheet. A name that says nothing, or two different things, gets no
    label, and sounds without a label are ignored by the other commands. The group is the sound's
    folder without the parts that name a drum. The variable DRUMSORT_DATA can name DIR. Needs the
    'lab' extra.

    \b
    drumsort lab data label Samples
    drumsort lab data label Samples --force
    drumsort lab data label Samples --into Samples/manifest.parquet
    """
    with lab_extra():
        from drumsort.audio.find import find
        from drumsort.lab.data.manifest import Manifest
        from drumsort.lab.data.rows import Row
        from drumsort.names import FAMILY, NameRules
    out = out or folder / "manifest.csv"
    if out.exists() and not force:
        raise DataError(f"{out} exists: name another file with --out, or replace it with --force.")
    if not folder.resolve().is_relative_to(out.parent.resolve()):
        raise DataError(
            f"{out} is neither in {folder} nor above it, so its paths could not name the sounds."
        )
    above = folder.resolve().relative_to(out.parent.resolve())
    found = [source.path.relative_to(folder) for source, is_sound in find([folder]) if is_sound]
    paths = [path for path in found if str(path).encode(errors="ignore") == os.fsencode(path)]
    if not paths:
        raise DataError(f"There are no sounds in {folder} to label.")
    rules = NameRules()
    verdicts = {path: rules.read(path) for path in paths}
    Manifest(out).write(
        [
            Row((above / path).as_posix(), verdict.label, verdict.family, rules.group(path))
            for path, verdict in verdicts.items()
        ]
    )
    count = Counter(verdict.label for verdict in verdicts.values())
    labels = [(label, family, count[label]) for label, family in FAMILY.items() if count[label]]
    ambiguous = {str(p): v.reason for p, v in verdicts.items() if v.ambiguous}
    unnamed = {str(p): v.reason for p, v in verdicts.items() if not v.label and not v.ambiguous}
    if as_json:
        facts = {
            "manifest": str(out),
            "sounds": len(paths),
            "labels": {label: n for label, _, n in labels},
            "ambiguous": ambiguous,
            "unnamed": unnamed,
        }
        click.echo(json.dumps(facts, indent=2))
    else:
        table = Table("label", "family", box=None, pad_edge=False)
        table.add_column("sounds", justify="right")
        for label, family, n in labels:
            table.add_row(label, family, f"{n:,}", style=show.COLOURS[family])
        show.out.print(table)
        _examples(
            f"of {len(paths):,} names contradict themselves; their labels are blank:", ambiguous
        )
        _examples(f"of {len(paths):,} names say nothing; their labels are blank:", unnamed)
        show.out.print(f"\nManifest: {show.safe(out)}", style="bold")
    odd = [path for path in found if path not in verdicts]
    show.complain("Left out", [f"{path} has a name that is not UTF-8: rename it." for path in odd])
    if odd:
        sys.exit(1)


def _examples(what: str, reasons: Mapping[str, str]) -> None:
    """Print how many files ``what`` is true of, and some of them with the reason."""
    if reasons:
        show.out.print(f"\n{len(reasons):,} {what}")
    for path, reason in islice(reasons.items(), EXAMPLES):
        show.out.print(f"  {show.safe(path)}  ({show.safe(reason)})", style="dim")
