"""``drumsort sort``: sort sounds into class folders."""

import json
import sys
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource

from drumsort.cli import report, show
from drumsort.cli.params import (
    Folder,
    Input,
    catalog_option,
    chosen_catalog,
    company_option,
    ear_option,
    exclude_option,
    find_option,
    hidden_option,
    min_confidence_option,
    model_option,
    names_option,
    no_catalog_option,
    one_of,
    policy_option,
)
from drumsort.types import Action
from drumsort.workflows.progress import Step

_OF_FILES = (
    "inputs", "exclude", "hidden", "min_confidence", "company", "model", "ear", "no_catalog",
)  # fmt: skip


class _Sorting(click.Command):
    """The command whose help lists the fields of a layout."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from drumsort.workflows.sort import FIELDS

        with formatter.section("Fields of --layout and --rename"):
            formatter.write_dl([(f"{{{name}}}", about) for name, about in FIELDS.items()])
        formatter.write_paragraph()
        formatter.write_text(
            "A folder that only repeats one above it is left out: {family}/{label} makes clap/, "
            "not clap/clap/."
        )


@click.command("sort", cls=_Sorting)
@click.argument("inputs", nargs=-1, metavar="[PATH]...", type=Input())
@find_option
@click.option(
    "--into", required=True, metavar="OUT", type=Folder(), help="Where the class folders go."
)
@click.option("--copy", is_flag=True, help="Copy (the default).")
@click.option("--move", is_flag=True, help="Move; 'drumsort undo' moves back.")
@click.option("--link", is_flag=True, help="Make hard links: they use no space.")
@click.option("--symlink", is_flag=True, help="Make symbolic links.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what goes where and why, file by file: as .csv, .jsonl, or a page with waveforms "
    "(.html).",
)
@exclude_option
@hidden_option
@click.option(
    "--skip-duplicates", is_flag=True, help="Of files with the same sound, sort only one."
)
@click.option("--prune", is_flag=True, help="With --move: remove the folders that it empties.")
@policy_option
@min_confidence_option
@company_option
@names_option
@click.option(
    "--layout",
    default="{family}/{name}",
    show_default=True,
    help="Path below OUT, with the fields below.",
)
@click.option(
    "--rename",
    default="",
    metavar="TEXT",
    help="Give each file a new name, with the fields below; the extension stays.",
)
@model_option
@ear_option
@catalog_option
@no_catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print the plan and the outcome as JSON.")
def command(
    inputs: tuple[Path, ...],
    query: str | None,
    into: Path,
    copy: bool,
    move: bool,
    link: bool,
    symlink: bool,
    dry_run: bool,
    report_file: Path | None,
    exclude: tuple[str, ...],
    hidden: bool,
    skip_duplicates: bool,
    prune: bool,
    policy: str,
    min_confidence: float | None,
    company: str,
    names: str,
    layout: str,
    rename: str,
    model: Path | None,
    ear: str,
    catalog: Path | None,
    no_catalog: bool,
    as_json: bool,
) -> None:
    """Sort the sounds at or below PATH into class folders, or those of the library by --find.

    Originals stay where they are unless you ask for --move. Nothing is overwritten. Files that are
    not sounds are left alone. Sounds that drumsort is unsure of go to _unsure/GUESS, loops to
    _loops, other sounds that are no drums to _not-a-drum. Files that are cut short, silent or
    otherwise damaged go to _damaged, whatever is left to hear in them.

    A file .drumsortignore names what to leave out of its folder, with patterns as in .gitignore;
    so does --exclude. With --move, files of other programs that belong to a sound (.asd, .reapeaks,
    ._NAME) go with it.

    Sort into the same OUT again, and what was sorted before moves to where it belongs now, by your
    corrections or another policy. What you changed or moved there yourself is left, and named.

    --find sorts what 'drumsort find QUERY' lists, by what the library knows of it: nothing is heard
    again. OUT must then lie outside of the library's folders.

    \b
    drumsort sort Samples --into Sorted --dry-run --report plan.html
    drumsort sort Samples --into Sorted
    drumsort sort Samples --into Sorted --move --layout "{pack}/{family}/{name}"
    drumsort sort Samples --into Sorted --rename "{label} {pitch} {name}"
    drumsort sort Samples /media/drive/Packs --into Sorted --exclude "*Loops*/" --skip-duplicates
    drumsort sort --find "collection:favourites" --into Kit --link
    """
    from drumsort.workflows.report import check_report, write_report
    from drumsort.workflows.sort import sort
    from drumsort.workflows.sort_found import sort_found

    if query is None and not inputs:
        raise click.UsageError("Missing argument 'PATH': name a folder or a file, or --find.")
    if query is not None:
        _refuse_beside_find()
    action = Action(one_of(copy=copy, move=move, link=link, symlink=symlink) or Action.COPY)
    if prune and action is not Action.MOVE:
        raise click.UsageError("--prune removes folders that a move empties: it needs --move.")
    if report_file is not None:
        check_report(report_file)
    with (
        show.steps({Step.PLACE: report.DOING[action]}) as bars,
        report.how_to_end(bars, "Nothing has been sorted yet, and nothing was touched."),
    ):
        how = partial(
            sort_found if query is not None else sort,
            layout=layout,
            rename=rename,
            skip_duplicates=skip_duplicates,
            prune=prune,
            policy=policy,
            names=names,
            dry_run=dry_run,
            progress=bars,
        )
        if query is not None:
            done = how(query, into, action, catalog=catalog)
        else:
            done = how(
                inputs,
                into,
                action,
                exclude=exclude,
                hidden=hidden,
                min_confidence=min_confidence,
                model=model,
                ear=ear,
                catalog=chosen_catalog(catalog, no_catalog),
                company=company == "on",
            )
        if report_file is not None:
            write_report(done, report_file, bars)
    with report.of_what_is_done(done.run):
        if as_json:
            click.echo(json.dumps(report.as_dict(done), indent=2))
        else:
            report.print_sort(done)
            if report_file is not None:
                show.out.print(f"Report: {show.safe(report_file)}")
    sys.exit(report.exit_code(done.run, done.failures))


def _refuse_beside_find() -> None:
    """Refuse what says where sounds are or how they are heard: with --find, the library does."""
    context = click.get_current_context()
    for param in context.command.params:
        name = param.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if name in _OF_FILES and given:
            shown = "PATH" if name == "inputs" else param.opts[0]
            raise click.UsageError(
                f"--find sorts by what the library knows, so {shown} says nothing: leave it out."
            )
