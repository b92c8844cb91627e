"""What the page may ask of the window: to drag files, and to let a person choose a folder."""

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QFileDialog

from drumsort.errors import DrumsortError
from drumsort.web.address import Address, ask


class Desk(QObject):
    """The object ``drumsortWindow`` of the page (``page/src/out/desk.ts``).

    Each slot only notes what is wanted: while a page is listened to, nothing reaches it, and a
    drag over the page itself would wait for an answer from it.

    Attributes:
        dragEnded: the button was let go of, wherever that was.
        folderChosen: the folder that a person chose, or ``""``.
    """

    dragEnded = Signal()  # noqa: N815  (Qt's way to write names, as the page sees them)
    folderChosen = Signal(str)  # noqa: N815

    def __init__(self, view: QWebEngineView, address: Address) -> None:
        super().__init__(view)
        self._view, self._address = view, address

    @Slot("QVariantList")
    def drag(self, ids: list[Any]) -> None:
        """Drag the files of some sounds from under the pointer."""
        numbers = [int(number) for number in ids]
        QTimer.singleShot(0, lambda: self._drag(numbers))

    @Slot(str)
    def chooseFolder(self, start: str) -> None:  # noqa: N802
        """Ask for a folder, beginning in ``start``."""
        QTimer.singleShot(0, lambda: self._choose(start))

    def _drag(self, ids: list[int]) -> None:
        try:
            if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                self._carry([uri for uri in self._uris(ids) if uri.startswith("file:")])
        finally:
            self.dragEnded.emit()

    def _uris(self, ids: list[int]) -> list[str]:
        try:
            return list(ask(self._address, "/api/paths", {"ids": ids})["uris"])
        except DrumsortError:
            return []  # the page says by itself that the server is gone

    def _carry(self, uris: list[str]) -> None:
        if not uris:
            return
        data = QMimeData()
        data.setUrls([QUrl(uri) for uri in uris])
        drag = QDrag(self._view)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)  # never a move: the originals stay where they are
        self._release()

    def _release(self) -> None:
        """Tell the page that the button is up, which it did not see."""
        widget = self._view.focusProxy() or self._view
        outside = QPointF(-1, -1)
        event = QMouseEvent(
            QEvent.Type.MouseButtonRelease,
            outside,
            widget.mapToGlobal(outside),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.postEvent(widget, event)

    def _choose(self, start: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self._view, "Choose a folder", start)
        self.folderChosen.emit(chosen)
