"""The command line: ``drumsort COMMAND ...``.

Commands are imported when they are called, so that ``--help`` answers at once.
"""

import io
import os
import signal
import sys
from importlib import import_module, metadata

import click

from drumsort.errors import DrumsortError

COMMANDS = {
    "sort": "Sort a folder of sounds into class folders.",
    "classify": "Say what each sound is.",
    "undo": "Take a sort back.",
    "resume": "Finish a sort that was stopped.",
    "history": "List past sorts.",
    "demo": "Make a folder of drum sounds to try drumsort on.",
    "train": "Train a model on labelled sounds.",
}
"""Command to its one-line help, in the order of ``--help``; each is a module of this package."""


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"drumsort.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="'drumsort COMMAND --help' shows examples.",
)
@click.version_option(metadata.version("drumsort"), prog_name="drumsort")
def group() -> None:
    """Listen to one-shot drum sounds and sort a sample library by what each file is.

    \b
    drumsort demo Samples                    no sounds at hand? make some
    drumsort sort Samples --into Sorted      copy them into kick/ snare/ hat/ ...
    drumsort undo                            take that back
    """


def main() -> None:
    """Run a command.

    Exit codes: 0 all went well, 1 some files failed, 2 nothing was done, 130 after Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # file names need not fit its encoding
        utf8 = sys.stdout.encoding.lower() == "utf-8"
        sys.stdout.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):  # a closed window stops as clean as Ctrl-C
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(number, signal.default_int_handler)
    try:
        group(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DrumsortError as error:
        click.echo(f"drumsort: {error}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:  # whoever read standard output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"drumsort: it could not go on: {error}.", err=True)
        sys.exit(2)
