"""What stores are asked for: a look, a list, some bytes, an object to keep; many at once, and again
where it fails.

fsspec speaks to them. For S3, Google's and Azure's stores its implementation is obstore's, which
takes a fifth of the processor's time that the others do for a request.
"""

import asyncio
import errno
import random
import re
import time
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from drumsort.errors import DrumsortError
from drumsort.remote.file import FIRST, RemoteFile
from drumsort.remote.place import Entry, Place, Version

T = TypeVar("T")

IN_FLIGHT = 64
"""Requests that this process makes at once."""

_WAITS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)  # seconds before a request is made once more
_PATIENCE = 60.0  # seconds for one request
_TO_WRITE = 600.0  # for one that takes an object there
_AGAIN = (408, 425, 429)  # answers of 4xx that say "later"
_BY_OBSTORE = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "az": "az", "abfs": "abfs"}
_ARCHIVES = ("zip", "tar")
_CONNECT = "10s"
_FRESH = 5.0  # seconds after which an archive in a store is looked at again
_ETAGS = ("e_tag", "ETag", "etag", "content_md5", "md5Hash", "CRC", "mtime", "last_modified")
_STATUS = re.compile(r"\b(?:status(?: code)?:? |HTTP error: |HTTP status \w+ \w+ \()([345]\d\d)\b")


def look(url: Place) -> "Future[Version]":
    """Ask what an object or a folder is."""
    return _submit(_looked(_store(url), url))


def entries(url: Place) -> "Future[list[Entry]]":
    """Ask what lies in a folder."""
    return _submit(_listed(_store(url), url))


def start(url: Place, most: int) -> "Future[RemoteFile]":
    """Open an object with up to ``most`` bytes from its beginning."""
    return _submit(_started(_store(url), url, most))


def put(url: Place, content: bytes) -> "Future[None]":
    """Make a new object: whole, or not at all.

    The future raises ``FileExistsError`` if there is another one.
    """
    return _submit(_put(_store(url), url, content))


class _Store:
    """A file system of fsspec, asked in its own way.

    Args:
        scheme: of its URLs.
        system: the file system.
        around: of an archive in a store: that store.
        seen: of an archive: what told it from another one at its place.

    Attributes:
        depth: how many archives it lies in, itself counted if it is one. What is asked of an
            archive waits for what that asks of the store around it, so each depth has slots and a
            thread of its own.
        looked: when ``seen`` was asked for, by the monotonic clock.
    """

    def __init__(
        self, scheme: str, system: Any, around: "_Store | None" = None, seen: Any = None
    ) -> None:
        self.scheme, self._system = scheme, system
        self.around, self.seen, self.looked = around, seen, time.monotonic()
        self.depth: int = (around.depth if around else 0) + (scheme in _ARCHIVES)
        if scheme in _ARCHIVES:
            weakref.finalize(self, system.fo.close)

    async def ask(self, method: str, path: str, **how: Any) -> Any:
        """Call ``info``, ``ls`` or ``cat_file``."""
        if self._system.async_impl:
            return await getattr(self._system, f"_{method}")(path, **how)
        call = partial(getattr(self._system, method), path, **how)
        return await asyncio.get_running_loop().run_in_executor(_one(self.depth), call)

    async def put(self, path: str, content: bytes) -> None:
        """Make a new object."""
        if self.scheme in _BY_OBSTORE:
            bucket, key = self._system._split_path(path)
            store = self._system._construct_store(bucket)
            await store.put_async(key, content, mode="create", use_multipart=False)
            return
        call = partial(_placed, self._system, path, content)
        await asyncio.get_running_loop().run_in_executor(_one(self.depth), call)

    def path(self, url: Place) -> str:
        """The path of a place as its store understands it."""
        scheme, path = url.hops[-1]
        if scheme in ("http", "https"):
            return f"{scheme}://{quote(path, safe='/:@')}"
        if scheme in _BY_OBSTORE or scheme in _ARCHIVES:
            return path
        return str(self._system._strip_protocol(f"{scheme}://{path}"))


async def _looked(store: _Store, url: Place) -> Version:
    version = _version(await _patiently(store, lambda: store.ask("info", store.path(url))))
    url.version = version
    return version


async def _listed(store: _Store, url: Place) -> list[Entry]:
    path = store.path(url)
    rows = await _patiently(store, lambda: store.ask("ls", path, detail=True))
    found: dict[str, Entry] = {}
    for row in rows:
        whole = row["name"].rstrip("/")
        if whole.strip("/") == path.strip("/") or ("?" in whole[len(path) :] and _is_web(store)):
            continue  # the marker of the folder itself, or a link that sorts it
        name = whole.rpartition("/")[2]
        name = unquote(name) if _is_web(store) else name
        if "/" in name or name in ("", ".", ".."):
            continue  # no path can say it
        child = url / name
        child.version = _version(row)
        found[child.name] = Entry(child)
    unknown = [entry.url for entry in found.values() if entry.url.version == Version(None)]
    for one in unknown:
        one.version = None
    await asyncio.gather(*(_looked(store, one) for one in unknown), return_exceptions=True)
    return list(found.values())


async def _fetched(store: _Store, url: Place, begins: int, ends: int | None) -> bytes:
    path = store.path(url)

    async def once() -> bytes:
        part: bytes = await store.ask("cat_file", path, start=begins, end=ends)
        if ends is None:
            return part
        if len(part) > ends - begins:  # the store knows no ranges, and gave all
            part = part[begins:ends]
        if len(part) < ends - begins:
            raise ConnectionError
        return part

    return await _patiently(store, once)


async def _started(store: _Store, url: Place, most: int) -> RemoteFile:
    def fetch(url: Place, begins: int, ends: int) -> "Future[bytes]":
        return _submit(_fetched(store, url, begins, ends))

    version = url.version or await _looked(store, url)
    if version.folder:
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if version.size is None:
        content = await _fetched(store, url, 0, None)
        url.version = version._replace(size=len(content))
        return RemoteFile(url, len(content), content, fetch)
    end = min(most, version.size)
    content = await _fetched(store, url, 0, end) if end else b""
    return RemoteFile(url, version.size, content, fetch)


async def _put(store: _Store, url: Place, content: bytes) -> None:
    try:
        await _patiently(store, lambda: store.put(store.path(url), content), _TO_WRITE)
    except FileExistsError:  # it may be ours, whose answer was lost
        there = await _patiently(store, lambda: store.ask("cat_file", store.path(url)))
        if there != content:
            raise


def _placed(system: Any, path: str, content: bytes) -> None:
    """Write a new file where there are files that grow."""
    if system.exists(path):
        raise FileExistsError(errno.EEXIST, "it is there already")
    new = f"{path}.new"
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    system.pipe_file(new, content)
    system.mv(new, path)


async def _patiently(
    store: _Store, once: Callable[[], Awaitable[T]], patience: float = _PATIENCE
) -> T:
    """Ask, and ask again after a while where it may help."""
    for wait in (*_WAITS, None):
        try:
            async with _slots(store.depth):
                return await asyncio.wait_for(once(), patience)
        except Exception as error:
            failure, may_help = _failure(error)
            if wait is None or not may_help:
                raise failure from None  # whose words may hold a signature
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))
    raise AssertionError


def _failure(error: Exception) -> tuple[Exception, bool]:
    """What failed, in words that give nothing away, and whether it may help to ask again."""
    if isinstance(error, FileNotFoundError) and error.__cause__ is not None:
        error = error.__cause__  # type: ignore[assignment]  # fsspec's HTTP hides all else in it
    name = type(error).__name__
    found = _STATUS.search(str(error))
    status = getattr(error, "status", None) or (int(found[1]) if found else None)
    if isinstance(error, DrumsortError):
        return error, False
    if isinstance(error, FileNotFoundError) or name == "NotFoundError" or status in (404, 410):
        return FileNotFoundError(errno.ENOENT, "the store has no such object"), False
    refused = ("PermissionDeniedError", "UnauthenticatedError", "NoCredentialsError")
    if isinstance(error, PermissionError) or name in refused or status in (401, 403):
        sentence = "the store refuses it: set your credentials the way its own tools want them"
        return PermissionError(errno.EACCES, sentence), False
    if isinstance(error, FileExistsError) or name == "AlreadyExistsError" or status in (409, 412):
        return FileExistsError(errno.EEXIST, "it is there already"), False
    if isinstance(error, IsADirectoryError):
        return IsADirectoryError(errno.EISDIR, "it is a folder"), False
    if status and status < 500 and status not in _AGAIN:
        return OSError(errno.EIO, f"the store answers {status}"), False
    if isinstance(error, TimeoutError):
        return OSError(errno.ETIMEDOUT, "the store does not answer"), True
    if status:
        return OSError(errno.EIO, f"the store answers {status} again and again"), True
    if type(error) is ConnectionError:
        return OSError(errno.EIO, "the store ends it too early again and again"), True
    return OSError(errno.EIO, f"the connection to the store fails, {name}"), True


def _version(info: Any) -> Version:
    is_folder = info["type"] == "directory" or info.get("mimetype") == "text/html"
    etag = next((info[name] for name in _ETAGS if info.get(name) is not None), "")
    return Version(0, "", True) if is_folder else Version(info.get("size"), str(etag).strip('"'))


def _is_web(store: _Store) -> bool:
    return store.scheme in ("http", "https")


_stores: dict[tuple[str, ...], _Store] = {}
_lock = RLock()


def _store(url: Place) -> _Store:
    """The store of a place; one for each host, each bucket and each archive.

    An archive that another one took the place of is opened anew; who reads the one that was there
    reads on, and with the last of them it is closed.

    Raises:
        DrumsortError: what speaks to such a store is not installed.
    """
    parts = url.parts
    inside = max((nth for nth, part in enumerate(parts) if part in ("zip:", "tar:")), default=0)
    with _lock:
        if inside:
            return _archive(url, parts[: inside + 1])
        key = parts[:2]
        if key not in _stores:
            _stores[key] = _Store(url.hops[-1][0], _system(url, key))
        return _stores[key]


def _archive(url: Place, key: tuple[str, ...]) -> _Store:
    outside, known = Place(*key[:-1]), _stores.get(key)
    around = None if _is_local(outside) else _store(outside)
    seen = _seen(outside, known)
    if known and (known.around, known.seen) == (around, seen):
        return known
    system = _system(url, key, outside)
    _stores[key] = _Store(url.hops[-1][0], system, around, seen or outside.version)
    return _stores[key]


def _seen(outside: Place, known: _Store | None) -> Any:
    """What tells an archive from another one; what is known of it where it cannot be looked at."""
    before = known.seen if known else None
    try:
        if _is_local(outside):
            status = Path(f"/{outside.hops[0][1]}").stat()
            return status.st_ino, status.st_size, status.st_mtime_ns
        if known is None or time.monotonic() - known.looked < _FRESH:
            return before
        known.looked = time.monotonic()
        return look(outside).result()
    except OSError:
        return before


def _is_local(outside: Place) -> bool:
    return [scheme for scheme, _ in outside.hops] == ["file"]


def _system(url: Place, key: tuple[str, ...], outside: Place | None = None) -> Any:
    scheme = url.hops[-1][0]
    try:
        import fsspec

        if outside:
            path = f"/{outside.hops[0][1]}"
            archive = path if _is_local(outside) else start(outside, FIRST).result()
            return fsspec.filesystem(scheme, fo=archive, skip_instance_cache=True)
        if scheme in _BY_OBSTORE:
            return _by_obstore(_BY_OBSTORE[scheme])
        if scheme in ("http", "https"):
            return fsspec.filesystem(scheme, use_listings_cache=False)
        return fsspec.core.url_to_fs(str(Place(*key)))[0]
    except ImportError as error:
        if (error.name or "").startswith(("fsspec", "obstore", "aiohttp")):
            raise DrumsortError(
                f"{url} cannot be read: install drumsort with its 'cloud' extra."
            ) from error
        raise DrumsortError(f"{url} cannot be read: {error}.") from error
    except Exception as error:  # each kind of store has its own
        raise DrumsortError(f"{url} cannot be reached: {error}.") from error


def _by_obstore(scheme: str) -> Any:
    from obstore.fsspec import FsspecStore

    how: dict[str, Any] = {
        "retry_config": {"max_retries": 0},  # ``_patiently`` asks again
        "client_options": {
            "allow_http": True,
            "connect_timeout": _CONNECT,
            "timeout": f"{_TO_WRITE:.0f}s",  # ``_patiently`` waits less for what is read
        },
    }
    if scheme == "s3":
        how |= _as_aws_does()
    store: Any = FsspecStore
    return store(scheme, skip_instance_cache=True, **how)


def _as_aws_does() -> dict[str, Any]:
    """Credentials as AWS's own tools find them; without any, as the public."""
    try:
        from obstore.auth.boto3 import Boto3CredentialProvider
    except ImportError:
        return {}  # from the environment, or the machine
    try:
        return {"credential_provider": Boto3CredentialProvider()}
    except ValueError:
        return {"skip_signature": True}


def _submit(task: Coroutine[Any, Any, T]) -> "Future[T]":
    import fsspec.asyn

    return asyncio.run_coroutine_threadsafe(task, fsspec.asyn.get_loop())


@cache
def _slots(depth: int) -> asyncio.Semaphore:
    return asyncio.Semaphore(1 if depth else IN_FLIGHT)


@cache
def _one(depth: int) -> ThreadPoolExecutor:
    """Where stores are asked that answer one request at a time."""
    return ThreadPoolExecutor(1)
