"""Kits are kept with their pads, whatever happens to the files."""

import shutil

import pytest

from drumsort.catalog import Catalog
from drumsort.catalog.collections import Collections
from drumsort.catalog.ids import id_of
from drumsort.catalog.kits import keep, kit_of
from drumsort.errors import DrumsortError
from drumsort.workflows.scan import scan


@pytest.fixture
def collections(scanned):
    with Catalog(scanned) as catalog:
        yield Collections(catalog)


@pytest.fixture
def pads(collections, samples):
    """Three pads of sixteen: a kick, nothing, and a hat."""
    kick, hat = samples / "Pack A/kick 1.wav", samples / "Pack A/deep/hat.wav"
    return [id_of(collections.catalog, kick), None, id_of(collections.catalog, hat)]


def test_a_kit_is_kept_and_replaced_under_its_name(collections, pads, samples):
    kit = keep(collections, "Dust", pads, "a beat")
    assert (kit.name, kit.count, kit.kit) == ("Dust", 2, True)
    found = kit_of(collections, kit.number)
    assert [path and path.name for path in found.pads] == ["kick 1.wav", None, "hat.wav"]
    assert found.beat == "a beat"
    again = keep(collections, "DUST", [pads[2], pads[2]], "another")
    assert (again.number, again.name, again.count) == (kit.number, "Dust", 1)
    hat = samples / "Pack A/deep/hat.wav"
    assert kit_of(collections, kit.number).pads == [hat, hat]
    assert [one.kit for one in collections.all()] == [False, True]
    assert kit_of(collections, 1) is None


def test_a_sound_keeps_its_pad_where_it_moves_and_leaves_it_with_the_collection(
    collections, pads, samples, scanned
):
    number = keep(collections, "Dust", pads, "").number
    moved = samples / "Pack B" / "other name.wav"
    shutil.move(samples / "Pack A/kick 1.wav", moved)
    scan(samples, catalog=scanned)
    assert kit_of(collections, number).pads[0] == moved
    collections.remove(number, [moved])
    assert kit_of(collections, number).pads == [None, None, samples / "Pack A/deep/hat.wav"]


def test_what_is_no_kit_is_not_replaced_and_nothing_is_kept_of_empty_pads(collections, pads):
    collections.make("Dust")
    with pytest.raises(DrumsortError, match="Dust is a collection, and no kit"):
        keep(collections, "dust", pads, "")
    with pytest.raises(DrumsortError, match="No sound is on the pads"):
        keep(collections, "New", [None] * 16, "")
    assert [one.name for one in collections.all()] == ["Favourites", "Dust"]
