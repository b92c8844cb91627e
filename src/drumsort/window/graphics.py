"""How the page is drawn: by the graphics card, or by the processor where there is none."""

import os

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

_FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
_SOUND = "--autoplay-policy=no-user-gesture-required"
_GL_RENDERER = 0x1F01
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")


def choose_graphics() -> None:
    """Set up Qt's WebEngine, before it starts, for the graphics that this computer has.

    Without a graphics card it would leave out WebGL, and with it the map, and would put the page
    together in a way that leaves it blank.
    """
    renderer = _renderer().lower()
    flags = [os.environ.get(_FLAGS, ""), "--log-level=3", _SOUND]
    if not renderer or any(name in renderer for name in _SOFTWARE):
        flags += ["--ignore-gpu-blocklist", "--disable-gpu-compositing"]
    os.environ[_FLAGS] = " ".join(filter(None, flags))


def _renderer() -> str:
    """What draws with OpenGL, or ``""`` if nothing does."""
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    try:
        return str(context.functions().glGetString(_GL_RENDERER) or "")
    finally:
        context.doneCurrent()
