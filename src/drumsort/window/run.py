"""``drumsort browse --window``: the server in a thread, the window before it, both end together."""

import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

from drumsort.errors import DrumsortError
from drumsort.web.address import Address, AlreadyServed, ask, pass_on
from drumsort.web.serve import serve
from drumsort.window.first import FirstWindow, bring_forward
from drumsort.window.graphics import choose_graphics
from drumsort.window.view import Window


def run_window(
    catalog: Path,
    folders: Sequence[Path] = (),
    port: int | None = None,
    on_ready: Callable[[str], None] = lambda address: None,
    *,
    ear: str,
    names: str,
) -> bool:
    """Show the page of a catalog in a window, until it is closed or Ctrl-C is pressed.

    Where the page is served already, its window comes forward; if it has none, one opens that
    leaves the server running when it is closed.

    Args:
        catalog: as for ``serve``, and so are all other arguments.
        on_ready: called with the address, unless it is another server's.

    Returns:
        Whether there was a window that came forward.

    Raises:
        CatalogError: the catalog cannot be opened.
        DrumsortError: the port is taken, or the server that runs does not respond.
    """
    os.environ.setdefault("QT_LOGGING_RULES", "*.debug=false;*.info=false;qt.*.warning=false")
    app = QApplication.instance() or QApplication(["drumsort"])
    app.setApplicationName("drumsort")
    app.setQuitOnLastWindowClosed(False)
    server = _Server(lambda ready: serve(catalog, folders, port, ready, ear=ear, names=names))
    try:
        try:
            address = server.begin()
            on_ready(address.to_open)
        except AlreadyServed as served:
            if served.address is None:
                raise
            address = served.address
            if folders and (trouble := pass_on(address, folders)):
                raise DrumsortError(trouble) from served
            if bring_forward(catalog):
                return True
        _show(app, server, address, catalog)
    finally:
        server.end()
    return False


def _show(app: QApplication, server: "_Server", address: Address, catalog: Path) -> None:
    choose_graphics()
    window = Window(address, app.quit)
    first = FirstWindow(catalog, window.bring_forward)
    server.ended.connect(window.close)
    with _ended_by_signals(window.close):
        window.show()
        app.exec()
    first.close()
    window.page().deleteLater()  # before its profile
    window.deleteLater()
    app.processEvents()


class _Server(QObject):
    """The server, in a thread.

    Attributes:
        ended: it came to its end, by itself or as it was asked to.
    """

    ended = Signal()

    def __init__(self, serve: Callable[[Callable[[str], None]], None]) -> None:
        super().__init__()
        self._serve, self._known = serve, Event()
        self._address: Address | None = None
        self._error: DrumsortError | None = None
        self._thread = Thread(target=self._run, name="server")

    def begin(self) -> Address:
        """Start it; where it is.

        Raises:
            DrumsortError: it does not start.
        """
        self._thread.start()
        self._known.wait()
        if self._address is None:
            raise self._error or DrumsortError("The server ended before it began: start again.")
        return self._address

    def end(self) -> None:
        """Ask it to end, if it runs, and wait until it has."""
        while self._thread.is_alive():
            self._known.wait(1.0)
            if self._address is not None:
                with suppress(DrumsortError):
                    ask(self._address, "/api/quit", {})
            self._thread.join(1.0)

    def _run(self) -> None:
        try:
            self._serve(self._ready)
        except DrumsortError as error:
            self._error = error
        finally:
            self._known.set()
            self.ended.emit()

    def _ready(self, to_open: str) -> None:
        base, _, token = to_open.partition("/?token=")
        self._address = Address(int(base.rpartition(":")[2]), token)
        self._known.set()


@contextmanager
def _ended_by_signals(close: Callable[[], object]) -> Iterator[None]:
    """Close at Ctrl-C, and at what ends a terminal; Python hears of neither while Qt runs."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    heard, told = socket.socketpair()
    for end in (heard, told):
        end.setblocking(False)
    notifier = QSocketNotifier(heard.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: heard.recv(4096))  # then Python runs the handler
    before = {number: signal.signal(number, lambda *_: close()) for number in numbers}
    wakeup = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        heard.close()
        told.close()
