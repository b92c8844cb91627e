"""The entry point of ``drumsort`` and ``python -m drumsort``."""

import signal

_CTRL_C = signal.getsignal(signal.SIGINT)  # ignored already, if a shell runs this behind another
if _CTRL_C is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while commands load, Ctrl-C ends it silently


def main() -> None:
    """Run a command; Ctrl-C before it begins, or after it said all, ends it silently."""
    from drumsort.cli import main as run

    signal.signal(signal.SIGINT, _CTRL_C)
    try:
        run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interpreter only tidies up


if __name__ == "__main__":
    main()
