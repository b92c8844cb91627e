"""Kits: of sounds that go together, kept and opened again."""

import numpy as np

from drumsort.catalog import kits
from drumsort.catalog.collections import Collections
from drumsort.catalog.ids import id_of
from drumsort.web.context import Context
from drumsort.web.handlers.collections import existing
from drumsort.web.protocol.collections import KeptCollection
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.kits import KeepKit, KeptKit, Kit, MakeKit
from drumsort.web.request import Request
from drumsort.web.response import Refused
from drumsort.workflows.make_kit import make_kit


def make(context: Context, request: Request[MakeKit]) -> Kit:
    """Choose a sound for each pad."""
    params, now = request.params, context.sounds.snapshot()
    values, labels = now.sounds.values, now.codes.labels
    kept = {pad: number for pad, number in enumerate(params.kept) if number is not None}
    among = values["hidden"] == 0
    if params.ids is not None:
        among &= np.isin(values["id"], params.ids)
    rows = np.flatnonzero(among | np.isin(values["id"], [*kept.values()]))
    columns = (values[name][rows].tolist() for name in ("id", "label", "loudness"))
    sounds = ((number, labels[code], loud) for number, code, loud in zip(*columns, strict=True))
    with context.catalog() as catalog:
        return Kit(make_kit(catalog, sounds, kept, params.seed))


def keep(context: Context, request: Request[KeepKit]) -> KeptCollection:
    """Keep what is on the pads, and the beat, as a collection of its own kind."""
    given = request.params
    with context.sounds.changing() as change:
        made = kits.keep(Collections(change.catalog), given.name, given.pads, given.beat)
    return KeptCollection(made.number, made.name, made.count, made.query, made.kit, change.step)


def kept(context: Context, request: Request[Nothing]) -> KeptKit:
    """What was kept of a kit."""
    with context.catalog() as catalog:
        collections = Collections(catalog)
        found = collections.get(existing(catalog, request.id))
        kit = kits.kit_of(collections, found.number)
        if kit is None:
            raise Refused(404, f"{found.name} is no kit.")
        pads = [id_of(catalog, path) if path else None for path in kit.pads]
    return KeptKit(found.number, found.name, pads, kit.beat)
