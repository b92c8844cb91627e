"""What a network tells apart, from a recipe or from the data."""

import pytest
import torch

from drumsort.errors import DataError
from drumsort.lab.data.rows import Row
from drumsort.lab.targets import Targets
from drumsort.taxonomy import FAMILIES, LABELS


def row(label, family=None):
    return Row(f"{label}.wav", label, family or label, "g")


ROWS = [row("kick"), row("closed_hat", "hat"), row("hihat", "hat"), row("Zap")]
TAXONOMY = Targets.of("taxonomy", [])


def test_classes_are_those_of_the_data_or_of_the_recipe():
    assert Targets.of(None, ROWS).families == {"Zap": ("Zap",), "hat": ("hat",), "kick": ("kick",)}
    assert Targets.of(("kick", "Zap"), ROWS).labels == ("kick", "Zap")
    assert TAXONOMY.labels == LABELS
    with pytest.raises(DataError, match="only 1 class"):
        Targets.of(None, ROWS[:1])


@pytest.mark.parametrize(
    ("sound", "labels"),
    [
        (row("kick"), ("kick",)),
        (row("closed_hat", "hat"), ("closed_hat",)),
        (row("closed_hat"), ("closed_hat",)),  # from a class folder
        (row("hihat", "hat"), FAMILIES["hat"]),
        (row("hat"), FAMILIES["hat"]),
        (row("snare"), ("snare",)),
        (row("percussion"), FAMILIES["percussion"]),
        (row("loop", "other"), ("loop",)),
    ],
)
def test_a_label_known_in_part_may_be_any_of_its_family(sound, labels):
    assert TAXONOMY.possible(sound) == tuple(labels)
    assert labels[0] in FAMILIES[TAXONOMY.family(sound)]


def test_without_labels_the_family_is_told_apart():
    targets = Targets.of(None, ROWS)
    assert [targets.possible(r) for r in ROWS] == [("kick",), ("hat",), ("hat",), ("Zap",)]
    assert targets.mask(ROWS).tolist() == [
        [False, False, True], [False, True, False], [False, True, False], [True, False, False],
    ]  # fmt: skip


def test_an_unknown_label_is_named_with_its_file():
    with pytest.raises(DataError, match=r"Zap\.wav is labelled 'Zap', which is not one of"):
        TAXONOMY.mask(ROWS)


def test_a_label_of_another_family_is_refused():
    with pytest.raises(
        DataError, match="label 'kick' and the family 'snare', which does not belong together"
    ):
        TAXONOMY.possible(row("kick", "snare"))


def test_the_best_family_has_the_highest_sum():
    p = torch.full((1, len(LABELS)), 0.01)
    p[0, LABELS.index("kick")] = 0.3
    p[0, LABELS.index("open_hat")] = p[0, LABELS.index("closed_hat")] = 0.2
    assert TAXONOMY.families_of(p.log()).tolist() == [list(FAMILIES).index("hat")]
    assert TAXONOMY.families_of(TAXONOMY.mask([row("hihat", "hat")])).tolist() == [2]
