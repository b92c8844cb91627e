"""All sounds: the state of things, pages of columns, what is known of one, and what is like it."""

from pathlib import Path
from typing import Any

from starlette.responses import Response

from drumsort.alike.similar import Neighbours
from drumsort.analysis import note
from drumsort.catalog import Entry
from drumsort.catalog.collections import Collections
from drumsort.catalog.ids import id_of
from drumsort.catalog.lessons import in_use
from drumsort.teaching.corrections import Corrections
from drumsort.web import teach
from drumsort.web.answers import Refused, as_bytes, as_json, shown
from drumsort.web.asked import Asked
from drumsort.web.collected import as_dict
from drumsort.web.pages import packed
from drumsort.web.studio import Studio

MOST_ROWS = 100_000
"""Of one page."""

MOST_EXACT = 2**53 - 1
"""Of a number that the page holds."""


def state(studio: Studio, asked: Asked) -> Response:
    """``GET /api/state``."""
    now, job = studio.shelf.now(0), studio.jobs.job
    with studio.catalog() as catalog:
        corrections = len(Corrections(catalog).all())
        lesson = in_use(catalog)
        collections = [as_dict(collection) for collection in Collections(catalog).all()]
    return as_json(
        {
            "catalog": shown(studio.path),
            "version": now.version,
            "count": now.total,
            "model": studio.bundle.name,
            "policy": "balanced",
            "folders": [shown(root) for root in now.roots],
            "families": [
                {"name": name, "labels": labels, **({"own": True} if name in now.codes.own else {})}
                for name, labels in now.codes.families.items()
            ],
            "job": job.as_dict() if job else None,
            "corrections": corrections,
            "lesson": teach.as_dict(lesson) if lesson else None,
            "collections": collections,
        }
    )


def page(studio: Studio, asked: Asked) -> Response:
    """``GET /api/sounds``."""
    offset = asked.number("offset", 0, 0, 0xFFFFFFFF)
    limit = asked.number("limit", 20_000, 1, MOST_ROWS)
    now = studio.shelf.now(offset + limit)
    rows = now.sounds.rows(slice(offset, offset + limit))
    facts = {"version": now.version, "total": now.total, "offset": offset}
    return as_bytes(packed(rows, now.codes, facts))


def changes(studio: Studio, asked: Asked) -> Response:
    """``GET /api/changes``."""
    now = studio.shelf.now()
    rows = now.since(asked.number("since", 0, 0, MOST_EXACT))
    facts = {"version": now.version, "total": now.total, "offset": 0, "whole": rows is None}
    sounds = now.sounds if rows is None else now.sounds.rows(rows)
    return as_bytes(packed(sounds, now.codes, facts))


def details(studio: Studio, asked: Asked) -> Response:
    """``GET /api/sounds/ID``."""
    with studio.catalog() as catalog:
        entry = studio.entry(catalog, asked.id())
        collections = Collections(catalog).of(entry.path)
    return as_json({"id": asked.id(), **_details(entry), "collections": collections})


def similar(studio: Studio, asked: Asked) -> Response:
    """``GET /api/sounds/ID/similar``."""
    family = asked.query.get("family") or None
    with studio.catalog() as catalog:
        entry = studio.entry(catalog, asked.id())
        said, facts = entry.prediction, entry.facts
        if said is None or facts is None or said.embedding is None or entry.model is None:
            raise Refused(400, f"Nothing is known of what sounds like {shown(entry.path)}.")
        found = Neighbours(catalog, entry.model).nearest(
            said.embedding, asked.number("n", 20, 1, 500), family, without=facts.audio_hash
        )
        numbered = [(id_of(catalog, other.path), similarity) for other, similarity in found]
    return as_json(
        [
            {"id": number, "similarity": round(similarity, 4)}
            for number, similarity in numbered
            if number is not None
        ]
    )


def _details(entry: Entry) -> dict[str, Any]:
    said, facts = entry.verdict, entry.facts
    known: dict[str, Any] = {
        "name": shown(Path(entry.path.name)),
        "path": shown(entry.path),
        "pack": shown(Path(entry.pack)),
        "size": entry.size,
        "missing": entry.missing,
        "correction": entry.correction,
    }
    if facts is not None:
        measured = facts.analysis
        known |= {
            "duration": facts.duration,
            "rate": facts.rate,
            "channels": facts.channels,
            "format": facts.format,
            "loudness_db": measured.loudness_db,
            "peak_db": measured.peak_db,
            "onset_s": measured.onset_s,
            "brightness_hz": measured.brightness_hz,
            "pitch_hz": entry.pitch_hz,
            "note": note(entry.pitch_hz) if entry.pitch_hz else None,
        }
    if said is not None:
        known |= {
            "family": said.family,
            "label": said.label,
            "guess": said.raw,
            "confidence": said.confidence,
            "scores": said.scores,
            "reason": said.reason,
        }
    elif entry.error:
        known["reason"] = entry.error
    return known
