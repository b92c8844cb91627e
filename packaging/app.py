"""Where the app starts: as a worker, as the window where it is started bare, or as ``drumsort``."""

import multiprocessing
import sys


def main() -> None:
    """Be what the arguments say."""
    from drumsort.hearing.worker import FROZEN
    from drumsort.hearing.worker import main as hear

    if sys.argv[1:] == [FROZEN]:
        return hear()
    given = [arg for arg in sys.argv[1:] if not arg.startswith("-psn_")]  # of macOS's Finder
    if not given:
        given = ["browse", *_window()]
    sys.argv[1:] = given
    from drumsort.__main__ import main as run

    return run()


def _window() -> list[str]:
    """``--window`` where one can be opened; else the page opens in the browser."""
    from drumsort.errors import DrumsortError
    from drumsort.window.possible import require_window

    try:
        require_window()
    except DrumsortError:
        return []
    return ["--window"]


if __name__ == "__main__":
    multiprocessing.freeze_support()  # in case a library starts processes that way
    main()
