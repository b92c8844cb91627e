"""The command line: ``drumsort COMMAND ...``.

Each command is imported only when it is called, so ``--help`` answers at once.
"""

import io
import os
import signal
import sys
from typing import NoReturn

import click

from drumsort.cli.lazy import LazyGroup
from drumsort.errors import DrumsortError, in_words

SECTIONS = {
    "Sort": {
        "sort": "Sort a folder of sounds into class folders.",
        "slice": "Cut loops and recordings into one-shots, and sort these.",
        "refile": "Move what was sorted to where it belongs now.",
        "tag": "Write what each sound is into the file itself.",
        "undo": "Take a sort back.",
        "resume": "Finish a sort that was stopped.",
        "history": "List past sorts.",
        "classify": "Say what each sound is.",
        "demo": "Make a folder of drum sounds to try drumsort on.",
        "where": "Say which files drumsort keeps, and how to remove them.",
    },
    "Library": {
        "scan": "Remember every sound of a library.",
        "watch": "Keep a library up to date while it changes.",
        "browse": "See, hear and organize a library in your browser.",
        "find": "List the sounds that a query describes.",
        "similar": "Find the sounds most like one sound.",
        "keywords": "Give sounds words of your own.",
        "hidden": "Hide sounds and packs, or show them again.",
        "duplicates": "Find sounds that exist more than once.",
        "check-names": "Find files whose name and sound disagree.",
    },
    "Teach": {
        "correct": "Tell drumsort what a sound is.",
        "corrections": "List, undo, save and load corrections.",
        "teach": "Teach drumsort your own classes, and to hear the way you do.",
    },
    "Share": {
        "collections": "Keep lists of sounds; export them as folders or instruments.",
    },
    "Lab": {
        "lab": "Train, measure and compare your own models.",
    },
}
"""Heading to its commands, and command to its one-line help; each is a module of this package."""

DOING = ("sort", "slice", "refile", "tag", "undo", "resume", "demo", "scan", "watch", "correct")
"""Commands that are asked to do something, not to say something; --quiet silences them."""

MOVED = {
    name: f"lab {name}"
    for name in ("data", "train", "crossval", "evaluate", "benchmark", "compare", "export")
}
"""Old command names, which still work, and the new ones."""


def _set(ctx: click.Context, option: click.Parameter, given: bool) -> None:
    if not given and "drumsort.cli.show" not in sys.modules:
        return  # nothing to take back, and --help is to answer at once
    from drumsort.cli import show

    if option.name == "verbose":
        show.be_verbose(given)
    else:
        show.be_quiet(given, results=ctx.info_name not in DOING)


EVERYWHERE = (
    click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        expose_value=False,
        callback=_set,
        help="Show no progress and no summary, only what you asked for and what went wrong.",
    ),
    click.Option(
        ["-v", "--verbose"],
        is_flag=True,
        expose_value=False,
        callback=_set,
        help="Name every file, also where a list would say '... and 90 more'.",
    ),
)
"""Options of every command."""


EXIT_CODES = {
    0: "all went well",
    1: "some files failed; each is named",
    2: "nothing was done: a path that does not exist, say, or an option that is not understood",
    130: "stopped by Ctrl-C, or by a no to a question",
}
"""What the exit code of a command says."""


@click.group(
    cls=LazyGroup,
    package="drumsort.cli",
    sections=SECTIONS,
    moved=MOVED,
    everywhere=EVERYWHERE,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="'drumsort COMMAND --help' shows examples.",
)
@click.version_option(None, "-V", "--version", package_name="drumsort", prog_name="drumsort")
def group() -> None:
    """Listen to one-shot drum sounds and sort a sample library by what each file is.

    \b
    drumsort demo Samples                    no sounds at hand? make some
    drumsort sort Samples --into Sorted      copy them into kick/ snare/ hat/ ...
    drumsort undo                            take that back
    """


def main() -> None:
    """Run a command, and end with one of the ``EXIT_CODES``."""
    for name, way in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the parent process closed it
            setattr(sys, name, open(os.devnull, way))  # noqa: PTH123, SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):  # file names may not fit its encoding
        utf8 = sys.stdout.encoding.lower() == "utf-8"
        sys.stdout.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    from drumsort.cli.quiet import keep_libraries_quiet

    keep_libraries_quiet()
    for name in ("SIGTERM", "SIGHUP"):  # closing the window stops as cleanly as Ctrl-C
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores it
            signal.signal(number, signal.default_int_handler)
    try:
        try:
            group(standalone_mode=False)
        finally:
            sys.stdout.flush()  # here, where an error can still be told
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DrumsortError as error:
        click.echo(f"drumsort: {_safe(str(error))}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _stopped()
    except ImportError as error:  # Ctrl-C while a library was being loaded
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        _stopped()
    except BrokenPipeError:  # the reader of standard output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"drumsort: {_safe(in_words(error))}", err=True)
        sys.exit(2)
    except MemoryError:
        click.echo(_NO_MEMORY, err=True)
        sys.exit(2)
    except RuntimeError as error:
        if "can't start new thread" not in str(error):
            raise
        click.echo(_NO_MEMORY, err=True)
        sys.exit(2)


_NO_MEMORY = "drumsort: There is not enough memory: close programs, then run this again."


def _safe(text: str) -> str:
    """Lines that cannot play tricks on a terminal, whatever the names of files in them are."""
    from drumsort.cli.show import safe

    return "\n".join(map(safe, text.split("\n")))


def _stopped() -> NoReturn:
    click.echo("Stopped.", err=True)
    sys.exit(130)
