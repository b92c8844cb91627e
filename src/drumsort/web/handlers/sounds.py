"""The state of the server, pages of sounds, what is known of one sound, and what is like it."""

import os
from pathlib import Path
from typing import Any

import msgspec
from starlette.responses import Response

from drumsort.alike.aspects import parsed
from drumsort.alike.similar import Neighbours, Sound
from drumsort.analysis import note
from drumsort.catalog import Entry
from drumsort.catalog.collections import Collections
from drumsort.catalog.hidden import Hidden, hidden_ids
from drumsort.catalog.ids import id_of
from drumsort.catalog.keywords import Keywords
from drumsort.catalog.lessons import in_use
from drumsort.teaching.corrections import Corrections
from drumsort.web.context import Context
from drumsort.web.handlers.collections import as_collection
from drumsort.web.handlers.teach import as_lesson
from drumsort.web.packing import packed, packed_places
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.keywords import HiddenPacks, Keyword
from drumsort.web.protocol.sounds import Details, Family, Nearest, Rows, Similar, Since, State
from drumsort.web.request import Request
from drumsort.web.response import Refused, bytes_response, printable


def state(context: Context, request: Request[Nothing]) -> State:
    """Say what the page shows around the sounds."""
    now = context.sounds.snapshot(0)
    with context.catalog() as catalog:
        corrections = Corrections(catalog).count()
        lesson = in_use(catalog)
        collections = [as_collection(context, one) for one in Collections(catalog).all()]
        keywords = [Keyword(one.name, one.count) for one in Keywords(catalog).all()]
        packs = [printable(Path(os.fsdecode(pack))) for pack in Hidden(catalog).packs()]
    return State(
        catalog=printable(context.path),
        version=now.version,
        count=now.total,
        model=context.bundle.name,
        policy="balanced",
        folders=[printable(root) for root in now.roots],
        families=[
            Family(name, tuple(labels), own=True if name in now.codes.own else msgspec.UNSET)
            for name, labels in now.codes.families.items()
        ],
        job=context.jobs.job,
        corrections=corrections,
        lesson=as_lesson(lesson) if lesson else None,
        collections=collections,
        keywords=keywords,
        hidden=HiddenPacks(int(now.sounds.values["hidden"].sum()), packs),
    )


def page(context: Context, request: Request[Rows]) -> Response:
    """Give some rows of all sounds."""
    offset, limit = request.params.offset, request.params.limit
    now = context.sounds.snapshot(offset + limit)
    rows = now.sounds.rows(slice(offset, offset + limit))
    return bytes_response(packed(rows, now, offset=offset))


def places(context: Context, request: Request[Nothing]) -> Response:
    """Give what the map needs of all sounds."""
    return bytes_response(packed_places(context.sounds.snapshot()))


def changes(context: Context, request: Request[Since]) -> Response:
    """Give the rows that changed since a version, or all of them."""
    now = context.sounds.snapshot()
    rows = now.since(request.params.since)
    sounds = now.sounds if rows is None else now.sounds.rows(rows)
    return bytes_response(packed(sounds, now, whole=rows is None))


def details(context: Context, request: Request[Nothing]) -> Details:
    """Say what is known of a sound."""
    with context.catalog() as catalog:
        entry = context.entry(catalog, request.id)
        collections = Collections(catalog).of(entry.path)
        keywords = Keywords(catalog).of(entry.path)
        hidden = request.id in hidden_ids(catalog)
    return Details(
        id=request.id,
        name=printable(Path(entry.path.name)),
        path=printable(entry.path),
        pack=printable(Path(entry.pack)),
        size=entry.size,
        missing=entry.missing,
        correction=entry.correction,
        collections=list(collections),
        keywords=keywords,
        hidden=hidden,
        **_measured(entry),
        **_verdict(entry),
    )


def similar(context: Context, request: Request[Nearest]) -> list[Similar]:
    """Find the sounds that are most like a sound, the nearest first."""
    n, family, by = request.params.n, request.params.family or None, parsed(request.params.by)
    with context.catalog() as catalog:
        entry = context.entry(catalog, request.id)
        said, facts = entry.prediction, entry.facts
        if said is None or facts is None or said.embedding is None or entry.model is None:
            raise Refused(400, f"Nothing is known of what sounds like {printable(entry.path)}.")
        sound = Sound.of(facts, said.embedding)
        found = Neighbours(catalog, entry.model).nearest(sound, n, family, by=by)
        numbered = [(id_of(catalog, other.path), similarity) for other, similarity in found]
    return [
        Similar(number, round(float(similarity), 4))
        for number, similarity in numbered
        if number is not None
    ]


def _measured(entry: Entry) -> dict[str, Any]:
    facts = entry.facts
    if facts is None:
        return {}
    measured = facts.analysis
    return {
        "duration": facts.duration,
        "rate": facts.rate,
        "channels": facts.channels,
        "format": facts.format,
        "loudness_db": measured.loudness_db,
        "peak_db": measured.peak_db,
        "true_peak_db": measured.true_peak_db,
        "onset_s": measured.onset_s,
        "attack_s": measured.attack_s,
        "decay_s": measured.decay_s,
        "brightness_hz": measured.brightness_hz,
        "pitch_hz": entry.pitch_hz,
        "pitch_confidence": measured.pitch_confidence if entry.pitch_hz else None,
        "note": note(entry.pitch_hz) if entry.pitch_hz else None,
    }


def _verdict(entry: Entry) -> dict[str, Any]:
    said = entry.verdict
    if said is None:
        return {"reason": entry.error} if entry.error else {}
    return {
        "family": said.family,
        "label": said.label,
        "guess": said.raw,
        "confidence": said.confidence,
        "scores": dict(said.scores),
        "reason": said.reason,
        "heard": said.heard,
        "heard_confidence": said.heard_confidence,
        "named": said.named,
    }
