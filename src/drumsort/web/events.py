"""What happens, told to the page as it happens (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from drumsort.web.context import Context
from drumsort.web.response import encoded

_SECONDS = 0.1
_SILENCE = 150  # rounds without an event, after which an empty line keeps the connection open


def stream(context: Context) -> StreamingResponse:
    """Send ``protocol.endpoints.EVENTS`` until the server ends."""
    return StreamingResponse(_events(context), media_type="text/event-stream")


async def _events(context: Context) -> AsyncIterator[bytes]:
    job, version, said, silence = None, -1, -1, 0
    while not context.ended.is_set():
        silence += 1
        if context.jobs.job is not job:
            job, silence = context.jobs.job, 0
            yield _event("job", encoded(job))
        if context.sounds.version != version:
            version, silence = context.sounds.version, 0
            yield _event("version", encoded(version))
        if context.sounds.said != said:
            said, silence = context.sounds.said, 0
            yield _event("said", encoded(said))
        if silence >= _SILENCE:
            silence = 0
            yield b":\n\n"
        await asyncio.sleep(_SECONDS)


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
