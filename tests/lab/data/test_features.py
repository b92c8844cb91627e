"""Log-mels are computed once for each content, and a bad cache or sound is named."""

import shutil

import numpy as np
import polars as pl
import pytest

from drumsort.audio.decode import decode
from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Row

STUDENT = LogMel(rate=None, n_fft=2048, hop=512, n_mels=128, fmin=0, fmax=None, pad_db=0.0)


@pytest.fixture
def few(drums, tmp_path):
    """Six of the sounds, in a folder of their own."""
    rows = open_data(drums).rows[:6]
    for row in rows:
        shutil.copy(drums / row.path, tmp_path)
    return Data(tmp_path, rows)


def computed(cache, data):
    """The features, and how many sounds were heard for them."""
    heard = [0]
    features = cache.features(data, lambda done, total: heard.append(total))
    return features, heard[-1]


@pytest.mark.parametrize("front_end", [LogMel(), STUDENT])
def test_features_are_those_of_the_front_end_in_the_order_of_the_rows(few, tmp_path, front_end):
    features, _ = computed(FeatureCache(front_end, tmp_path), few)
    clips = [decode(few.path(row)) for row in few.rows]
    expected = np.stack([front_end(clip) for clip in clips])
    np.testing.assert_allclose(features.log_mels(), expected, rtol=0, atol=1e-4)
    assert features.table.columns == ["label", "file", "file_hash", "rate", "duration", "log_mel"]
    assert features.table["file"].to_list() == [row.path for row in few.rows]
    assert features.table["rate"].to_list() == [32000] * 6
    assert features.table["duration"].to_list() == pytest.approx([c.duration for c in clips])


def test_of_another_front_end_only_the_sounds_asked_about_are_heard(few, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_CACHE", str(tmp_path / "cache"))
    features = FeatureCache(LogMel()).features(few)
    other = LogMel(n_mels=32)
    more = features.more(other, [4, 1])
    expected = np.stack([other(decode(few.path(few.rows[i]))) for i in (4, 1)])
    np.testing.assert_allclose(more, expected, rtol=0, atol=1e-4)
    assert len(pl.read_parquet(FeatureCache(other).path)) == 2


def test_only_what_is_new_is_heard(few, tmp_path):
    cache = FeatureCache(LogMel(), tmp_path / "cache")
    first, heard = computed(cache, few)
    assert heard == 6
    again, heard = computed(FeatureCache(LogMel(), tmp_path / "cache"), few)
    assert heard == 0
    assert again.table.equals(first.table)
    (few.root / few.rows[0].path).rename(few.root / "renamed.wav")
    shutil.copy(few.path(few.rows[2]), few.path(few.rows[1]))
    moved = [Row("renamed.wav", "kick", "kick", "g"), *few.rows[1:]]
    changed, heard = computed(cache, Data(few.root, moved))
    assert heard == 0
    mels = changed.log_mels()
    np.testing.assert_array_equal(mels[0], first.log_mels()[0])
    np.testing.assert_array_equal(mels[1], mels[2])
    assert computed(FeatureCache(STUDENT, tmp_path / "cache"), few)[1] == 5


def test_a_sound_that_cannot_be_heard_is_left_out_and_named(few, tmp_path):
    few.path(few.rows[3]).write_bytes(b"RIFF nonsense")
    few.path(few.rows[4]).unlink()
    features, _ = computed(FeatureCache(LogMel(), tmp_path), few)
    assert [row.path for row in features.data.rows] == [few.rows[i].path for i in (0, 1, 2, 5)]
    assert len(features.log_mels()) == 4
    assert all(few.rows[i].path in s for i, s in zip((3, 4), features.failures, strict=True))
    assert computed(FeatureCache(LogMel(), tmp_path), few)[0].failures == features.failures


def test_two_broken_sounds_of_one_content_are_both_named(few, tmp_path):
    for i in (1, 4):
        few.path(few.rows[i]).write_bytes(b"")
    failures = FeatureCache(LogMel(), tmp_path).features(few).failures
    assert all(few.rows[i].path in s for i, s in zip((1, 4), failures, strict=True))


def test_no_sound_at_all_is_an_error(few, tmp_path):
    for row in few.rows:
        few.path(row).write_bytes(b"")
    with pytest.raises(DataError, match=r"None of the .* is empty"):
        FeatureCache(LogMel(), tmp_path / "cache").features(few)
    assert not (tmp_path / "cache").exists()


def test_no_sound_at_all_is_an_error_with_a_full_cache(few, tmp_path):
    cache = FeatureCache(LogMel(), tmp_path / "cache")
    cache.features(few)
    for row in few.rows:
        few.path(row).unlink()
    with pytest.raises(DataError, match=r"None of the .* can be read"):
        cache.features(few)


@pytest.mark.parametrize("content", [b"", b"nonsense", None])
def test_a_corrupt_cache_is_named(few, tmp_path, content):
    cache = FeatureCache(LogMel(), tmp_path)
    cache.features(few)
    whole = cache.path.read_bytes()
    cache.path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(DataError, match=rf"{cache.path.name} is damaged: delete it"):
        cache.features(few)


def test_a_cache_of_other_columns_is_named(few, tmp_path):
    cache = FeatureCache(LogMel(), tmp_path)
    pl.DataFrame({"a": [1]}).write_parquet(cache.path)
    with pytest.raises(DataError, match="is damaged"):
        cache.features(few)
