"""Asking a server: patience with what passes, one sentence for what does not."""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib import metadata

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.util import Retry

from drumsort.errors import DataError

TRIES = 5
"""How often a request is repeated before it is given up."""

BACKOFF = 0.5
"""Seconds; pauses between tries start with a multiple of it and double, unless the server asks."""

LONGEST_WAIT = 120
"""Seconds that a server may ask to wait; if it asks for more, the request is given up."""

TIMEOUT = (10, 60)
"""Seconds to connect, and to wait for the next byte."""

_BUSY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)


class UnreachableError(DataError):
    """A server that cannot be reached or stays busy: there is no use in trying other files."""


class _Patience(Retry):
    """Waits as long as the server asks with ``Retry-After`` or ``X-RateLimit-Reset``."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        wait = super().get_retry_after(response)
        if wait is None and response.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = _until_reset(response.headers)
        if wait is not None and wait > LONGEST_WAIT:
            raise UnreachableError(
                f"The server has had too many requests and asks to wait {wait / 60:,.0f} minutes: "
                "run the same command again then; what was fetched is kept."
            )
        return wait


def open_session() -> requests.Session:
    """A session that repeats requests after lost connections and while a server is busy."""
    session = requests.Session()
    patience = _Patience(
        TRIES, backoff_factor=BACKOFF, status_forcelist=_BUSY, raise_on_status=False
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=patience))
    session.headers["User-Agent"] = f"drumsort/{metadata.version('drumsort')}"
    session.headers["Accept-Encoding"] = (
        "identity"  # ranges count bytes of the file, not of its encoding
    )
    return session


def get(
    session: requests.Session, url: str, headers: Mapping[str, str] | None = None
) -> requests.Response:
    """The response to a GET, its body not yet read; the status is below 400, or 416.

    Raises:
        UnreachableError: there is no connection, or the server stays busy.
        DataError: the server refuses, or ``url`` is not an address.
    """
    try:
        response = session.get(url, headers=headers, stream=True, timeout=TIMEOUT)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise UnreachableError(unreachable(url, error)) from error
    except requests.RequestException as error:
        raise DataError(f"{url} is not a valid address ({error}): correct it.") from error
    status = response.status_code
    if status < 400 or status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return response
    response.close()
    if status in _BUSY:
        raise UnreachableError(
            f"{url} is busy ({status} {response.reason}): run the same command again later; what "
            "was fetched is kept."
        )
    raise DataError(
        f"{url} is not available ({status} {response.reason}): check that it still exists."
    )


def unreachable(url: str, error: BaseException) -> str:
    """One sentence on a failed connection, with the innermost reason of ``error``."""
    while cause := error.__cause__ or error.__context__ or _enclosed(error):
        error = cause
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return (
        f"{url} cannot be reached ({str(reason).rstrip('.')}): check that you are online, then run "
        "the same command again; what was fetched is kept."
    )


def _enclosed(error: BaseException) -> BaseException | None:
    """An error among the arguments of ``error``, where urllib3 puts it."""
    return next((part for part in error.args if isinstance(part, BaseException)), None)


def _until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server takes requests again, by its clock; ``None`` if unknown."""
    try:
        reset = int(headers["X-RateLimit-Reset"])
    except (KeyError, ValueError):
        return None
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        now = time.time()
    return max(0.0, reset - now)
