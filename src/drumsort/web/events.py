"""What happens, told to the page as it happens (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from drumsort.web.answers import encoded
from drumsort.web.studio import Studio

_SECONDS = 0.1
_SILENCE = 150  # looks after which a line without meaning keeps the connection open


def events(studio: Studio) -> StreamingResponse:
    """``GET /api/events``."""
    return StreamingResponse(_told(studio), media_type="text/event-stream")


async def _told(studio: Studio) -> AsyncIterator[bytes]:
    job, version, silence = None, -1, 0
    while not studio.ended.is_set():
        silence += 1
        if studio.jobs.job is not job:
            job, silence = studio.jobs.job, 0
            yield _event("job", encoded(job.as_dict() if job else None))
        if studio.shelf.version != version:
            version, silence = studio.shelf.version, 0
            yield _event("version", encoded(version))
        if silence >= _SILENCE:
            silence = 0
            yield b":\n\n"
        await asyncio.sleep(_SECONDS)


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
