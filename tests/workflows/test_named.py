"""Names count alike however a verdict is asked for; to count otherwise takes no new hearing."""

import pytest

from drumsort import Catalog, classify, scan
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import columns
from drumsort.catalog.ids import id_of
from drumsort.catalog.reads import entries_of
from drumsort.catalog.sortable import sortable
from drumsort.errors import DrumsortError
from drumsort.taxonomy import UNSURE
from drumsort.types import Terms
from drumsort.workflows.refile import refile
from drumsort.workflows.sort import sort

from ..small_library import write


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A snare and a hat that are named so, a kick that is named snare, and one without a name."""
    top = tmp_path_factory.mktemp("library") / "Samples"
    write(top / "Drums" / "snare.wav", "snare", 1)
    write(top / "Hats" / "x.wav", "closed_hat", 1)
    write(top / "One" / "Snares" / "y.wav", "kick", 2)
    write(top / "Two" / "z.wav", "kick", 3)
    return top


@pytest.mark.parametrize("names", ["hint", "ignore", "trust"])
def test_all_ways_to_a_verdict_count_names_alike(library, tmp_path, names, heard):
    """``classify`` and ``sort`` of the folder, and a catalog that was scanned once."""
    with Catalog(tmp_path / "catalog.db") as catalog:
        scan(library, catalog=catalog)
        heard.clear()
        by_path = {r.path: r.prediction for r in classify(library, names=names, catalog=catalog)}
        done = sort(library, tmp_path / "Out", dry_run=True, catalog=catalog, names=names)
        assert {r.path: r.prediction for r in done.results} == by_path
        assert {e.path: e.prediction for e in catalog.entries(names=names)} == by_path
        codes = Codes.of(catalog)
        found = columns(catalog, codes, names=names).values
        ids = {id_of(catalog, path): said for path, said in by_path.items()}
        for number, family, label in zip(
            *(found[name].tolist() for name in ("id", "family", "label")), strict=True
        ):
            assert tuple(codes.families)[family] == ids[number].family
            assert codes.labels[label] == ids[number].label
        assert {r.path: r.family for r in sortable(catalog, names=names)} == {
            path: said.family for path, said in by_path.items()
        }
        if names == "hint":
            assert {
                e.path: e.prediction for e in entries_of(catalog, list(by_path), "balanced")
            } == (by_path)
        assert heard == []
    families = {path.name: said.family for path, said in by_path.items()}
    assert families["y.wav"] == {"hint": UNSURE, "ignore": "kick", "trust": "snare"}[names]
    named = {"snare.wav": "snare", "x.wav": "hat", "y.wav": "snare", "z.wav": ""}
    assert {path.name: said.named for path, said in by_path.items()} == (
        dict.fromkeys(named, "") if names == "ignore" else named
    )
    assert {said.heard for path, said in by_path.items() if path.name in "y.wav z.wav"} == {"kick"}


def test_a_sort_by_other_names_refiles_and_each_sort_keeps_its_own(library, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    out = tmp_path / "Out"

    def where():
        return next(path.parent.relative_to(out).as_posix() for path in out.rglob("y.wav"))

    sort(library, out, catalog=False, names="trust")
    assert where() == "snare"
    refile(out, catalog=False)
    assert where() == "snare"
    refile(out, Terms(names="ignore"), catalog=False)
    assert where() == "kick"
    sort(library, out, catalog=False)
    assert where().startswith("_unsure/")
    with pytest.raises(DrumsortError, match="choose hint, ignore, trust"):
        sort(library, out, catalog=False, names="?")
