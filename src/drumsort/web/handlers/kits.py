"""A kit of sounds that go together."""

import numpy as np

from drumsort.web.context import Context
from drumsort.web.protocol.kits import Kit, MakeKit
from drumsort.web.request import Request
from drumsort.workflows.make_kit import make_kit


def make(context: Context, request: Request[MakeKit]) -> Kit:
    """Choose a sound for each pad."""
    params, now = request.params, context.sounds.snapshot()
    values, labels = now.sounds.values, now.codes.labels
    kept = {pad: number for pad, number in enumerate(params.kept) if number is not None}
    rows = np.arange(len(now.sounds))
    if params.ids is not None:
        rows = np.flatnonzero(np.isin(values["id"], [*params.ids, *kept.values()]))
    columns = (values[name][rows].tolist() for name in ("id", "label", "loudness"))
    sounds = ((number, labels[code], loud) for number, code, loud in zip(*columns, strict=True))
    with context.catalog() as catalog:
        return Kit(make_kit(catalog, sounds, kept, params.seed))
