"""What was sliced -> a picture of it: the waveform of each file, its cuts and its labels."""

import os
from pathlib import Path

from drumsort.errors import DrumsortError, in_words
from drumsort.slicing.picture import Drawn, Lane, picture
from drumsort.taxonomy import UNSURE
from drumsort.workflows.slice import Slice, Sliced


def check_picture(path: Path) -> None:
    """Refuse a picture that could not be written, before anything is done.

    Raises:
        DrumsortError: the name has another ending, or the folder cannot be written.
    """
    if path.suffix.lower() != ".svg":
        raise DrumsortError(f"A picture ends in .svg: {path} does not.")
    if path.is_dir() or not os.access(path.absolute().parent, os.W_OK):
        raise DrumsortError(f"The picture {path} cannot be written: name a file in another folder.")


def write_picture(done: Sliced, path: Path) -> None:
    """Draw what was sliced; a file of that name is replaced.

    Raises:
        DrumsortError: it cannot be written.
    """
    lanes = []
    for sound, slices in done.by_sound().items():
        found = done.sounds[sound]
        seconds = found.length / found.rate
        hits = [_drawn(one) for one in slices]
        what = f"{sound.name}   {seconds:.2f} s, {len(hits)} hits"
        lanes.append(Lane(what, seconds, found.outline, hits))
    try:
        path.write_text(picture(lanes), encoding="utf-8", newline="\n")
    except OSError as error:
        raise DrumsortError(in_words(error)) from error


def _drawn(one: Slice) -> Drawn:
    verdict = one.result.prediction
    assert verdict is not None
    label = f"{verdict.raw}?" if verdict.label == UNSURE else verdict.label
    if one.like:
        label = f"= {one.like[0]}"
    text = f"{one.number} {label}"
    return Drawn(one.start, one.start + one.length, text, verdict.family, one.target is not None)
