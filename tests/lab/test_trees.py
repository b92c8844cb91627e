"""The folders that labelled sounds come from, and the company that they keep there."""

import numpy as np
import pytest

from drumsort.lab.data.rows import Row
from drumsort.lab.targets import Targets
from drumsort.lab.trees import Trees, in_company

TARGETS = Targets({"kick": ("kick",), "hat": ("closed_hat",), "other": ("other",)})


def row(origin, source="maker/pack"):
    return Row("x.flac", "kick", "kick", "g1", source=source, origin=origin)


@pytest.mark.parametrize(
    ("origin", "folder", "stem"),
    [
        ("maker/pack@1a:Kicks/Kick 01.wav", "maker/pack@1a:Kicks", "kick #.wav"),
        ("maker/pack@1a:Kicks/Kick 12.WAV", "maker/pack@1a:Kicks", "kick #.wav"),
        ("maker/pack@1a:a/b/c.flac", "maker/pack@1a:a/b", "c.flac"),
    ],
)
def test_a_path_says_its_folder_and_its_series(origin, folder, stem):
    assert Trees.of([row(origin)]) == Trees([0], [folder], [stem])


@pytest.mark.parametrize(
    "unknown",
    [row(""), row("soundfont:36"), row("a/b@1:Kicks/01.wav", source="freesound-oneshot")],
)
def test_where_no_folder_is_known_there_is_no_tree(unknown):
    assert Trees.of([unknown]) == Trees([], [], [])


def test_company_changes_only_those_that_have_some():
    hats = [row(f"maker/pack@1a:Hats/Hat {i:02}.wav") for i in range(12)]
    alone = [row("maker/pack@1a:Hats 2/Hat.wav"), row("")]
    said = np.tile(np.float32([0.04, 0.92, 0.04]), (14, 1))
    said[11:] = [0.5, 0.4, 0.1]
    heard = in_company(TARGETS, said, [*hats, *alone])
    assert heard[11].argmax() == 1
    assert np.array_equal(heard[12:], said[12:])
    assert said[11].argmax() == 0  # what was given stays as it is


def test_sounds_of_no_tree_stay_as_they_are():
    said = np.float32([[0.2, 0.7, 0.1]])
    assert np.array_equal(in_company(TARGETS, said, [row("")]), said)
