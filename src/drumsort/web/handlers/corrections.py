"""Corrections, made and taken back."""

from drumsort.catalog.ids import ids_of_sounds, paths_of, same_sounds
from drumsort.teaching.corrections import Corrections
from drumsort.web.context import Context
from drumsort.web.protocol.fields import Changed, Nothing
from drumsort.web.protocol.teaching import Correct, TakenBack
from drumsort.web.request import Request
from drumsort.workflows.correct import correct as correct_files

MOST_FAILURES = 100
"""In one response."""


def correct(context: Context, request: Request[Correct]) -> Changed:
    """Say what sounds are."""
    ids, label = request.params.ids, request.params.label
    with context.sounds.writing() as catalog:
        paths = paths_of(catalog, ids)
        failures = [*correct_files(paths.values(), label, catalog=catalog).failures.values()]
        alike = same_sounds(catalog, ids)
    context.sounds.update(alike)
    failures += ["A sound is not in the catalog any more."] * (len(ids) - len(paths))
    changed = len(ids) - len(failures)
    return Changed(context.sounds.version, changed, failures[:MOST_FAILURES])


def undo(context: Context, request: Request[Nothing]) -> TakenBack:
    """Take back the last corrections."""
    with context.sounds.writing() as catalog:
        taken_back = Corrections(catalog).undo()
        alike = ids_of_sounds(catalog, (one.audio_hash for one in taken_back))
    if alike:
        context.sounds.update(alike)
    return TakenBack(context.sounds.version, len(taken_back))
