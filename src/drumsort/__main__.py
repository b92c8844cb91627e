"""What the command ``drumsort`` runs, and ``python -m drumsort``."""

import sys


def main() -> None:
    """Run a command; one that is stopped while it is still being loaded ends without a word."""
    try:
        from drumsort.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
