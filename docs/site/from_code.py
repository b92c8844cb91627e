"""Parts of the reference that are made from the code: a block ```` ```{from-code} NAME ````."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator

import click
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from drumsort.cli import EVERYWHERE, EXIT_CODES, SECTIONS, group
from drumsort.query.fields import ASKED, QUARTERS
from drumsort.sorting.layout import FIELDS
from drumsort.taxonomy import FAMILIES
from drumsort.workflows.where import where

_BLOCK = re.compile(r"^```\{from-code\} (\w+)\n```$", re.MULTILINE)
_CODE = re.compile(r"'drumsort [^']+'|(?<![\w-])--?[a-z][\w-]*|(?P<mark>[\\`*_{}\[\]<>#|~$])")


def _commands() -> Iterator[str]:
    """Every command but those of the lab, below the headings of ``drumsort --help``."""
    context = click.Context(group, info_name="drumsort")
    for heading, commands in SECTIONS.items():
        if "lab" not in commands:
            yield f"## {heading}"
            for name in commands:
                yield from _command(group.get_command(context, name), f"drumsort {name}", 3)


def _lab() -> Iterator[str]:
    """The commands of the lab."""
    command = group.get_command(click.Context(group), "lab")
    yield from _command(command, "drumsort lab", 2)


def _everywhere() -> Iterator[str]:
    """The options of every command."""
    yield from _options(click.Context(click.Command("")), EVERYWHERE)


def _command(command: click.Command | None, name: str, level: int) -> Iterator[str]:
    """A command and those below it: its usage, its help, its options."""
    assert command is not None
    context = click.Context(command, info_name=name)
    yield f"{'#' * level} {name}"
    yield f"```text\n{' '.join([name, *command.collect_usage_pieces(context)])}\n```"
    yield from _help(command.help or "")
    yield from _options(context, (param for param in command.params if param not in EVERYWHERE))
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from _command(
                command.get_command(context, below), f"{name} {below}", min(level + 1, 4)
            )


def _help(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b\n"):
            yield f"```text\n{paragraph[2:]}\n```"
        else:
            yield _plain(paragraph)


def _options(context: click.Context, params: Iterable[click.Parameter]) -> Iterator[str]:
    """What ``--help`` says of each option."""
    for param in params:
        names, said = param.get_help_record(context) or ("", "")
        if said:
            yield f"`{names}`\n: {_plain(said)}"


def _plain(text: str) -> str:
    """Help as Markdown: plain text, but ``'drumsort ...'`` and options stand out as code."""

    def marked(found: re.Match[str]) -> str:
        if found["mark"]:
            return "\\" + found["mark"]
        code = found[0].strip("'")
        return f"`{code}`"

    return _CODE.sub(marked, text)


def _queries() -> Iterator[str]:
    """What ``drumsort find`` may be asked for."""
    yield _table(
        ("field", "what it is", "values", "example"),
        ((f"`{n}`", a.about, a.kind.value, f"`{a.example}`") for n, a in ASKED.items()),
    )


def _words() -> Iterator[str]:
    """The plain words of queries."""
    yield _table(
        ("word", "means"),
        (
            (f"`{word}`", f"{'highest' if highest else 'lowest'} quarter by `{field}`")
            for word, (field, highest) in QUARTERS.items()
        ),
    )


def _layouts() -> Iterator[str]:
    """The fields of ``--layout`` and ``--rename``."""
    yield _table(("field", "what it stands for"), ((f"`{{{n}}}`", a) for n, a in FIELDS.items()))


def _labels() -> Iterator[str]:
    """Families and their labels."""
    yield _table(
        ("family", "its labels"),
        ((f"`{f}`", ", ".join(f"`{label}`" for label in of)) for f, of in FAMILIES.items()),
    )


def _exits() -> Iterator[str]:
    """The exit codes."""
    yield _table(("code", "what it means"), ((str(code), m) for code, m in EXIT_CODES.items()))


def _kept() -> Iterator[str]:
    """What ``drumsort where`` lists."""
    yield "\n".join(f"- {_plain(kept.what)}" for kept in where())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_MAKERS: dict[str, Callable[[], Iterator[str]]] = {
    maker.__name__.strip("_"): maker
    for maker in (
        _commands, _lab, _everywhere, _queries, _words, _layouts, _labels, _exits, _kept,
    )
}  # fmt: skip


def _made(block: re.Match[str]) -> str:
    if block[1] not in _MAKERS:
        raise ExtensionError(f"from-code: no {block[1]!r}; there is {', '.join(_MAKERS)}")
    return "\n\n".join(_MAKERS[block[1]]())


def _fill(app: Sphinx, name: str, source: list[str]) -> None:
    source[0] = _BLOCK.sub(_made, source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True}
