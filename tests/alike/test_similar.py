"""The nearest sounds are those that a plain comparison with every sound finds."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest
import soundfile

from drumsort import Catalog, Corrections, DrumsortError, classify, forget, scan, similar
from drumsort.alike.matrix import Block, Matrix
from drumsort.alike.similar import Neighbours
from drumsort.catalog.known_models import verdicts_changed
from drumsort.errors import AudioError, CatalogError
from drumsort.model.bundle import Bundle

from ..small_library import another_model, correct, write


def cache(place):
    return place.with_name(f"catalog.similar-{Bundle.load().id}")


def plainly(place, file):
    """Path and similarity of all other sounds, by comparison with each."""
    with Catalog(place) as catalog:
        entries = [entry for entry in catalog.entries() if entry.prediction]
    (own,) = [entry for entry in entries if entry.path == file]
    unique = {entry.facts.audio_hash: entry for entry in reversed(entries)}
    del unique[own.facts.audio_hash]
    near = own.prediction.embedding
    pairs = [(entry.path, float(entry.prediction.embedding @ near)) for entry in unique.values()]
    return sorted(pairs, key=lambda pair: -pair[1])


def same(found, expected):
    assert [entry.path for entry, _ in found] == [path for path, _ in expected]
    assert [x for _, x in found] == pytest.approx([x for _, x in expected], abs=1e-5)


def unit(rng, count, d=128, rank=20):
    vectors = rng.standard_normal((count, rank)) @ rng.standard_normal((rank, d))
    vectors += 0.1 * rng.standard_normal((count, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def stored(path, vectors, block=300):
    hashes = np.zeros((len(vectors), 4), np.int64)
    hashes[:, 0] = np.arange(len(vectors))
    families = (np.arange(len(vectors)) % 7).astype(np.uint8)
    blocks = (
        Block(
            hashes[at : at + block].view(np.uint8),
            families[at : at + block],
            vectors[at : at + block],
            np.zeros((4, len(vectors[at : at + block])), np.float32),
        )
        for at in range(0, len(vectors), block)
    )
    Matrix.write(path, "a", blocks)
    return Matrix(path)


@pytest.mark.parametrize(("count", "d", "rank"), [(1, 8, 3), (700, 16, 16), (9000, 128, 128)])
def test_the_search_is_exact_whatever_the_vectors(tmp_path, count, d, rank):
    rng = np.random.default_rng(1)
    vectors = unit(rng, count, d, rank)
    opened = stored(tmp_path / "v", vectors)
    assert (len(opened), opened.state) == (count, "a")
    assert opened.hashes.tobytes() == b"".join(
        number.to_bytes(8, "little") + bytes(24) for number in range(count)
    )
    for query in unit(rng, 20, d, rank):
        for among in (None, opened.families == 3, np.zeros(count, bool)):
            rows, similar = opened.nearest(query, 10, among)
            there = np.arange(count) if among is None else np.flatnonzero(among)
            best = there[np.argsort(-(vectors[there] @ query))[:10]]
            assert rows.tolist() == best.tolist()
            assert similar == pytest.approx(vectors[best] @ query, abs=1e-5)
    assert np.array_equal(opened.vectors, vectors)


def test_sounds_that_are_all_alike_are_all_found(tmp_path):
    vectors = np.repeat(unit(np.random.default_rng(1), 2, 16), 4500, axis=0)
    rows, similar = stored(tmp_path / "v", vectors).nearest(vectors[-1], 5000)
    assert len(rows) == 5000
    assert (rows[:4500] >= 4500).all()
    assert (np.diff(similar) <= 0).all()


def test_the_nearest_first_and_never_itself(samples, scanned):
    shutil.copyfile(samples / "Pack B" / "snare.wav", samples / "Pack B" / "snare twin.wav")
    shutil.copyfile(samples / "Pack A" / "kick 1.wav", samples / "Pack A" / "kick 0.wav")
    scan(samples, catalog=scanned)
    file = samples / "Pack A" / "kick 1.wav"
    found = similar(file, catalog=scanned)
    same(found, plainly(scanned, file))
    assert len(found) == 5
    assert found[0][0].path == samples / "Pack A" / "kick 2.wav"
    same(similar(file, 2, catalog=scanned), plainly(scanned, file)[:2])


def test_a_file_that_is_not_in_the_catalog_is_heard_and_not_written(samples, scanned, tmp_path):
    sound, rate = soundfile.read(samples / "top.wav", dtype="int16")
    soundfile.write(tmp_path / "same.flac", sound, rate, "PCM_16")
    same(similar(tmp_path / "same.flac", catalog=scanned), plainly(scanned, samples / "top.wav"))
    new = write(tmp_path / "new.wav", "kick", 7)
    assert len(similar(new, catalog=scanned)) == 6
    with Catalog(scanned) as catalog:
        assert len(list(catalog.entries())) == 6
    with pytest.raises(AudioError, match=r"gone\.wav"):
        similar(tmp_path / "gone.wav", catalog=scanned)


def test_only_one_family_and_corrections_count(samples, scanned):
    file = samples / "Pack A" / "kick 1.wav"
    kicks = similar(file, family="kick", policy="everything", catalog=scanned)
    assert {entry.prediction.family for entry, _ in kicks} == {"kick"}
    assert similar(file, family="snare", policy="everything", catalog=scanned) != []
    correct(scanned, "ride")
    assert similar(file, family="kick", catalog=scanned) == []
    same(similar(file, family="cymbal", catalog=scanned), plainly(scanned, file))
    same(similar(file, 3, family="cymbal", catalog=scanned), plainly(scanned, file)[:3])
    with pytest.raises(DrumsortError, match=r"no family 'drum': choose one of kick,"):
        similar(file, family="drum", catalog=scanned)


def test_what_is_gone_does_not_count(samples, scanned):
    (samples / "Pack A" / "kick 2.wav").unlink()
    scan(samples, catalog=scanned)
    found = similar(samples / "Pack A" / "kick 1.wav", catalog=scanned)
    assert len(found) == 4
    assert samples / "Pack A" / "kick 2.wav" not in [entry.path for entry, _ in found]


def test_the_file_beside_follows_the_catalog(samples, scanned, tmp_path):
    file, beside = samples / "top.wav", cache(scanned)

    def rewritten():
        """Whether a search wrote the file again; it finds the right sounds in any case."""
        before = beside.stat().st_mtime_ns if beside.exists() else None
        same(similar(file, catalog=scanned), plainly(scanned, file))
        return beside.stat().st_mtime_ns != before

    assert rewritten()
    assert not rewritten()
    write(samples / "Pack B" / "ride.wav", "ride", 1)
    scan(samples, catalog=scanned)
    assert rewritten()
    assert not rewritten()
    write(samples / "Pack B" / "ride.wav", "cowbell", 1)  # another sound in the same file
    scan(samples, catalog=scanned)
    assert rewritten()
    (samples / "Pack A" / "kick 1.wav").unlink()
    scan(samples, catalog=scanned)
    forget(samples, catalog=scanned)
    with Catalog(scanned) as catalog:
        assert len(Neighbours(catalog, Bundle.load().id)) == 7  # the first ride is still known
    assert not rewritten()
    with Catalog(scanned) as catalog:
        list(classify(write(tmp_path / "new.wav", "clap", 5), catalog=catalog))
    assert rewritten()
    scan(samples, catalog=scanned, model=another_model(tmp_path))
    with Catalog(scanned) as catalog:
        Corrections(catalog).correct([file], "tom")
    before = beside.stat().st_mtime_ns
    similar(file, catalog=scanned)
    assert beside.stat().st_mtime_ns == before  # what neither changed
    assert [path.name for path in scanned.parent.iterdir() if "part" in path.name] == []


def test_a_catalog_that_takes_the_place_of_another_has_a_file_of_its_own(samples, scanned):
    file = samples / "top.wav"
    similar(file, catalog=scanned)
    scanned.unlink()
    write(samples / "Pack B" / "snare.wav", "cowbell", 2)
    scan(samples, catalog=scanned)
    same(similar(file, catalog=scanned), plainly(scanned, file))


def test_a_search_that_is_killed_while_it_writes_loses_nothing(samples, scanned):
    file = samples / "top.wav"
    similar(file, catalog=scanned)
    write(samples / "Pack B" / "ride.wav", "ride", 1)
    scan(samples, catalog=scanned)
    before = cache(scanned).read_bytes()
    code = f"""
import os
from drumsort import similar
os.fsync = lambda file: os._exit(9)
similar({str(file)!r}, catalog={str(scanned)!r})
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    assert cache(scanned).read_bytes() == before
    (part,) = scanned.parent.glob("*.part")
    same(similar(file, catalog=scanned), plainly(scanned, file))
    assert part.exists()  # it may be another process that writes it
    os.utime(part, (0, 0))
    write(samples / "Pack B" / "clap.wav", "clap", 1)
    scan(samples, catalog=scanned)
    similar(file, catalog=scanned)
    assert not part.exists()


@pytest.mark.parametrize("how", ["gone", "empty", "text", "header", "short", "long"])
def test_a_damaged_file_is_made_anew(samples, scanned, how):
    file = samples / "top.wav"
    before = similar(file, catalog=scanned)
    place = cache(scanned)
    whole = place.read_bytes()
    damaged = {
        "empty": b"",
        "text": b"text" * 5000,
        "header": whole[:30] + bytes(40) + whole[70:],
        "short": whole[:-1],
        "long": whole + b"x",
    }
    place.unlink() if how == "gone" else place.write_bytes(damaged[how])
    assert similar(file, catalog=scanned) == before
    assert place.read_bytes() == whole


def test_a_catalog_that_cannot_be_written_is_searched(as_nobody):
    folder, drop = as_nobody
    for number in range(3):
        write(folder / "S" / f"{number}.wav", "tom", number)
    scan(folder / "S", catalog=folder / "data" / "catalog.db")
    for path in (folder / "data").iterdir():
        path.chmod(0o444)
    (folder / "data").chmod(0o555)
    drop()
    assert len(similar(folder / "S" / "1.wav", catalog=folder / "data" / "catalog.db")) == 2
    assert not cache(folder / "data" / "catalog.db").exists()


def test_one_sentence_where_there_is_nothing_to_find(samples, place):
    file = samples / "top.wav"
    with pytest.raises(CatalogError, match="There is no catalog"):
        similar(file, catalog=place)
    with Catalog(place), pytest.raises(CatalogError, match=r"knows no sound .*'drumsort scan DIR'"):
        similar(file, catalog=place)
    scan(samples, catalog=place)
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE verdicts SET embedding = NULL")
    with pytest.raises(CatalogError, match="has no embedding"):
        similar(file, catalog=place)
    assert not cache(place).exists()


def test_the_files_of_models_that_are_not_used_any_more_are_removed(samples, scanned, tmp_path):
    file, ours = samples / "top.wav", cache(scanned)
    left = [ours.with_name(f"catalog.similar-{name}") for name in ("gone-1", "gone-1.7.part")]
    kept = [ours.with_name(name) for name in ("catalog.similar-x.8.part", "c.similar-gone-1")]
    for path in (*left, *kept):
        path.write_bytes(b"x")
    os.utime(left[1], (1, 1))
    similar(file, catalog=scanned)
    assert [path.exists() for path in (ours, *left, *kept)] == [True, False, False, True, True]
    model = another_model(tmp_path)
    theirs = ours.with_name(f"catalog.similar-{Bundle.load(model).id}")
    scan(samples, catalog=scanned, model=model)
    similar(file, catalog=scanned, model=model)
    assert (ours.exists(), theirs.exists()) == (False, True)
    similar(file, catalog=scanned)
    assert (ours.exists(), theirs.exists()) == (True, True)


def test_what_was_removed_and_came_back_as_another_is_read_anew(samples, scanned):
    file = samples / "top.wav"
    similar(file, catalog=scanned)
    with Catalog(scanned) as catalog, catalog.writing() as connection:
        *_, one, last = connection.execute("SELECT * FROM verdicts ORDER BY rowid").fetchall()
        connection.execute("DELETE FROM verdicts WHERE audio_hash IN (?, ?)", (one[0], last[0]))
        turned = (-np.frombuffer(one[5], np.float32)).tobytes()
        for row in ((*one[:5], turned, *one[6:]), last):  # at the rows where the two were
            connection.execute("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        verdicts_changed(connection)
    same(similar(file, catalog=scanned), plainly(scanned, file))


def test_of_searches_at_once_one_writes_the_file(scanned, monkeypatch):
    written, write_file = [], Matrix.write

    def counted(path, state, blocks):
        written.append(path)
        time.sleep(0.1)  # long enough for the others to come
        write_file(path, state, blocks)

    def search(_):
        with Catalog(scanned) as catalog:
            return len(Neighbours(catalog, Bundle.load().id))

    monkeypatch.setattr(Matrix, "write", staticmethod(counted))
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(search, range(6)))
    assert len(set(found)) == 1 and written == [cache(scanned)]


def test_what_did_not_change_is_not_read(samples, scanned, monkeypatch):
    before = similar(samples / "top.wav", catalog=scanned)
    monkeypatch.setattr(Matrix, "write", None)
    assert similar(samples / "top.wav", catalog=scanned) == before
