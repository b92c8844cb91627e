"""One window for a catalog: a second start brings the first one forward."""

import getpass
import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_MS = 1_000


def bring_forward(catalog: Path) -> bool:
    """Ask the window of a catalog, if there is one, to come forward; whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(_name(catalog))
    if not socket.waitForConnected(_MS):
        return False
    socket.disconnectFromServer()
    return True


class FirstWindow(QObject):
    """Listens for later starts of the same person's.

    Args:
        catalog: whose window it is.
        on_later: called at each.
    """

    def __init__(self, catalog: Path, on_later: Callable[[], None]) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._on_later = on_later
        if not self._server.listen(_name(catalog)):
            QLocalServer.removeServer(_name(catalog))  # of a window that crashed
            self._server.listen(_name(catalog))

    def _greet(self) -> None:
        self._server.nextPendingConnection().deleteLater()
        self._on_later()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()


def _name(catalog: Path) -> str:
    whose = f"{getpass.getuser()}\0{catalog.resolve()}".encode("utf-8", "surrogateescape")
    return f"drumsort-{hashlib.sha256(whose).hexdigest()[:20]}"
