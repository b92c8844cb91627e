"""``classify`` with a catalog says the same as without, and hears only what it must."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from drumsort import Catalog, classify, scan, similar
from drumsort.audio.find import Source
from drumsort.workflows.classify import Classifier

from ..small_library import SOUNDS, write


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("policy", ["balanced", "everything"])
def test_the_same_results_and_only_new_files_are_heard(samples, scanned, heard, workers, policy):
    cut = shutil.copyfile(samples / "top.wav", samples / "Pack B" / "cut.wav")
    os.truncate(cut, cut.stat().st_size // 2)
    (samples / "Pack A" / "bad.wav").write_bytes(b"text")
    scan(samples / "Pack B", catalog=scanned)
    write(samples / "Pack A" / "new.wav", "ride", 4)
    write(samples / "top.wav", "cowbell", 4)
    plain = list(classify(samples, policy=policy))
    for names in (["bad.wav", "new.wav", "top.wav"], ["bad.wav"]):
        heard.clear()
        with Catalog(scanned) as catalog:
            results = list(classify(samples, policy=policy, catalog=catalog, workers=workers))
        assert sorted(heard) == names
        assert results == plain
        for one, other in zip(results, plain, strict=True):
            if one.ok:
                assert np.array_equal(one.prediction.embedding, other.prediction.embedding)
                assert np.array_equal(one.prediction.place, other.prediction.place)
    assert any("cut short" in result.prediction.reason for result in results if result.ok)


def test_what_classify_heard_a_scan_need_not(samples, place, heard, monkeypatch):
    monkeypatch.chdir(samples)
    with Catalog(place) as catalog:
        list(classify(["Pack A", samples / "Pack B" / "tom.wav"], catalog=catalog))
        assert len(heard) == 4
        done = scan(samples, catalog=catalog)
        assert (done.heard, done.twins) == (2, 4)
        assert {(e.root, e.pack) for e in catalog.entries(samples / "Pack A")} == {
            (samples, "Pack A")
        }
    assert len(heard) == len(SOUNDS)


def test_what_was_heard_before_one_stops_is_kept(samples, place, heard):
    with Catalog(place) as catalog:
        results = classify(samples, catalog=catalog, workers=1, company=False)
        first = next(results)
        results.close()
        assert not list(catalog.entries())  # it is no part of the library
        heard.clear()
        assert next(classify(first.path, catalog=catalog)) == replace(first, root=samples)
        assert heard == []


def test_a_copy_is_known_by_its_bytes_and_another_file_of_its_size_and_time_is_not(
    samples, scanned, heard, tmp_path
):
    first = samples / "Pack A" / "kick 1.wav"
    copy = tmp_path / "Sorted" / "x.wav"
    copy.parent.mkdir()
    for changes in (False, True):
        shutil.copy2(first, copy)
        if changes:
            content = bytearray(copy.read_bytes())
            content[-2:] = b"\x01\x02"
            copy.write_bytes(content)
            shutil.copystat(first, copy)
        with Catalog(scanned) as catalog:
            (one,) = classify(copy, catalog=catalog)
            assert one.prediction.embedding is not None
            assert {entry.root for entry in catalog.entries()} == {samples}
            if not changes:
                assert first not in {entry.path for entry, _ in similar(copy, catalog=catalog)}
        assert heard == ["x.wav"] * changes
        heard.clear()


def audio_hash(path):
    (result,) = Classifier().classify_all([Source(path, path.parent)], facts=True)
    return result.facts.audio_hash


@pytest.mark.parametrize("seconds", [0.3, 9.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_same_audio_has_one_hash_in_every_lossless_format(tmp_path, seconds, channels):
    rng = np.random.default_rng(3)
    samples = rng.integers(-(2**15), 2**15, (int(seconds * 44100), channels)).astype(np.int16)
    samples[: len(samples) // 3] = 0  # silence is skipped in hearing, not in hashing
    for name, subtype in (("a.wav", "PCM_16"), ("b.flac", "PCM_24"), ("c.aiff", "PCM_16")):
        soundfile.write(tmp_path / name, samples, 44100, subtype)
    soundfile.write(tmp_path / "d.wav", samples / 2**15, 44100, "FLOAT")
    hashes = {audio_hash(path) for path in tmp_path.iterdir()}
    assert len(hashes) == 1


def test_tags_do_not_count_and_everything_else_does(tmp_path):
    path = write(tmp_path / "kick.flac")
    before = audio_hash(path)
    samples, rate = soundfile.read(path)
    with soundfile.SoundFile(tmp_path / "tag.flac", "w", rate, 1, "PCM_16") as sound:
        sound.title, sound.artist = "Kick", "Nobody"
        sound.write(samples)
    assert (tmp_path / "tag.flac").read_bytes() != path.read_bytes()
    assert audio_hash(tmp_path / "tag.flac") == before
    soundfile.write(tmp_path / "rate.flac", samples, 48000)
    soundfile.write(tmp_path / "stereo.flac", np.stack([samples] * 2, 1), rate)
    changed = samples.copy()
    changed[-1] += 0.01
    soundfile.write(tmp_path / "last.flac", changed, rate)
    others = [audio_hash(tmp_path / name) for name in ("rate.flac", "stereo.flac", "last.flac")]
    assert len({before, *others}) == 4


def test_what_was_measured_is_recalled_too(samples, scanned, heard):
    write(samples / "new.wav", "ride", 4)
    sources = [Source(path, samples) for path in sorted(samples.rglob("*.wav"))]
    plain = list(Classifier().classify_all(sources, facts=True))
    heard.clear()
    with Catalog(scanned) as catalog:
        results = list(Classifier(catalog=catalog).classify_all(sources, facts=True))
    assert heard == ["new.wav"]
    assert [result.facts for result in results] == [result.facts for result in plain]
    assert all(result.facts for result in results)
