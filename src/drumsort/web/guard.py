"""Who may ask: this machine only, with the token, from the page itself.

A page of another site can send requests to the loopback too, and by DNS rebinding even read the
responses. So ``Host`` must name the loopback; every request but the first needs a cookie, which
only the address with the token sets; and a request that changes something must come from the page
(``Origin``), as JSON, which no form can send. A cookie does not know ports: another server's page
on this machine sends it, too. So where a browser says where a request comes from
(``Sec-Fetch-Site``), all but the page's own are refused.
"""

import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drumsort.web.response import failed

MOST_BYTES = 32 * 2**20
"""Of a body: enough for the ids of a million sounds."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_OWN = ("same-origin", "none")
"""Where a request comes from that is the page's, or typed by a person (``Sec-Fetch-Site``)."""

_CLOSED = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>drumsort</title>
<h1>drumsort</h1>
<p>{}</p>
<p>In the terminal, 'drumsort browse' prints that address. If it is already running, it prints the
address again and opens it.</p>
</html>
"""


class Guard:
    """Refuses whoever may not ask, and gives every response the headers that protect the page.

    Args:
        app: serves the others.
        port: it is served on.
        token: whoever knows it may ask.
    """

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app, self._token = app, token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        if port == 80:
            self._hosts |= {"127.0.0.1", "localhost"}
        self._cookie = f"drumsort-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        response = self._refused(scope)
        if response is not None:
            await response(scope, receive, protected)
            return
        await self._app(scope, _Measured(receive), protected)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return failed(
                400, "This is not the address of the page: open the one that was printed."
            )
        if scope["path"] == "/" and (given := _token(scope)):
            return self._entered(given, headers)
        if not self._knows(headers):
            sentence = "This page is closed: open the address that 'drumsort browse' printed."
            return _closed(sentence, headers) if scope["path"] == "/" else failed(403, sentence)
        if scope["path"] != "/" and headers.get("sec-fetch-site", _OWN[0]) not in _OWN:
            return failed(403, "Only the page itself may ask.")
        if scope["method"] in ("GET", "HEAD"):
            return None
        return self._change_refused(headers)

    def _change_refused(self, headers: Headers) -> Response | None:
        if headers.get("origin") not in {f"http://{host}" for host in self._hosts}:
            return failed(403, "Only the page itself may change anything.")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return failed(415, "A request that changes something must be JSON.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return failed(413, "That is too much at once.")
        return None

    def _entered(self, given: str, headers: Headers) -> Response:
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            sentence = "This address is out of date: start 'drumsort browse' again."
            return _closed(sentence, headers)
        response = RedirectResponse("/", 303)
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
        return response

    def _knows(self, headers: Headers) -> bool:
        try:
            cookies = SimpleCookie("; ".join(headers.getlist("cookie")))
        except CookieError:
            return False
        given = cookies[self._cookie].value if self._cookie in cookies else ""
        return secrets.compare_digest(given.encode(), self._token.encode())


class _Measured:
    """A body that is cut off where it gets too long, whatever its header says."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._left = receive, MOST_BYTES

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return {"type": "http.disconnect"}
        return message


def _closed(sentence: str, headers: Headers) -> Response:
    """Why the page stays closed: as a page for a browser, else as JSON."""
    if "text/html" not in headers.get("accept", ""):
        return failed(403, sentence)
    return Response(_CLOSED.format(sentence), 403, media_type="text/html")


def _token(scope: Scope) -> str:
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10)
    except ValueError:  # too many fields
        return ""
    return str(query.get("token", [""])[0])
