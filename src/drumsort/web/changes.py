"""What a person says of sounds: corrections, made and taken back."""

from starlette.responses import Response

from drumsort.catalog.ids import ids_of_sounds, paths_of, same_sounds
from drumsort.teaching.corrections import Corrections
from drumsort.web.answers import as_json
from drumsort.web.asked import Asked
from drumsort.web.studio import Studio
from drumsort.workflows.correct import correct as correct_files


def correct(studio: Studio, asked: Asked) -> Response:
    """``POST /api/correct``."""
    ids, label = asked.ids(), asked.text("label")
    with studio.shelf.writing() as catalog:
        paths = paths_of(catalog, ids)
        failures = [*correct_files(paths.values(), label, catalog=catalog).failures.values()]
        alike = same_sounds(catalog, ids)
    studio.shelf.update(alike)
    failures += ["A sound is not in the catalog any more."] * (len(ids) - len(paths))
    changed = len(ids) - len(failures)
    return as_json({
        "changed": changed, "version": studio.shelf.version, "failures": failures[:100],
    })  # fmt: skip


def undo(studio: Studio, asked: Asked) -> Response:
    """``POST /api/corrections/undo``."""
    with studio.shelf.writing() as catalog:
        taken_back = Corrections(catalog).undo()
        alike = ids_of_sounds(catalog, (one.audio_hash for one in taken_back))
    if alike:
        studio.shelf.update(alike)
    return as_json({"taken_back": len(taken_back), "version": studio.shelf.version})
