"""The built page, as it lies in the package."""

import re
from collections.abc import Mapping
from pathlib import Path

from starlette.responses import Response

from drumsort.web.response import Refused

FOLDER = Path(__file__).parent / "static"
"""Holds ``index.html``, and in ``assets`` files with a hash in their names, which never change."""

_NAME = re.compile(r"\w[\w.-]*", re.ASCII)
_KINDS: Mapping[str, str] = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_NOT_BUILT = (
    "This copy of drumsort does not include the page: build it (docs/page.md says how), or install "
    "drumsort from a wheel."
)


def static_file(name: str) -> Response:
    """Any file of the built page; no name is its ``index.html``.

    Raises:
        Refused: there is no such file.
    """
    parts = (name or "index.html").split("/")
    path = FOLDER.joinpath(*parts) if all(map(_NAME.fullmatch, parts)) else None
    if path is None or path.is_symlink() or not path.is_file():
        if parts == ["index.html"]:
            return Response(_NOT_BUILT, media_type="text/plain")
        raise Refused(404, "There is no such page.")
    fixed = parts[0] == "assets"
    return Response(
        path.read_bytes(),
        headers={"Cache-Control": "private, max-age=31536000, immutable" if fixed else "no-store"},
        media_type=_KINDS.get(path.suffix, "application/octet-stream"),
    )
