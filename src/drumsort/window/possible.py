"""Whether a window can be opened here, asked before Qt is, which aborts where it cannot."""

import ctypes
import os
import sys
from ctypes.util import find_library

from drumsort.errors import DrumsortError

_ELSE = "leave out --window to use the browser"


def require_window() -> None:
    """See that there is a window system, that Qt is installed, and that it finds its libraries.

    Raises:
        DrumsortError: one of these is missing.
    """
    if sys.platform not in ("win32", "darwin") and "QT_QPA_PLATFORM" not in os.environ:
        _require_display()
    try:
        import PySide6.QtWebChannel
        import PySide6.QtWebEngineWidgets  # noqa: F401
    except ModuleNotFoundError as error:
        raise DrumsortError(
            "A window of its own needs Qt, which comes with drumsort's 'window' extra: "
            f"pip install '.[window]', or {_ELSE}."
        ) from error
    except ImportError as error:  # its message names the library
        raise DrumsortError(
            f"Qt cannot be loaded ({error}): install what is missing, or {_ELSE}."
        ) from error
    if _is_root() and "QTWEBENGINE_DISABLE_SANDBOX" not in os.environ:
        raise DrumsortError(f"A window does not open for root: be another user, or {_ELSE}.")


def _require_display() -> None:
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    name = os.environ.get("DISPLAY")
    if not name:
        raise DrumsortError(f"There is no window system here (DISPLAY is not set): {_ELSE}.")
    try:
        xcb = ctypes.CDLL(find_library("xcb") or "libxcb.so.1")
        ctypes.CDLL(find_library("xcb-cursor") or "libxcb-cursor.so.0")
    except OSError as error:
        raise DrumsortError(
            f"A library of the window system is missing ({error}): install it (libxcb-cursor0 on "
            f"Debian and Ubuntu, xcb-util-cursor on Fedora and Arch), or {_ELSE}."
        ) from error
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if failed:
        raise DrumsortError(f"The window system {name!r} does not respond: {_ELSE}.")


def _is_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0
