"""The command line: ``drumsort COMMAND ...``.

Commands are imported when they are called, so that ``--help`` answers at once.
"""

import io
import os
import signal
import sys
from typing import NoReturn

import click

from drumsort.cli.lazy import LazyGroup
from drumsort.errors import DrumsortError

COMMANDS = {
    "sort": "Sort a folder of sounds into class folders.",
    "classify": "Say what each sound is.",
    "scan": "Remember every sound of a library.",
    "browse": "See, hear and shape a library on a page.",
    "correct": "Say what a sound is.",
    "corrections": "List corrections, take them back, carry them elsewhere.",
    "teach": "Teach it your own classes, and to hear as you do.",
    "similar": "Find sounds that sound like one.",
    "duplicates": "Find what is there more than once.",
    "collections": "Lists of sounds, exported as folders and instruments.",
    "check-names": "Find names that say one thing where the sound says another.",
    "undo": "Take a sort back.",
    "resume": "Finish a sort that was stopped.",
    "history": "List past sorts.",
    "demo": "Make a folder of drum sounds to try drumsort on.",
    "data": "Labelled sounds: fetch, label, look at, check.",
    "train": "Train a model on labelled sounds.",
    "crossval": "Train, and learn what to expect on packs never heard.",
    "evaluate": "Measure a model on labelled sounds.",
    "benchmark": "Measure it in every way: sources, labels, noise, neighbours.",
    "compare": "Lay training runs side by side.",
    "export": "Make a model folder of a training run.",
}
"""Command to its one-line help, in the order of ``--help``; each is a module of this package."""


@click.group(
    cls=LazyGroup,
    package="drumsort.cli",
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="'drumsort COMMAND --help' shows examples.",
)
@click.version_option(package_name="drumsort", prog_name="drumsort")
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
    for name, way in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, way))  # noqa: PTH123, SIM115
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
        _stopped()
    except ImportError as error:  # of a library that was being loaded when Ctrl-C came
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        _stopped()
    except BrokenPipeError:  # whoever read standard output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"drumsort: it could not go on: {error}.", err=True)
        sys.exit(2)


def _stopped() -> NoReturn:
    click.echo("Stopped.", err=True)
    sys.exit(130)
