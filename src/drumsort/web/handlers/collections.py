"""Collections: lists of sounds that a person keeps, and what is made of them."""

from collections.abc import Callable, Iterable

from drumsort.catalog import Catalog, collections
from drumsort.catalog.collections import Collections
from drumsort.catalog.ids import ids_of, same_sounds, unheard
from drumsort.errors import QueryError
from drumsort.web.context import Context
from drumsort.web.handlers.files import as_said
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.protocol.collections import (
    Collected,
    Collection,
    CollectionName,
    CollectionSounds,
    Export,
    KeptCollection,
    SavedQuery,
)
from drumsort.web.protocol.fields import MOST_FAILURES, Nothing, Selected, Stepped
from drumsort.web.protocol.jobs import Job
from drumsort.web.request import Request, in_full
from drumsort.web.response import Refused, printable
from drumsort.workflows.export_collection import export_collection

Put = Callable[[Collections, int, Iterable[int]], None]


def make(context: Context, request: Request[CollectionName]) -> KeptCollection:
    """Make an empty collection."""
    with context.sounds.changing() as change:
        made = Collections(change.catalog).make(request.params.name)
    return KeptCollection(made.number, made.name, made.count, made.query, made.kit, change.step)


def save(context: Context, request: Request[SavedQuery]) -> KeptCollection:
    """Save a query as a smart collection."""
    query = request.params.query.strip()
    if not query:
        raise Refused(400, "The query is empty: say which sounds you mean.")
    try:
        count = len(context.searching.answer(query).ids)
    except QueryError as error:
        raise Refused(400, f"{error.sentence}.") from error
    with context.sounds.changing() as change:
        made = Collections(change.catalog).save(request.params.name, query)
    return KeptCollection(made.number, made.name, count, made.query, made.kit, change.step)


def add(context: Context, request: Request[Selected]) -> Collected:
    """Put sounds in."""
    return _changed(context, request, Collections.add_all)


def remove(context: Context, request: Request[Selected]) -> Collected:
    """Take sounds out."""
    return _changed(context, request, Collections.remove_all)


def rename(context: Context, request: Request[CollectionName]) -> KeptCollection:
    """Give a collection another name."""
    with context.sounds.changing() as change:
        number = existing(change.catalog, request.id)
        now = Collections(change.catalog).rename(number, request.params.name)
    count = now.count if now.query is None else None
    return KeptCollection(now.number, now.name, count, now.query, now.kit, change.step)


def delete(context: Context, request: Request[Nothing]) -> Stepped:
    """Delete a collection; its sounds stay."""
    with context.sounds.changing() as change:
        Collections(change.catalog).delete(existing(change.catalog, request.id))
    return Stepped(context.sounds.version, change.step)


def one(context: Context, request: Request[Nothing]) -> CollectionSounds:
    """List the sounds of a collection."""
    with context.catalog() as catalog:
        number = existing(catalog, request.id)
        kept = Collections(catalog).get(number)
        if kept.query is not None:
            return _found(context, kept, kept.query)
        files, lost = Collections(catalog).files(number)
        ids = ids_of(catalog, files)
        copies = sorted({*same_sounds(catalog, ids)} - {*ids})
    return CollectionSounds(number, kept.name, ids, copies, len(lost), False, False)


def export(context: Context, request: Request[Export]) -> Job:
    """Make a folder, an archive or an instrument of a collection."""
    into, kind = in_full(request.params.into, "export into"), request.params.kind
    with context.catalog() as catalog:
        number = existing(catalog, request.id)

    def work(control: Control) -> tuple[str, Iterable[str]]:
        progress = JobProgress(control)
        return as_said(
            export_collection(
                number, kind, into,
                names=context.sounds.names, catalog=context.path, progress=progress,
            )
        )  # fmt: skip

    return context.jobs.begin("export", "Exporting", work)


def as_collection(context: Context, collection: collections.Collection) -> Collection:
    """A collection, as the page sees it."""
    query = collection.query
    count = collection.count if query is None else context.searching.count(query)
    return Collection(collection.number, collection.name, count, query, collection.kit)


def _found(context: Context, smart: collections.Collection, query: str) -> CollectionSounds:
    """What a smart collection finds: nothing if its query is not understood any more."""
    try:
        found = context.searching.answer(query)
    except QueryError:
        return CollectionSounds(smart.number, smart.name, [], [], 0, False, False)
    ordered, asks = bool(found.query.order), found.query.asks_hidden
    return CollectionSounds(smart.number, smart.name, found.ids.tolist(), [], 0, ordered, asks)


def _changed(context: Context, request: Request[Selected], put: Put) -> Collected:
    with context.sounds.changing() as change:
        number, kept = existing(change.catalog, request.id), Collections(change.catalog)
        before = kept.get(number).count
        put(kept, number, request.params.ids)
        now = kept.get(number)
        silent = unheard(change.catalog, request.params.ids, MOST_FAILURES)
    failures = [f"{printable(path)} could not be heard." for path in silent]
    changed = abs(now.count - before)
    return Collected(number, now.name, now.count, None, now.kit, change.step, changed, failures)


def existing(catalog: Catalog, number: int) -> int:
    """The number of a collection that there is."""
    if number not in {collection.number for collection in Collections(catalog).all()}:
        raise Refused(404, "There is no such collection.")
    return number
