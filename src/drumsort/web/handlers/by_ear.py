"""Find sounds by one that the page sends: a file that was dropped, a recording, a beat."""

import binascii
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from drumsort.alike.aspects import parsed
from drumsort.catalog import Catalog, Entry
from drumsort.catalog.ids import id_of
from drumsort.errors import AudioError
from drumsort.web.context import Context
from drumsort.web.protocol.by_ear import (
    MOST_BYTES,
    BeatHit,
    HeardBeat,
    HeardSound,
    KindSounds,
    SentSound,
)
from drumsort.web.protocol.sounds import Similar
from drumsort.web.request import Request
from drumsort.web.response import Refused


def search(context: Context, request: Request[SentSound]) -> HeardSound:
    """Find the sounds that are most like one from outside."""
    params = request.params
    by, content = parsed(params.by), _content(params)
    with _hearing(), context.catalog() as catalog:
        heard = context.by_ear.sound(
            catalog, content, params.name, params.n, by, recorded=params.recorded
        )
        similar = [
            Similar(number, round(similarity, 4))
            for entry, similarity in heard.nearest
            for number in _ids(catalog, [entry])
        ]
    said = heard.result.prediction
    assert said is not None
    return HeardSound(said.family, said.label, round(said.confidence, 4), similar)


def beat(context: Context, request: Request[SentSound]) -> HeardBeat:
    """Take a beat of the mouth apart, and find a drum for each kind of hit."""
    params = request.params
    content = _content(params)
    with _hearing(), context.catalog() as catalog:
        heard = context.by_ear.beat(catalog, content, params.name, params.n)
        sounds = [
            KindSounds(kind, list(_ids(catalog, entries))) for kind, entries in heard.sounds.items()
        ]
    steps = heard.grid.steps if heard.grid else [None] * len(heard.hits)
    hits = [
        BeatHit(hit.kind, round(hit.start, 4), hit.soft, step)
        for hit, step in zip(heard.hits, steps, strict=True)
    ]
    return HeardBeat(hits, sounds, heard.grid.tempo if heard.grid else None)


def _ids(catalog: Catalog, entries: Iterable[Entry]) -> Iterator[int]:
    for entry in entries:
        number = id_of(catalog, entry.path)
        if number is not None:
            yield number


@contextmanager
def _hearing() -> Iterator[None]:
    """What cannot be heard is a bad request: no file of the library is gone."""
    try:
        yield
    except AudioError as error:
        raise Refused(400, str(error)) from error


def _content(params: SentSound) -> bytes:
    try:
        content = binascii.a2b_base64(params.content, strict_mode=True)
    except ValueError as error:
        raise Refused(400, "'content' must be base64.") from error
    if not content:
        raise Refused(400, f"There is nothing in {params.name}.")
    if len(content) > MOST_BYTES:
        raise Refused(413, f"{params.name} is larger than {MOST_BYTES >> 20} MiB.")
    return content
