"""Bytes as a browser asks for them: all, or one range (RFC 9110, section 14)."""

import re

from starlette.datastructures import Headers
from starlette.responses import Response

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def ranged(content: bytes, kind: str, headers: Headers) -> Response:
    """Respond with the range of ``content``, of the media type ``kind``, that ``headers`` name."""
    size = len(content)
    given = {"Accept-Ranges": "bytes"}
    wanted = _RANGE.fullmatch(headers.get("range", ""))
    if wanted is None or not any(wanted.groups()):
        return Response(content, headers=given, media_type=kind)
    first, last = wanted.groups()
    if first:
        start, end = int(first), min(int(last) if last else size, size - 1)
    else:  # that many bytes from the end
        start, end = max(0, size - int(last)), size - 1
    if start > end:
        return Response(status_code=416, headers=given | {"Content-Range": f"bytes */{size}"})
    given["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(content[start : end + 1], 206, given, kind)
