"""Names against sounds: only what is sure, strongest first, never what a person named."""

import pytest

from drumsort import Catalog, check_names, scan
from drumsort.errors import CatalogError

from ..small_library import correct, write


@pytest.fixture
def misnamed(tmp_path, place):
    """Two names that lie, one that does not, one that says nothing, one that says two things."""
    folder = tmp_path / "Samples"
    sounds = (
        ("Snares/01.wav", "kick"),
        ("Hats/kick 1.wav", "closed_hat"),
        ("Hats/hat 1.wav", "closed_hat"),
        ("sound 1.wav", "kick"),
        ("kick snare.wav", "closed_hat"),
    )
    for seed, (name, label) in enumerate(sounds):
        write(folder / name, label, seed)
    scan(folder, catalog=place)
    return place


def test_names_that_contradict_the_sound_are_found(misnamed):
    with Catalog(misnamed) as catalog:
        found = check_names(catalog, policy="everything")
        sounds = catalog.entries(policy="everything", names="ignore")
        heard = {e.path: e.prediction for e in sounds}
    assert {(c.path.name, c.named, c.heard) for c in found} == {
        ("01.wav", "snare", "kick"),
        ("kick 1.wav", "kick", "hat"),
    }
    assert [c.strength for c in found] == sorted((c.strength for c in found), reverse=True)
    for one in found:
        scores = heard[one.path].scores
        named = {"snare": ("snare", "rim"), "kick": ("kick",)}[one.named]
        assert one.strength == pytest.approx(one.confidence - sum(scores[x] for x in named))
    assert {c.reason for c in found} == {"'snares'", "'kick'"}


def test_a_folder_limits_it_and_counts_once(misnamed, tmp_path):
    samples = tmp_path / "Samples"
    with Catalog(misnamed) as catalog:
        found = check_names(catalog, [samples / "Hats", samples / "Hats"], policy="everything")
    assert [c.path.name for c in found] == ["kick 1.wav"]


def test_a_folder_that_was_never_scanned_is_named(misnamed, tmp_path):
    with Catalog(misnamed) as catalog, pytest.raises(CatalogError, match=r"no sound in .*Hots"):
        check_names(catalog, [tmp_path / "Samples" / "Hots"])


def test_what_a_person_named_is_left_out(misnamed):
    correct(misnamed, "kick")
    with Catalog(misnamed) as catalog:
        assert check_names(catalog, policy="everything") == []
