"""The window: the page in it, its keys, and what it does with what leaves the page."""

from collections.abc import Callable

from PySide6.QtCore import QFile, QIODevice, QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QFileDialog

from drumsort.web.address import Address
from drumsort.window.desk import Desk

_SIZE = 1440, 900
_LEAVES_MS = 3_000  # a page that does not let go is left
_ALLOWED = (
    QWebEnginePermission.PermissionType.ClipboardReadWrite,
    QWebEnginePermission.PermissionType.MediaAudioCapture,
)
_SHOW_DESK = """
new QWebChannel(qt.webChannelTransport, (channel) => {
  window.drumsortWindow = channel.objects.desk;
  window.dispatchEvent(new Event("drumsort-window"));
});
"""


class Page(QWebEnginePage):
    """The page of one server: nothing else is shown in its place."""

    def __init__(self, profile: QWebEngineProfile, view: QWebEngineView, address: Address) -> None:
        super().__init__(profile, view)
        self._address = address

    def acceptNavigationRequest(  # noqa: N802
        self, url: QUrl, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Keep to the server; other addresses open in the browser."""
        if url.scheme() in ("about", "blob") or (
            url.host() in ("127.0.0.1", "localhost") and url.port() == self._address.port
        ):
            return True
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)
        return False

    def javaScriptConsoleMessage(self, *said: object) -> None:  # noqa: N802
        """What a page says on its console is for browsers."""


class Window(QWebEngineView):
    """A window with the page of a server.

    Args:
        address: of the server.
        on_closed: called once, when the page has kept what it keeps.
    """

    def __init__(self, address: Address, on_closed: Callable[[], None]) -> None:
        super().__init__()
        self._on_closed: Callable[[], None] | None = on_closed
        profile = QWebEngineProfile(self)  # nothing of it is kept on the disk
        profile.downloadRequested.connect(self._save)
        page = Page(profile, self, address)
        page.setBackgroundColor(Qt.GlobalColor.black)
        page.permissionRequested.connect(_answer)
        page.newWindowRequested.connect(lambda asked: page.acceptNavigationRequest(
            asked.requestedUrl(), QWebEnginePage.NavigationType.NavigationTypeLinkClicked, True
        ))  # fmt: skip
        channel = QWebChannel(self)
        channel.registerObject("desk", Desk(self, address))
        page.setWebChannel(channel)
        page.scripts().insert(_script())
        self.setPage(page)
        settings = page.settings()
        for attribute, value in (
            (QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard, True),
            (QWebEngineSettings.WebAttribute.PlaybackRequiresUserGesture, False),
        ):
            settings.setAttribute(attribute, value)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setWindowTitle("drumsort")
        self.iconChanged.connect(self.setWindowIcon)
        self._add_keys()
        self.setUrl(QUrl(address.to_open))
        there = self.screen().availableSize()
        self.resize(min(_SIZE[0], there.width()), min(_SIZE[1], there.height()))

    def bring_forward(self) -> None:
        """Show the window over the others, as far as the system lets it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Let the page keep its settings first, then say that it is closed."""
        event.ignore()
        if not self.isVisible():
            return
        self.hide()
        self.loadFinished.connect(self._closed)
        self.setUrl(QUrl("about:blank"))
        QTimer.singleShot(_LEAVES_MS, self._closed)

    def _closed(self) -> None:
        if self._on_closed:
            on_closed, self._on_closed = self._on_closed, None
            on_closed()

    def _add_keys(self) -> None:
        key = QKeySequence.StandardKey
        for keys, act in (
            (key.ZoomIn, lambda: self.setZoomFactor(self.zoomFactor() * 1.1)),
            (key.ZoomOut, lambda: self.setZoomFactor(self.zoomFactor() / 1.1)),
            (QKeySequence("Ctrl+0"), lambda: self.setZoomFactor(1)),
            (key.Refresh, self.reload),
            (key.FullScreen, self._toggle_full_screen),
            (key.Close, self.close),
            (key.Quit, self.close),
        ):
            QShortcut(keys, self, act)

    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _save(self, download: QWebEngineDownloadRequest) -> None:
        """Ask where to put what the page made, such as a loop."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        suggested = f"{folder}/{download.downloadFileName()}"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save", suggested)
        if not chosen:
            download.cancel()
            return
        directory, _, name = chosen.rpartition("/")
        download.setDownloadDirectory(directory or "/")
        download.setDownloadFileName(name)
        download.accept()


def _answer(asked: QWebEnginePermission) -> None:
    """Only drumsort's own page is ever shown; it asks when a person has pressed a button."""
    asked.grant() if asked.permissionType() in _ALLOWED else asked.deny()


def _script() -> QWebEngineScript:
    """What puts the desk into the page, before its own code runs."""
    source = QFile(":/qtwebchannel/qwebchannel.js")
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    script = QWebEngineScript()
    script.setSourceCode(bytes(source.readAll().data()).decode() + _SHOW_DESK)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    return script
