"""Corrections, made and taken back."""

from drumsort.catalog.ids import ids_of_sounds
from drumsort.teaching.corrections import Corrections
from drumsort.web.context import Context
from drumsort.web.protocol.fields import MOST_FAILURES, Changed, Nothing
from drumsort.web.protocol.teaching import Correct, TakenBack
from drumsort.web.request import Request

_GONE = "A sound is not in the catalog any more."


def correct(context: Context, request: Request[Correct]) -> Changed:
    """Say what sounds are."""
    ids, label = request.params.ids, request.params.label
    with context.sounds.changing() as change:
        changed = Corrections(change.catalog).correct_all(ids, label)
    context.sounds.relabel(ids)
    failures = [_GONE] * min(len(ids) - changed, MOST_FAILURES)
    return Changed(context.sounds.version, change.step, changed, failures)


def undo(context: Context, request: Request[Nothing]) -> TakenBack:
    """Take back the last corrections, of whatever visit."""
    with context.sounds.changing() as change:
        taken_back = Corrections(change.catalog).undo()
        alike = ids_of_sounds(change.catalog, (one.audio_hash for one in taken_back))
    if alike:
        context.sounds.relabel(alike)
    return TakenBack(context.sounds.version, change.step, len(taken_back))
