"""The built page, as it lies in the package."""

import re
from collections.abc import Mapping
from pathlib import Path

from starlette.responses import Response

from drumsort.web.answers import Refused
from drumsort.web.asked import Asked
from drumsort.web.studio import Studio

FOLDER = Path(__file__).parent / "static"
"""Where it is: ``index.html``, and in ``assets`` what has a hash in its name and never changes."""

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
    "The page itself is not in this copy of drumsort: build it (see docs/page.md), or install "
    "drumsort from a wheel."
)


def built(studio: Studio, asked: Asked) -> Response:
    """Any file of the built page; ``/`` is its ``index.html``."""
    parts = (asked.path["file"] or "index.html").split("/")
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
