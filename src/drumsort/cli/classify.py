"""``drumsort classify``: say what each sound is."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli.params import (
    FolderOrUrl,
    catalog_option,
    chosen_catalog,
    company_option,
    ear_option,
    exclude_option,
    hidden_option,
    min_confidence_option,
    model_option,
    names_option,
    no_catalog_option,
    one_of,
    policy_option,
)
from drumsort.remote import as_path, is_url
from drumsort.types import Result

if TYPE_CHECKING:
    from drumsort.cli.show import Steps

FIELDS = (
    *("path", "family", "label", "confidence", "heard", "heard_confidence", "named"),
    *("scores", "reason", "error"),
)


@click.command("classify")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.option(
    "--jsonl",
    "as_jsonl",
    is_flag=True,
    help="Print one JSON object per line, as each folder is heard.",
)
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print CSV with a header, as each folder is heard."
)
@click.option(
    "-0", "--null", is_flag=True, help="With '-': paths end with NUL, not with a newline."
)
@exclude_option
@hidden_option
@policy_option
@min_confidence_option
@company_option
@names_option
@model_option
@ear_option
@catalog_option
@no_catalog_option
@click.option(
    "--out",
    type=FolderOrUrl(),
    help="Write the results into this folder, which may be a URL, as Parquet files; a run that was "
    "stopped goes on where it was.",
)
@click.option(
    "--no-facts",
    is_flag=True,
    help="With --out: read only what a verdict needs. Such results fill no catalog.",
)
@click.option(
    "--on",
    metavar="RAY",
    help="Listen on a Ray cluster: ray://HOST:10001, or 'ray' for the one that this machine "
    "belongs to.",
)
def command(
    paths: tuple[str, ...],
    as_json: bool,
    as_jsonl: bool,
    as_csv: bool,
    null: bool,
    exclude: tuple[str, ...],
    hidden: bool,
    policy: str,
    min_confidence: float | None,
    company: str,
    names: str,
    model: Path | None,
    ear: str,
    catalog: Path | None,
    no_catalog: bool,
    out: Path | None,
    no_facts: bool,
    on: str | None,
) -> None:
    """Say what each sound at or below PATH is, in the order of the paths.

    PATH may be a URL: s3://, gs://, az://, http(s)://, sftp://, zip://FOLDER::ARCHIVE, and what
    else fsspec knows. '-' reads paths from standard input. The exit code is 1 if a file cannot be
    read as audio.

    \b
    drumsort classify Samples/
    drumsort classify --jsonl Samples/ > heard.jsonl
    drumsort classify s3://bucket/Samples
    drumsort classify s3://bucket/Samples --on ray://head:10001 --out s3://bucket/results
    find . -name '*.wav' -print0 | drumsort classify --csv -0 -
    """
    from drumsort.cli import show
    from drumsort.workflows.catalogs import opened_if_any
    from drumsort.workflows.classify import classify

    form = one_of(json=as_json, jsonl=as_jsonl, csv=as_csv, out=out is not None)
    if on is not None and on != "ray" and not on.startswith("ray://"):
        raise click.UsageError(f"--on {on} is no cluster: write 'ray' or ray://HOST:10001.")
    if no_facts and out is None:
        raise click.UsageError("--no-facts says what --out writes: add --out, or leave it out.")
    options: dict[str, Any] = {
        "model": model,
        "ear": ear,
        "policy": policy,
        "min_confidence": min_confidence,
        "exclude": exclude,
        "hidden": hidden,
        "company": company == "on",
        "names": names,
        "on": on,
    }
    if out is not None:
        if catalog or no_catalog:
            raise click.UsageError("--out uses no catalog: 'drumsort scan --from' fills one.")
        _write(out, _paths(paths, null), facts=not no_facts, **options)
        return
    write = {"json": _json, "jsonl": _jsonl, "csv": _csv, None: _table}[form]
    failed = 0
    families: Counter[str] = Counter()

    def counted(results: Iterable[Result]) -> Iterator[Result]:
        nonlocal failed
        for result in results:
            failed += not result.ok
            families[result.family or "error"] += 1
            yield result

    with (
        opened_if_any(chosen_catalog(catalog, no_catalog)) as known,
        show.steps(hidden=not show.goes_to_file()) as bar,
        closing(
            classify(
                _paths(paths, null),
                catalog=known,
                progress=bar,
                **options,
            )
        ) as results,
    ):
        if bar.shown and "-" not in paths and not any(map(is_url, paths)):
            Thread(target=_count, args=(paths, exclude, hidden, bar), daemon=True).start()
        if not any(path == "-" or is_url(path) or _exists(path) for path in paths):
            raise click.UsageError(f"Path {paths[0]!r} does not exist.")
        write(counted(results))
    if form is None and show.out.is_terminal and families.total() > 1:
        show.out.print(_summary(families), style="bold")
    if failed:
        sys.exit(1)


def _write(out: Path, paths: Iterable[Path], **options: Any) -> None:
    """Classify into a data set, and say what it holds."""
    from drumsort.cli import show
    from drumsort.workflows.results import classify_into

    try:
        with show.steps() as bar:
            done = classify_into(out, paths, progress=bar, **options)
    except KeyboardInterrupt:
        show.err.print("What whole parts hold is kept: run the same command again to continue.")
        raise
    before = f", {done.before:,} were there before" if done.before else ""
    show.out.print(f"{show.files(done.heard)} heard{before}.", style="bold")
    show.out.print(f"Results: {show.safe(done.out)}, {show.counted(done.parts, 'part')}")
    if done.failed:
        show.err.print(f"{show.files(done.failed)} could not be heard: see the column 'error'.")
        sys.exit(1)


def _exists(path: str) -> bool:
    """Whether there is such a file; one that may not be looked at is told of when it is heard."""
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL in it
        return False


def _summary(families: "Counter[str]") -> str:
    """How many sounds there are of each family: ``12 sounds: 7 kick, 5 snare``."""
    each = ", ".join(f"{count:,} {family}" for family, count in families.most_common())
    return f"{families.total():,} sounds: {each}"


def _count(paths: Iterable[str], exclude: Sequence[str], hidden: bool, bar: "Steps") -> None:
    """Count the sounds for the bar while the first ones are being heard."""
    from drumsort.audio.find import find
    from drumsort.audio.left_out import LeftOut

    found = find(map(Path, paths), LeftOut(exclude, hidden))
    bar.expect(sum(is_sound for _, is_sound in found))


def _paths(paths: Iterable[str], null: bool) -> Iterator[Path]:
    for path in paths:
        if path == "-":
            yield from map(as_path, _lines("\0" if null else "\n"))
        else:
            yield as_path(path)


def _lines(end: str) -> Iterator[str]:
    """The parts of standard input that end with ``end``, each as soon as it is complete."""
    stream, rest = sys.stdin.buffer, b""
    while chunk := os.read(stream.fileno(), 65536):
        *lines, rest = (rest + chunk).split(end.encode())
        if end == "\n":  # a path that ends with NUL may contain any other byte
            lines = [line.removesuffix(b"\r") for line in lines]
        yield from (os.fsdecode(line) for line in lines if line)
    if rest:
        yield os.fsdecode(rest)


def row(result: Result) -> dict[str, Any]:
    """A result as fields for other programs; ``scores`` maps label to probability.

    ``heard`` is the family by the sound alone, ``named`` the one that its name says, or ``""``.
    """
    prediction = result.prediction
    if prediction is None:
        return dict.fromkeys(FIELDS) | {"path": str(result.path), "error": result.error}
    return {
        "path": str(result.path),
        "family": prediction.family,
        "label": prediction.label,
        "confidence": round(prediction.confidence, 4),
        "heard": prediction.heard,
        "heard_confidence": round(prediction.heard_confidence, 4),
        "named": prediction.named,
        "scores": {label: round(p, 4) for label, p in prediction.scores.items()},
        "reason": prediction.reason,
        "error": None,
    }


def _json(results: Iterable[Result]) -> None:
    between = "[\n"
    for result in results:
        sys.stdout.write(between + json.dumps(row(result)))
        between = ",\n"
    sys.stdout.write("[]\n" if between == "[\n" else "\n]\n")


def _jsonl(results: Iterable[Result]) -> None:
    for result in results:
        sys.stdout.write(json.dumps(row(result)) + "\n")
        sys.stdout.flush()


def _csv(results: Iterable[Result]) -> None:
    from drumsort.files import cells

    sys.stdout.write(cells.line(FIELDS))
    for result in results:
        fields = row(result)
        path = fields["path"]
        if cells.cell(path).startswith("'"):  # a formula; this is the same path, but none
            path = f".{os.sep}{path}"
        scores = json.dumps(fields["scores"]) if result.ok else ""
        sys.stdout.write(cells.line((fields | {"path": path, "scores": scores}).values()))


def _table(results: Iterable[Result]) -> None:
    from rich.text import Text

    from drumsort.cli import show

    for result in results:
        line = Text()
        if result.prediction is None:
            line.append(f"{'error':<12}     -  ", style="red")
            line.append(show.safe(result.error or ""))
        else:
            prediction = result.prediction
            line.append(f"{prediction.label:<12}", style=show.COLOURS.get(prediction.family, ""))
            line.append(f" {prediction.confidence:>5.2f}  {show.safe(result.path)}")
            if prediction.reason:
                line.append(f"  ({prediction.reason})", style="dim")
        if show.out.is_terminal:
            show.out.print(line)
        else:  # five times as fast
            sys.stdout.write(f"{line.plain}\n")
            sys.stdout.flush()
