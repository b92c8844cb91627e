"""Families, labels and folders fit together."""

from drumsort.taxonomy import DAMAGED_FOLDER, FAMILIES, FOLDERS, LABELS, LOOP, NOT_A_DRUM, UNSURE

from .synth.drums import VOICES


def test_every_label_belongs_to_one_family():
    assert len(set(LABELS)) == len(LABELS) == sum(map(len, FAMILIES.values()))


def test_the_labels_of_each_family_stand_together_in_order():
    assert [label for labels in FAMILIES.values() for label in labels] == list(LABELS)


def test_every_label_can_be_synthesized():
    assert set(VOICES) == set(LABELS)


def folders():
    return [DAMAGED_FOLDER, *(FOLDERS.get(name, name) for name in (*FAMILIES, UNSURE, LOOP))]


def test_every_family_has_a_folder_of_its_own():
    assert len({name.casefold() for name in folders()}) == len(folders())
    assert "kick" in folders()


def test_what_needs_a_look_stands_first_in_a_listing():
    assert set(FOLDERS) == {UNSURE, NOT_A_DRUM, LOOP}
    assert all(name.startswith("_") for name in FOLDERS.values())
    assert sorted(folders())[:4] == sorted([*FOLDERS.values(), DAMAGED_FOLDER])


def test_unsure_is_neither_a_family_nor_a_label():
    assert UNSURE not in FAMILIES
    assert UNSURE not in LABELS
    assert NOT_A_DRUM in FAMILIES
