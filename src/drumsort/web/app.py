"""Which handler serves which request."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import starlette.requests
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from drumsort.errors import AudioError, CatalogError, DrumsortError, in_words
from drumsort.web import events, static_files
from drumsort.web.context import Context
from drumsort.web.handlers import (
    audio,
    collections,
    corrections,
    folders,
    kits,
    quitting,
    scans,
    searching,
    settings,
    sorts,
    sounds,
    steps,
    teach,
)
from drumsort.web.protocol.endpoints import ENDPOINTS
from drumsort.web.protocol.fields import Params
from drumsort.web.request import read
from drumsort.web.response import Refused, failed, json_response

Handler = Callable[[Context, Any], Any]
Endpoint = Callable[[starlette.requests.Request], Awaitable[Response]]

HANDLERS: Mapping[str, Handler] = {
    "GET /api/state": sounds.state,
    "GET /api/sounds": sounds.page,
    "GET /api/places": sounds.places,
    "GET /api/changes": sounds.changes,
    "GET /api/sounds/{id}": sounds.details,
    "GET /api/sounds/{id}/audio": audio.audio,
    "GET /api/sounds/{id}/spectrogram": audio.spectrogram,
    "GET /api/sounds/{id}/similar": sounds.similar,
    "GET /api/find": searching.find,
    "GET /api/language": searching.language,
    "GET /api/waveforms": audio.waveforms,
    "GET /api/tree": folders.tree,
    "POST /api/scan": scans.begin,
    "POST /api/stop": scans.stop,
    "POST /api/correct": corrections.correct,
    "POST /api/corrections/undo": corrections.undo,
    "POST /api/kit": kits.make,
    "POST /api/undo": steps.undo,
    "POST /api/redo": steps.redo,
    "GET /api/teach": teach.teaching,
    "POST /api/teach/classes": teach.add,
    "POST /api/teach/forget": teach.forget,
    "POST /api/teach/try": teach.learn,
    "POST /api/teach/use": teach.use,
    "POST /api/sort/plan": sorts.plan,
    "POST /api/sort/apply": sorts.apply,
    "POST /api/sort/undo": sorts.undo,
    "POST /api/sort/resume": sorts.resume,
    "GET /api/sort/history": sorts.history,
    "POST /api/collections": collections.make,
    "POST /api/collections/save": collections.save,
    "GET /api/collections/{id}": collections.one,
    "POST /api/collections/{id}/add": collections.add,
    "POST /api/collections/{id}/remove": collections.remove,
    "POST /api/collections/{id}/rename": collections.rename,
    "POST /api/collections/{id}/delete": collections.delete,
    "POST /api/collections/{id}/export": collections.export,
    "POST /api/kits": kits.keep,
    "GET /api/kits/{id}": kits.kept,
    "GET /api/settings": settings.kept,
    "POST /api/settings": settings.keep,
    "POST /api/quit": quitting.quit_server,
}
"""Method and path, as in the protocol, to who serves it."""


def app(context: Context) -> Starlette:
    """Everything that the page may ask for."""

    async def stream(request: starlette.requests.Request) -> Response:
        return events.stream(context)

    async def static_file(request: starlette.requests.Request) -> Response:
        return await _respond(lambda: static_files.static_file(request.path_params["file"]))

    routes = []
    for endpoint, handler in HANDLERS.items():
        method, path = endpoint.split(" ")
        serve = _served(context, handler, ENDPOINTS[endpoint].params)
        routes.append(Route(path, serve, methods=[method]))
    return Starlette(
        routes=[
            *routes,
            Route("/api/events", stream),
            Route("/{file:path}", static_file),
        ],
        exception_handlers={HTTPException: _refused_by_route},
    )


def _served(context: Context, handler: Handler, params: type[Params]) -> Endpoint:
    async def serve(request: starlette.requests.Request) -> Response:
        try:
            checked = await read(request, params)
        except Refused as refused:
            return failed(refused.status, refused.sentence)
        return await _respond(lambda: handler(context, checked))

    return serve


async def _respond(work: Callable[[], Any]) -> Response:
    """Do it in a thread, so that nobody waits for another's disk; errors become JSON."""
    try:
        found = await run_in_threadpool(work)
        return found if isinstance(found, Response) else json_response(found)
    except Refused as refused:
        return failed(refused.status, refused.sentence)
    except AudioError as error:
        return failed(410, str(error))
    except CatalogError as error:
        return failed(500, str(error))
    except DrumsortError as error:
        return failed(400, str(error))
    except OSError as error:
        return failed(500, in_words(error))
    except Exception as error:  # a mistake of ours must not leave the page waiting
        return failed(500, f"Something unexpected went wrong: {error!r}.")


async def _refused_by_route(request: starlette.requests.Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = {404: "There is no such page.", 405: "This address does not take that method."}
    response = failed(error.status_code, sentence.get(error.status_code, "That is not possible."))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response
