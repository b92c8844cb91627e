"""An index finds what a comparison with every sound finds, whatever happens to the catalog."""

import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import drumsort
from drumsort import Catalog, DrumsortError, forget, scan, similar
from drumsort.alike import beside
from drumsort.alike.index import END, Index
from drumsort.alike.similar import Neighbours
from drumsort.alike.vectors import Vectors
from drumsort.catalog import Writer
from drumsort.catalog.known_models import use
from drumsort.model.bundle import Bundle
from drumsort.types import Analysis, Facts, Prediction, Result
from drumsort.workflows.similar import build_index

from ..small_library import write
from .test_similar import cache, plainly, same, stored, unit

pytest.importorskip("faiss")


def index_of(place):
    return cache(place).with_name(f"{cache(place).name}.index")


def newer_of(place):
    return cache(place).with_name(f"{cache(place).name}.new")


def enter(place, vectors, start=0):
    """Sounds with these embeddings, which have no files on the disk."""
    bundle, measured = Bundle.load(), Analysis(-20.0, -1.0, 0.0, 4000.0, None)
    family = {label: family for family, labels in bundle.families.items() for label in labels}
    with Catalog(place) as catalog, Writer(catalog, use(catalog, bundle), library=True) as writer:
        for number, vector in enumerate(vectors, start):
            label = bundle.labels[number % len(bundle.labels)]
            scores = {other: float(other == label) for other in bundle.labels}
            said = Prediction(family[label], label, label, 1.0, scores, "", vector, None)
            name = f"{number:064x}"
            facts = Facts(name, name, 0.5, 44100, 1, "WAV PCM_16", "", measured)
            path = place.parent / "nowhere" / f"{number % 7}" / f"{number}.wav"
            writer.add(Result(path, path.parent.parent, 44144, 1, said, facts=facts))


@pytest.fixture(scope="session")
def crowd(tmp_path_factory):
    """A catalog with 3,000 sounds like real ones, and its index."""
    demo = Path(drumsort.__file__).parent / "demo" / "BillieDrum"
    heard = drumsort.classify(demo, ear="quick", workers=1)
    real = np.stack([one.prediction.embedding for one in heard if one.prediction])
    rng = np.random.default_rng(3)
    vectors = rng.dirichlet(np.full(len(real), 0.1), 3000) @ real
    vectors += 0.01 * rng.standard_normal(vectors.shape)
    place = tmp_path_factory.mktemp("crowd") / "catalog.db"
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    enter(place, vectors.astype(np.float32))
    assert build_index(catalog=place) == 3000
    return place


@pytest.fixture
def known(crowd, samples, tmp_path):
    """The same in a folder of its own, with real sounds that were scanned later."""
    place = shutil.copytree(crowd.parent, tmp_path / "data") / "catalog.db"
    scan(samples, catalog=place)
    return place


def test_nearly_all_of_the_nearest_are_found_and_compared_exactly(tmp_path):
    vectors = unit(np.random.default_rng(2), 20_100, rank=10)  # as real ones, nine tenths of them
    matrix = stored(tmp_path / "v", vectors[:-100])
    Index.write(tmp_path / "i", matrix)
    exact = Vectors(matrix, None, None)
    indexed = Vectors(matrix, None, Index(tmp_path / "i", matrix))
    found = {None: 0, (3,): 0}
    for query in vectors[-100:]:
        for families in found:
            best, mine = (
                [pair for pair, _ in zip(one.nearest(query, 50, families), range(10), strict=False)]
                for one in (exact, indexed)
            )
            found[families] += len(dict(best).keys() & dict(mine).keys())
            assert [s for _, s in mine] == sorted((s for _, s in mine), reverse=True)
            for name, similarity in mine:
                assert similarity == pytest.approx(dict(best).get(name, similarity), abs=1e-6)
                row = int.from_bytes(name[:8], "little")
                assert similarity == pytest.approx(float(matrix.vectors[row] @ query), abs=1e-6)
                assert families is None or row % 7 == 3
    assert min(found.values()) >= 980
    assert len(list(indexed.nearest(query, 50))) == 20_000  # each once, however many are wanted
    assert len(list(indexed.nearest(query, 50, (99,)))) == 0


def test_what_came_went_or_changed_since_counts(known, samples):
    before = [path.stat().st_mtime_ns for path in (cache(known), index_of(known))]
    file = samples / "Pack A" / "kick 1.wav"

    def right():
        same(similar(file, 30, catalog=known), plainly(known, file)[:30])

    right()
    assert newer_of(known).exists()
    write(samples / "Pack A" / "kick 3.wav", "kick", 3)
    scan(samples, catalog=known)
    right()
    vector = similar(file, 1, catalog=known)[0][0].prediction.embedding
    near = [entry.path for entry, _ in similar(file, 30, catalog=known)]
    changed = next(path for path in near if "nowhere" in path.parts)  # a sound of the index
    enter(known, -vector[None], int(changed.stem))
    right()
    assert changed not in [entry.path for entry, _ in similar(file, 30, catalog=known)]
    enter(known, 0.999 * vector[None], 6)  # a little further off
    right()
    assert "6.wav" in [entry.path.name for entry, _ in similar(file, 3, catalog=known)]
    (samples / "Pack A" / "kick 3.wav").unlink()
    forget(samples, catalog=known)
    right()
    assert before == [path.stat().st_mtime_ns for path in (cache(known), index_of(known))]
    assert build_index(catalog=known) == 3006
    assert not newer_of(known).exists()
    right()


def test_a_number_is_never_given_twice(known, samples):
    """What is forgotten last makes room for nothing that would be taken for it."""
    file = samples / "Pack A" / "kick 1.wav"
    build_index(catalog=known)
    before = cache(known).stat().st_mtime_ns
    (samples / "Pack B" / "tom.wav").unlink()  # it was scanned last
    forget(samples, catalog=known)
    write(samples / "low.wav", "kick", 8)
    scan(samples, catalog=known)
    found = similar(file, 100, catalog=known)
    same(found, plainly(known, file)[:100])
    assert samples / "low.wav" in [entry.path for entry, _ in found]
    assert cache(known).stat().st_mtime_ns == before


@pytest.mark.parametrize("how", ["empty", "short", "cells", "front", "faiss"])
def test_an_index_that_cannot_be_used_is_said_and_made_anew(known, samples, how, monkeypatch):
    file, path = samples / "top.wav", index_of(known)
    whole = path.read_bytes()
    damaged = {
        "empty": b"",
        "short": whole[:-END],
        "cells": whole[: len(whole) // 2] + whole[-END:],
        "front": whole[:500] + bytes(100) + whole[600:],
        "faiss": whole,
    }
    path.write_bytes(damaged[how])
    if how == "faiss":
        monkeypatch.setitem(sys.modules, "faiss", None)
        with pytest.raises(DrumsortError, match="install drumsort with its 'index' extra"):
            build_index(catalog=known)
    else:
        assert whole != damaged[how]
    with pytest.warns(UserWarning, match=r"\.index cannot be used, so sounds were compared one by"):
        found = similar(file, catalog=known)
    same(found, plainly(known, file)[:20])
    monkeypatch.undo()
    build_index(catalog=known)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(similar(file, catalog=known), found_plainly := plainly(known, file)[:20])
    assert len(found_plainly) == 20


def test_a_build_that_is_killed_leaves_the_index_as_it_was(known, samples):
    before = index_of(known).read_bytes()
    similar(samples / "top.wav", catalog=known)
    code = f"""
import os, signal
from drumsort.alike import index
from drumsort.workflows.similar import build_index
index._save = lambda *_: os.kill(os.getpid(), {int(signal.SIGKILL)})
build_index(catalog={str(known)!r})
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    assert index_of(known).read_bytes() == before
    (left,) = known.parent.glob("*.next")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = similar(samples / "top.wav", 9, catalog=known)
    same(found, plainly(known, samples / "top.wav")[:9])
    build_index(catalog=known)
    assert not left.exists()


def test_without_an_index_too_what_came_is_added_until_it_is_much(known, samples, monkeypatch):
    monkeypatch.setattr(beside, "SMALL", 1000)
    index_of(known).unlink()
    file, matrix = samples / "top.wav", cache(known)
    before = matrix.stat().st_mtime_ns
    same(similar(file, catalog=known), plainly(known, file)[:20])
    assert matrix.stat().st_mtime_ns == before
    enter(known, unit(np.random.default_rng(4), 3000 // beside.SHARE), 3000)
    same(similar(file, catalog=known), plainly(known, file)[:20])
    assert matrix.stat().st_mtime_ns != before
    assert not newer_of(known).exists()


def test_a_folder_that_cannot_be_written_is_searched_by_its_index(known, as_nobody):
    folder, drop = as_nobody
    write(folder / "S" / "1.wav", "tom", 1)
    data = shutil.copytree(known.parent, folder / "data")
    for path in data.iterdir():
        path.chmod(0o444)
    data.chmod(0o555)
    drop()
    with Catalog(data / "catalog.db") as catalog:
        neighbours = Neighbours(catalog, Bundle.load().id)
        assert (neighbours.indexed, len(neighbours)) == (3000, 3006)
        with pytest.raises(DrumsortError, match=r"There is no room for .*\.index"):
            neighbours.build_index()
    assert not list(data.glob("*.part"))
