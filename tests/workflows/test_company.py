"""A sound in its folder: the same verdict however the folder was read, and none without company."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from drumsort import Catalog, classify, scan
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import columns
from drumsort.catalog.ids import id_of
from drumsort.catalog.reads import entries_of
from drumsort.catalog.sortable import sortable
from drumsort.taxonomy import UNSURE
from drumsort.workflows.progress import Progress
from drumsort.workflows.sort import sort

from ..synth.drums import synthesize


def noisy(path, label, seed):
    """A drum under noise, which the network by itself is often unsure of."""
    sound = synthesize(label, seed)
    noise = np.random.default_rng(seed).normal(0, 0.02 + 0.01 * seed, len(sound))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, (sound / 2 + noise).astype(np.float32), 44100)
    return path


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Kicks, snares in a folder among them, one sound alone in its folder, and a bad file."""
    top = tmp_path_factory.mktemp("library")
    for number in range(16):
        noisy(top / "Low" / f"x{number:02}.wav", "kick", number)
        noisy(top / "Low" / "x03 deep" / f"x{number:02}.wav", "snare", number)
    noisy(top / "One" / "x.wav", "kick", 5)
    (top / "Low" / "bad.wav").write_bytes(b"text")
    return top


@pytest.fixture(scope="module")
def together(library):
    return {result.path: result for result in classify(library)}


def test_siblings_tell_what_a_sound_is_and_the_reason_says_so(library, together):
    alone = {result.path: result for result in classify(library, company=False)}
    assert list(alone) == list(together)
    told = [
        path
        for path, result in alone.items()
        if result.family == UNSURE and together[path].family not in (UNSURE, None)
    ]
    assert len(told) > 5
    for path in told:
        family = "kick" if path.parent.name == "Low" else "snare"
        assert together[path].family == family
        assert f"of 15 siblings are {family}s" in together[path].prediction.reason
    for path in (library / "One" / "x.wav", library / "Low" / "bad.wav"):
        assert together[path] == alone[path]
    assert list(classify(sorted(alone))) == [
        replace(alone[p], root=p.parent) for p in sorted(alone)
    ]


class Seen(Progress):
    def __init__(self):
        self.done = []

    def at(self, step, done, total=None):
        self.done.append((done, total))


def test_a_folder_waits_until_it_is_heard_and_no_longer(library):
    seen = Seen()
    results = classify(library, progress=seen, workers=1)
    first = next(results)
    assert first.path.parent == library / "Low"
    assert seen.done[-1] == (18, None)  # the first of the next folder shows that this one is over
    results.close()


def test_a_sort_goes_by_company_unless_told_not_to(library, tmp_path, together):
    for company in (True, False):
        done = sort(library, tmp_path / "Out", dry_run=True, catalog=False, company=company)
        by_path = {result.path: result for result in done.results}
        assert (by_path == {p: replace(r, root=library) for p, r in together.items()}) == company


def verdicts(catalog, policy="balanced"):
    """Path to verdict in every way in which a catalog is read; all must agree."""
    found = {e.path: e.prediction for e in catalog.entries(policy=policy) if e.prediction}
    codes = Codes.of(catalog)
    families = tuple(codes.families)
    whole = columns(catalog, codes, policy=policy).values
    for row, (path, said) in enumerate(found.items()):
        (one,) = catalog.entries(path, policy=policy)
        part = columns(catalog, codes, [id_of(catalog, path)], policy=policy).values
        for values, at in ((whole, row), (part, 0)):
            assert families[values["family"][at]] == said.family
            assert values["confidence"][at] == np.float32(said.confidence)
        assert one.prediction == said
    few = list(found)[::4]
    assert [e.prediction for e in entries_of(catalog, few, policy)] == [found[p] for p in few]
    ids = [id_of(catalog, path) for path in few]
    assert {r.path: r.family for r in sortable(catalog, ids, policy)} == {
        path: found[path].family for path in few
    }
    return found


def test_a_catalog_says_what_classify_says_however_it_was_filled(library, together, tmp_path):
    copies = {}
    for path in sorted(together, key=lambda path: path.name[::-1]):  # folder by folder in turns
        copies[path] = tmp_path / "Library" / path.relative_to(library)
        copies[path].parent.mkdir(parents=True, exist_ok=True)
        copies[path].write_bytes(path.read_bytes())
    late = [copies[path] for path in together if path.name in ("x02.wav", "x07.wav")]
    contents = {path: path.read_bytes() for path in late}
    for path in late:
        path.unlink()
    with Catalog(tmp_path / "catalog.db") as catalog:
        scan(tmp_path / "Library", catalog=catalog)
        before = verdicts(catalog)
        for path, content in contents.items():
            path.write_bytes(content)
        scan(tmp_path / "Library", catalog=catalog)
        after = verdicts(catalog)
        assert after == {copies[p]: r.prediction for p, r in together.items() if r.ok}
        assert any(after[path] != said for path, said in before.items())
        again = classify(tmp_path / "Library", catalog=catalog, workers=1)
        assert {r.path: r.prediction for r in again if r.ok} == after
        for path in late:
            path.unlink()
        scan(tmp_path / "Library", catalog=catalog)
        assert verdicts(catalog) == before  # what is gone is no company
        off = {e.path: e.prediction for e in catalog.entries(company=False) if e.prediction}
        assert off == {
            r.path: r.prediction for r in classify(tmp_path / "Library", company=False) if r.ok
        }
