"""``drumsort lab data rebuild``: the labelled sounds that models learn from."""

import shlex
import sys
from collections import Counter
from pathlib import Path

import click

from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder


@click.command("rebuild")
@click.argument("folder", metavar="DIR", type=Folder())
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Fetch only the sounds of this source; can be given several times.",
)
@click.option(
    "--base-url",
    metavar="URL",
    default="https://raw.githubusercontent.com",
    show_default=True,
    help="Another server with the same interface.",
)
def command(folder: Path, sources: tuple[str, ...], base_url: str) -> None:
    """Download the labelled sounds that models learn from into DIR.

    10,162 of the 12,742 sounds are files in public repositories: each is fetched there, at the
    commit it was taken from, and prepared as it was for training. The others are keys of
    soundfonts, presets of synthesizers and files in archives; these are named and left out.
    manifest.csv in DIR then holds label, group, split, licence and origin of each sound. Each
    licence is that of its source, and not all allow everything.

    Sounds that are there already are not downloaded again; to go on after a stop, run the same
    command again. The exit code is 1 if a sound could not be fetched. Needs the 'lab' extra.

    \b
    drumsort lab data rebuild Drums
    drumsort lab data rebuild Drums --source oramics/sampled --source yaxu/mrid
    """
    with lab_extra():
        from drumsort.lab.data.rebuild import rebuild
    from drumsort.cli import show

    try:
        with show.progress("Fetching", None) as bar:
            done = rebuild(folder, base_url, sources, bar.set)
    except KeyboardInterrupt:
        show.err.print("What was fetched is kept: the same command goes on from there.")
        raise
    show.out.print(f"{show.files(done.there)} of sounds in {show.safe(folder)}.")
    if done.differing:
        show.out.print(
            f"{show.files(len(done.differing))} with another length or rate than the sound the "
            f"model learned from, such as {show.safe(done.differing[0])}."
        )
    if done.unobtainable:
        show.out.print(
            f"{len(done.unobtainable):,} sounds are not published as files, but as keys of:"
        )
        for name, count in Counter(o.partition(" key ")[0] for o in done.unobtainable).items():
            show.out.print(f"  {count:>5,}  {show.safe(name)}")
    show.complain("Not fetched", done.failures)
    if done.there:
        show.out.print(f"Now try: drumsort lab data stats {shlex.quote(str(folder))}", style="bold")
    if done.failures:
        sys.exit(1)
