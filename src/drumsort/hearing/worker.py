"""What a worker process does: hear the files it is told of, say what it heard, until it is let go.

Standard input brings a bundle and whether facts are asked for, then lists of paths; standard
output takes ``READY``, then a list of ``HeardFile`` for each. It ends with its input. What went
wrong with more than one file is said as the exception that it is.
"""

import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

READY = "ready"


def main() -> None:
    """Hear until there is nobody to hear for."""
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)  # what a decoder prints is no reply

        def say(reply: Any) -> None:
            pickle.dump(reply, replies, pickle.HIGHEST_PROTOCOL)
            replies.flush()

        with suppress(EOFError, BrokenPipeError):
            try:
                _work(say)
            except (EOFError, BrokenPipeError):
                raise
            except Exception as error:
                say(error)


def _work(say: Callable[[Any], None]) -> None:
    from drumsort.hearing.listener import Listener  # what it raises is said, too

    asked = sys.stdin.buffer
    bundle, facts = pickle.load(asked)
    listener = Listener(bundle)
    say(READY)
    while True:
        paths = [Path(name) for name in pickle.load(asked)]
        say(listener.hear_all(paths, facts=facts))
