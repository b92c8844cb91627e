"""The entry point of ``drumsort`` and ``python -m drumsort``."""

import os
import signal
import sys
from contextlib import suppress
from typing import Any

_CTRL_C = signal.getsignal(signal.SIGINT)  # ignored already, if a shell runs this behind another
if _CTRL_C is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while commands load, Ctrl-C ends it silently


def main() -> None:
    """Run a command; Ctrl-C before it begins, or after it said all, ends it silently."""
    from drumsort.cli import main as run

    signal.signal(signal.SIGINT, _CTRL_C)
    try:
        run()
    except SystemExit as end:
        if "obstore" in sys.modules:
            _leave(end.code)
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interpreter only tidies up


def _leave(code: Any) -> None:
    """End without tidying up, which a thread of obstore's may still be in: it would abort then."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
