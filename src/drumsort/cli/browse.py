"""``drumsort browse``: see, hear and organize a library in the browser."""

import sys
import webbrowser
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.params import Folder, catalog_option, ear_option, names_option, one_of
from drumsort.errors import DrumsortError


@click.command("browse")
@click.argument("folders", nargs=-1, metavar="[DIR]...", type=Folder(exists=True))
@catalog_option
@ear_option
@names_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port to serve the page on, 0 for a free one.  [default: the last one, or 5808]",
)
@click.option(
    "--window",
    is_flag=True,
    help="Open the page in a window of its own, from which sounds can be dragged into other "
    "programs. Closing it ends drumsort. Needs the extra 'window'.",
)
@click.option("--no-open", is_flag=True, help="Print the address, but open no browser.")
def command(
    folders: tuple[Path, ...],
    catalog: Path | None,
    ear: str,
    names: str,
    port: int | None,
    window: bool,
    no_open: bool,
) -> None:
    """Open a page with a map and a list of all your sounds: hear, correct, collect and sort them.

    Each DIR is scanned while you look at the page. Without one, the page shows what 'drumsort scan'
    found. Only this computer can open the page, at the printed address; nothing is sent anywhere.
    Ctrl-C ends it.

    \b
    drumsort browse Samples
    drumsort browse
    drumsort browse --window
    """
    from drumsort.catalog import default_path
    from drumsort.web.address import AlreadyServed, pass_on
    from drumsort.web.serve import serve

    def ready(address: str) -> None:
        show.out.print(f"The page is at {address}")
        show.out.print("Ctrl-C ends it.")
        sys.stdout.flush()
        if not no_open and not window:
            webbrowser.open(address)

    one_of(**{"window": window, "no-open": no_open})
    path = (catalog or default_path()).resolve()
    resolved = [folder.resolve() for folder in folders]
    if window:
        from drumsort.window.possible import require_window

        require_window()
        from drumsort.window.run import run_window

        try:
            if run_window(path, resolved, port, ready, ear=ear, names=names):
                show.err.print("Its window is open already: it was brought forward.")
        except KeyboardInterrupt:
            show.err.print("The page is closed.")
        return
    try:
        serve(path, resolved, port, ready, ear=ear, names=names)
    except AlreadyServed as served:
        show.err.print(show.safe(str(served)))
        if served.address:
            show.out.print(f"The page is at {served.address.to_open}")
            if folders and (trouble := pass_on(served.address, resolved)):
                raise DrumsortError(trouble) from served
            if not no_open:
                webbrowser.open(served.address.to_open)
    except KeyboardInterrupt:
        show.err.print("The page is closed.")
