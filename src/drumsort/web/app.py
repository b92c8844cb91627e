"""Which function answers which request."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drumsort.errors import AudioError, CatalogError, DrumsortError
from drumsort.web import changes, collected, scans, sorts, sound, sounds, teach, tree
from drumsort.web.answers import Refused, as_json, failed
from drumsort.web.asked import Asked
from drumsort.web.built import built
from drumsort.web.events import events
from drumsort.web.studio import Studio

Answer = Callable[[Studio, Asked], Response]

_GET: dict[str, Answer] = {
    "/api/state": sounds.state,
    "/api/sounds": sounds.page,
    "/api/changes": sounds.changes,
    "/api/sounds/{id}": sounds.details,
    "/api/sounds/{id}/audio": sound.audio,
    "/api/sounds/{id}/spectrogram": sound.spectrogram,
    "/api/sounds/{id}/similar": sounds.similar,
    "/api/waveforms": sound.waveforms,
    "/api/tree": tree.folders,
    "/api/teach": teach.taught,
    "/api/sort/history": sorts.history,
    "/api/collections/{id}": collected.one,
}
_POST: dict[str, Answer] = {
    "/api/scan": scans.begin,
    "/api/stop": scans.stop,
    "/api/correct": changes.correct,
    "/api/corrections/undo": changes.undo,
    "/api/teach/classes": teach.add,
    "/api/teach/forget": teach.forget,
    "/api/teach/try": teach.learn,
    "/api/teach/use": teach.use,
    "/api/sort/plan": sorts.plan,
    "/api/sort/apply": sorts.apply,
    "/api/sort/undo": sorts.undo,
    "/api/sort/resume": sorts.resume,
    "/api/collections": collected.make,
    "/api/collections/{id}/add": collected.add,
    "/api/collections/{id}/remove": collected.remove,
    "/api/collections/{id}/rename": collected.rename,
    "/api/collections/{id}/delete": collected.delete,
    "/api/collections/{id}/export": collected.exported,
}


def app(studio: Studio) -> Starlette:
    """All that the page may ask for."""

    async def told(request: Request) -> Response:
        return events(studio)

    def ended(studio: Studio, asked: Asked) -> Response:
        studio.quit()
        return as_json({})

    return Starlette(
        routes=[
            *(Route(path, _answered(studio, work)) for path, work in _GET.items()),
            *(
                Route(path, _answered(studio, work), methods=["POST"])
                for path, work in {**_POST, "/api/quit": ended}.items()
            ),
            Route("/api/events", told),
            Route("/{file:path}", _answered(studio, built)),
        ],
        exception_handlers={HTTPException: _refused_by_route},
    )


def _answered(studio: Studio, work: Answer) -> Callable[[Request], Awaitable[Response]]:
    """Answer in a thread, so that nobody waits for a disk that is not his; errors as JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(work, studio, await Asked.of(request))
        except Refused as refused:
            return failed(refused.status, refused.sentence)
        except AudioError as error:
            return failed(410, str(error))
        except CatalogError as error:
            return failed(500, str(error))
        except DrumsortError as error:
            return failed(400, str(error))
        except OSError as error:
            return failed(500, f"The disk says: {error}.")
        except Exception as error:  # no page hangs because of a mistake of ours
            return failed(500, f"Something unexpected went wrong: {error!r}.")

    return answer


async def _refused_by_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = {404: "There is no such page.", 405: "That cannot be asked for in this way."}
    answer = failed(error.status_code, sentence.get(error.status_code, "That cannot be done."))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
