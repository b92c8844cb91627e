"""Groups that import a command only when it is called, so ``--help`` answers at once."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands live in modules of the same names, with ``_`` for ``-``.

    Args:
        package: the package with those modules; each defines ``command``.
        sections: heading to its commands, and command to its one-line help, as ``--help`` lists
            them.
        moved: a command's old name to its new one, which may be in a group below:
            ``{"train": "lab train"}``. Old names still work, but ``--help`` does not list them.
        everywhere: options that every command takes, and those of groups below.
    """

    def __init__(
        self,
        *args: Any,
        package: str,
        sections: Mapping[str, Mapping[str, str]],
        moved: Mapping[str, str] | None = None,
        everywhere: Sequence[click.Option] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._package, self._sections, self._moved = package, sections, moved or {}
        self._everywhere = everywhere

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for commands in self._sections.values() for name in commands]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if new := self._moved.get(args[0]):
            click.echo(f"'drumsort {args[0]}' is now 'drumsort {new}'.", err=True)
            args = [*new.split(), *args[1:]]
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            near = get_close_matches(name.lower(), known, n=1)
            meant = f"Did you mean {near[0]!r}? " if near else ""
            raise click.UsageError(
                f"There is no command {name!r}. {meant}'{ctx.command_path} --help' lists all.", ctx
            )
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = f"{self._package}.{cmd_name.replace('-', '_')}"
        command: click.Command = import_module(module).command
        if self._everywhere:
            _add_options(command, self._everywhere)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, self.list_commands(ctx)))
        for heading, commands in self._sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), line) for name, line in commands.items()])


def _add_options(command: click.Command, options: Sequence[click.Option]) -> None:
    if isinstance(command, LazyGroup):
        command._everywhere = options
    elif isinstance(command, click.Group):
        for below in command.commands.values():
            _add_options(below, options)
    elif not any(option in command.params for option in options):
        command.params += options
