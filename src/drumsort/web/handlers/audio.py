"""A sound to hear and to see: its audio, its waveform, and what the network sees of it."""

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
from starlette.responses import Response

from drumsort.audio.decode import decode
from drumsort.audio.formats import media_type
from drumsort.audio.open import open_file
from drumsort.audio.play import SECONDS, envelope, frames, wav
from drumsort.catalog import Entry
from drumsort.catalog.ids import paths_of
from drumsort.errors import AudioError
from drumsort.remote import is_url
from drumsort.web.context import Context, gone
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.sounds import Waveforms
from drumsort.web.ranges import ranged
from drumsort.web.request import Request
from drumsort.web.response import bytes_response


def audio(context: Context, request: Request[Nothing]) -> Response:
    """Give the file as it is where a browser plays it, else its audio as WAV."""
    with context.catalog() as catalog:
        entry = context.entry(catalog, request.id)
    try:
        kind = media_type(entry.facts.format) if entry.facts else None
        whole = _as_it_is(entry) if kind else None
        if kind and whole is not None:
            return ranged(whole, kind, request.headers)
        return ranged(wav(*frames(entry.path)), "audio/wav", request.headers)
    except OSError as error:
        raise gone(entry, error) from error


def spectrogram(context: Context, request: Request[Nothing]) -> Response:
    """Give the log-mel that the network sees, as one byte a value."""
    with context.catalog() as catalog:
        entry = context.entry(catalog, request.id)
    try:
        with open_file(entry.path):
            front_end = context.bundle.front_end
            mel = front_end(decode(entry.path, samples=front_end.native_samples))
    except OSError as error:
        raise gone(entry, error) from error
    grey = np.round((mel / front_end.range_db + 1) * 255).clip(0, 255).astype(np.uint8)
    shape = {"X-Mels": str(grey.shape[0]), "X-Frames": str(grey.shape[1])}
    return bytes_response(grey.tobytes(), shape)


def waveforms(context: Context, request: Request[Waveforms]) -> Response:
    """Give the outlines of sounds, one after the other."""
    points, ids = request.params.points, dict.fromkeys(request.params.ids)
    with context.catalog() as catalog:
        paths = paths_of(catalog, ids)
    return bytes_response(b"".join(_waveform(paths.get(number), points) for number in ids))


def _waveform(path: Path | None, points: int) -> bytes:
    try:
        if path is not None:
            stat = path.stat()
            return _drawn(path, stat.st_size, stat.st_mtime_ns, points)
    except (OSError, AudioError):
        pass  # it is drawn as silence; playing it says what is wrong
    return bytes(2 * points)


@lru_cache(20_000)
def _drawn(path: Path, size: int, mtime_ns: int, points: int) -> bytes:
    return envelope(frames(path)[0], points).tobytes()


def _as_it_is(entry: Entry) -> bytes | None:
    """The bytes of a file if it is still the one that was heard, short and whole, or ``None``.

    Another file under its name may be anything, so only the sound in it is ever sent.
    """
    facts = entry.facts
    if facts is None or facts.remark or facts.duration > SECONDS:
        return None
    with open_file(entry.path) as file:
        stat = entry.path.stat() if is_url(entry.path) else os.fstat(file.fileno())
        if (stat.st_size, stat.st_mtime_ns) != (entry.size, entry.mtime_ns):
            return None
        return file.read(entry.size)
