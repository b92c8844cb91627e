"""What a worker process does: hear the files it is told of, say what it heard, until it is let go.

Standard input brings a bundle and whether facts are asked for, then lists of paths; standard
output takes ``READY``, then a list of ``HeardFile`` for each. It ends with its input. What is wrong
with one file stands in its ``HeardFile``; what keeps all of them from being heard, a model that
cannot be used say, is said as an exception, and nothing follows.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from drumsort.remote import Url, is_url

READY = "ready"

FROZEN = "--hear-for-drumsort"
"""The argument by which a program that holds Python and drumsort (``packaging/``) is a worker."""


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
    while not any(map(is_url, paths := _paths(asked))):
        say(listener.hear_all(paths, facts=facts))
    for some in _fetched(paths, asked, facts):
        say(listener.hear_all(some, facts=facts))


def _paths(asked: Any) -> list[Path]:
    return [Path(name) if isinstance(name, str) else name for name in pickle.load(asked)]


def _fetched(paths: list[Path], asked: Any, facts: bool) -> Iterator[list[Path]]:
    """Groups of which some are in stores, that and all later ones; fetched as soon as asked for."""
    groups: SimpleQueue[list[Path] | Exception | None] = SimpleQueue()

    def fetch(paths: list[Path]) -> None:
        for path in paths:
            if isinstance(path, Url):
                path.ahead(whole=facts)
        groups.put(paths)

    def fetch_all() -> None:
        try:
            fetch(paths)
            while True:
                fetch(_paths(asked))
        except EOFError:
            groups.put(None)
        except Exception as error:
            groups.put(error)

    Thread(target=fetch_all, daemon=True).start()
    while (group := groups.get()) is not None:
        if isinstance(group, Exception):
            raise group
        yield group
