"""``drumsort find``: list the sounds of a library that a query describes."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli.params import catalog_option, names_option, one_of, policy_option

if TYPE_CHECKING:
    from drumsort.workflows.find import Found

_FIELD = re.compile(r"[-^]?([a-z_]+):(.*\s.*)", re.IGNORECASE | re.DOTALL)


_JOINED = re.compile(r"(-[a-z])(\d+)")


class Asking(click.Command):
    """A command whose arguments may begin with ``-``: only its own options are options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        takes_value = {name: not param.is_flag for param in own for name in param.opts}
        options: list[str] = []
        terms: list[str] = []
        left = iter(args)
        for word in left:
            joined = _JOINED.fullmatch(word)
            if word == "--":
                terms += left
            elif word in takes_value or word.startswith("--"):
                options.append(word)
                if takes_value.get(word):
                    options += [value for value in (next(left, None),) if value is not None]
            elif joined and takes_value.get(joined[1]):
                options += joined.groups()
            else:
                terms.append(word)
        return super().parse_args(ctx, [*options, "--", *terms])


class _Finding(Asking):
    """The command whose help lists all fields."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from drumsort.query.fields import ASKED, QUARTERS

        with formatter.section("Fields, and how to ask for them"):
            formatter.write_dl([(asked.example, asked.about) for asked in ASKED.values()])
        with formatter.section("Plain words"):
            quarters = (
                (word, f"{'highest' if highest else 'lowest'} quarter of the library by {field}")
                for word, (field, highest) in QUARTERS.items()
            )
            formatter.write_dl(list(quarters))


@click.command("find", cls=_Finding)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option(
    "-n", "--number", metavar="COUNT", type=click.IntRange(min=1), help="List only the first COUNT."
)
@click.option("-0", "--null", is_flag=True, help="End paths with NUL, not with a newline.")
@click.option(
    "--format",
    "template",
    metavar="TEXT",
    help="Print this for each sound, with the fields below: '{label} {length:.2f} {path}'.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array, with all fields.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header, with all fields.")
@click.option(
    "--reaper", is_flag=True, help="Print a database for REAPER's Media Explorer (.ReaperFileList)."
)
@catalog_option
@policy_option
@names_option
def command(
    query: tuple[str, ...],
    number: int | None,
    null: bool,
    template: str | None,
    as_json: bool,
    as_csv: bool,
    reaper: bool,
    catalog: Path | None,
    policy: str,
    names: str,
) -> None:
    """List the sounds of the library that QUERY describes, or all.

    Words are looked for in names, folders, packs, collections, keywords, labels and families. All
    terms must hold; a comma begins another choice. -TERM is what you do not want. FIELD+ and FIELD-
    sort, upwards and downwards. Quotes keep words together.

    A range has one end or two, which belong to it. A single value stands for all that round to it:
    length:0.3 is 0.25 to 0.35 s. What is unknown is in no range, and comes last.

    \b
    drumsort find kick deep
    drumsort find label:closed_hat length:..100ms -pack:tape brightness- -n 10
    drumsort find family:tom pitch:C1..C2 , kick pitch:40..60
    drumsort find confidence:..0.6 corrected:no --format '{guess} {confidence:.2f} {path}'
    drumsort find snare short -0 | xargs -0 drumsort collections add Snares
    drumsort find --reaper > Drums.ReaperFileList
    """
    from drumsort.workflows.find import find

    form = one_of(null=null, format=template is not None, json=as_json, csv=as_csv, reaper=reaper)
    fill = _filler(template) if template is not None else None
    text = query_of(query)
    found = find(text, catalog=catalog, policy=policy, names=names)[:number]
    if fill:
        sys.stdout.writelines(f"{fill(sound)}\n" for sound in found)
    elif form == "json":
        click.echo(json.dumps(list(map(_rounded, found)), indent=2))
    elif form == "csv":
        _csv(found)
    elif form == "reaper":
        from drumsort.kits.reaper import entries

        sys.stdout.writelines(entries(found))
    else:
        _paths(found, "\0" if null else "\n")


def query_of(terms: Iterable[str]) -> str:
    """Arguments as one query."""
    return " ".join(map(_kept_together, terms))


def _kept_together(word: str) -> str:
    """An argument as part of a query; a shell has taken the quotes of ``pack:"dusty tape"``."""
    from drumsort.query.fields import ASKED

    found = _FIELD.fullmatch(word)
    if found is None or '"' in word or found[1].lower() not in ASKED:
        return word
    if any(re.search(rf"\s[-^]?{field}(:|[-+](\s|$))", found[2], re.IGNORECASE) for field in ASKED):
        return word  # a whole query
    return f'{word[: found.start(2)]}"{found[2]}"'


class _Unknown:
    """Stands for an unknown value in a template: nothing, as wide as the value would be."""

    def __format__(self, spec: str) -> str:
        width = re.match(r"[^\d.]*(\d+)", spec)
        return " " * int(width[1]) if width else ""


def _filler(template: str) -> Callable[[dict[str, Any]], str]:
    """What turns a sound into a line of this template."""
    from drumsort.query.fields import ASKED

    with _explained(template):
        fields = [
            (name, spec) for _, name, spec, _ in Formatter().parse(template) if name is not None
        ]
    for name, spec in fields:
        if "{" in (spec or ""):
            raise click.UsageError(f"--format has a field within {{{name}}}: write a number there.")
        if name not in ASKED:
            near = get_close_matches(name, ASKED, 1)
            meant = f"{{{near[0]}}}" if near else f"one of {', '.join(ASKED)}"
            raise click.UsageError(f"--format has no field {{{name}}}: try {meant}.")

    def fill(sound: dict[str, Any]) -> str:
        shown = {name: _Unknown() if v is None else _word(v) for name, v in sound.items()}
        with _explained(template):
            return template.format_map(shown)

    return fill


@contextmanager
def _explained(template: str) -> Iterator[None]:
    try:
        yield
    except ValueError as problem:
        raise click.UsageError(f"--format {template!r} is not understood: {problem}.") from None


def _paths(found: "Found", end: str) -> None:
    paths = found.values("path")
    if sys.stdout.isatty():
        from drumsort.cli import show

        paths = list(map(show.safe, paths))
        if not paths:
            show.err.print("No sound of the library is like this.")
    sys.stdout.writelines(f"{path}{end}" for path in paths)


def _csv(found: "Found") -> None:
    from drumsort.files import cells
    from drumsort.query.fields import ASKED

    sys.stdout.write(cells.line(ASKED))
    for sound in found:
        sys.stdout.write(cells.line(map(_word, _rounded(sound).values())))


def _rounded(sound: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in sound.items()}


def _word(value: Any) -> Any:
    """A value as a query has it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value
