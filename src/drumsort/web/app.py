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
    by_ear,
    collections,
    corrections,
    files,
    folders,
    jobs,
    keywords,
    kits,
    quitting,
    scans,
    searching,
    settings,
    slicing,
    sorts,
    sounds,
    steps,
    teach,
)
from drumsort.web.protocol.endpoints import ENDPOINTS
from drumsort.web.protocol.fields import Params
from drumsort.web.request import body, read
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
    "POST /api/similar": by_ear.search,
    "POST /api/beat": by_ear.beat,
    "GET /api/sounds/{id}/loop": slicing.opened,
    "GET /api/sounds/{id}/loop/outline": slicing.outline,
    "GET /api/sounds/{id}/loop/samples": slicing.samples,
    "GET /api/sounds/{id}/loop/snap": slicing.snap,
    "POST /api/sounds/{id}/loop/hits": slicing.hear_hits,
    "POST /api/sounds/{id}/loop/keep": slicing.keep,
    "GET /api/sounds/{id}/file": files.file,
    "GET /api/files": files.archive,
    "POST /api/paths": files.paths,
    "POST /api/show": files.show,
    "POST /api/export": files.export,
    "GET /api/find": searching.find,
    "GET /api/language": searching.language,
    "GET /api/waveforms": audio.waveforms,
    "GET /api/tree": folders.tree,
    "POST /api/scan": scans.begin,
    "POST /api/stop": jobs.stop,
    "POST /api/correct": corrections.correct,
    "POST /api/corrections/undo": corrections.undo,
    "POST /api/kit": kits.make,
    "POST /api/undo": steps.undo,
    "POST /api/redo": steps.redo,
    "GET /api/teach": teach.teaching,
    "GET /api/teach/changes": teach.changes,
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
    "GET /api/keywords/sounds": keywords.sounds,
    "POST /api/keywords/among": keywords.among,
    "POST /api/keywords/add": keywords.add,
    "POST /api/keywords/remove": keywords.remove,
    "POST /api/hidden/add": keywords.hide,
    "POST /api/hidden/remove": keywords.show,
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
            text = await body(request)
        except Refused as refused:
            return failed(refused.status, refused.sentence)
        return await _respond(lambda: handler(context, read(request, text, params)))

    return serve


async def _respond(work: Callable[[], Any]) -> Response:
    """Do it in a thread, so that nobody waits for another's disk."""
    return await run_in_threadpool(_response, work)


def _response(work: Callable[[], Any]) -> Response:
    """What came of it; errors become JSON here, since one that leaves a thread is kept for long."""
    try:
        found = work()
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
