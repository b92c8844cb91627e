"""The entry point of ``drumsort`` and ``python -m drumsort``."""

import sys


def main() -> None:
    """Run a command; Ctrl-C while it is still loading ends it silently."""
    try:
        from drumsort.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
