"""What happens, told to the page as it happens (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from drumsort.web.context import Context
from drumsort.web.protocol.jobs import Job
from drumsort.web.response import encoded

_SECONDS = 0.1
_SILENCE = 150  # rounds without an event, after which an empty line keeps the connection open


def stream(context: Context) -> StreamingResponse:
    """Send ``protocol.endpoints.EVENTS`` until the server ends."""
    return StreamingResponse(_events(context), media_type="text/event-stream")


async def _events(context: Context) -> AsyncIterator[bytes]:
    sent: dict[str, Job | int | None] = {}
    silence = 0
    while not context.ended.is_set():
        silence += 1
        job, sounds = context.jobs.job, context.sounds
        for name, now in (("job", job), ("version", sounds.version), ("said", sounds.said)):
            if name not in sent or sent[name] != now:
                sent[name], silence = now, 0
                yield _event(name, encoded(now))
        if silence >= _SILENCE:
            silence = 0
            yield b":\n\n"
        await asyncio.sleep(_SECONDS)


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
