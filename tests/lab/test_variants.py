"""Log-mels of changed sounds that are made ahead: the same as those that are made live."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from drumsort.audio.decode import decode
from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.augment import Augmentation
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.variants import variants

FRONT_END = LogMel(n_frames=32)
CHANGE = Augmentation(pitch=1.0, variants=3)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def features(drums):
    data = open_data(drums)
    return [
        FeatureCache(FRONT_END).features(Data(drums, data.of(split))) for split in ("train", "val")
    ]


def version(made, index, number):
    """One version of a sound, ``(n_mels, n_frames)``, dB; 0 is unchanged."""
    (mels,) = made.heard([torch.tensor([[index, number]])], torch.device("cpu"))
    return mels[0].numpy()


def test_the_first_version_is_the_sound_itself(features):
    train, val = features
    made = variants(train, val, FRONT_END, CHANGE)
    for index, mel in enumerate(train.log_mels()):
        np.testing.assert_allclose(version(made, index, 0), mel, atol=80 / 255 / 2 + 1e-4)


def test_other_versions_are_changed_each_in_its_own_way(features):
    train, val = features
    made = variants(train, val, FRONT_END, CHANGE)
    versions = [version(made, 0, number) for number in range(4)]
    apart = [np.abs(a - b).mean() for i, a in enumerate(versions) for b in versions[:i]]
    assert min(apart) > 0.1


def test_a_batch_takes_the_versions_that_it_names(features):
    train, val = features
    made = variants(train, val, FRONT_END, CHANGE)
    draws = torch.tensor([[0, 1], [3, 0], [0, made.count + 1], [2, 7]])
    (mels,) = made.heard([draws], torch.device("cpu"))
    wanted = [version(made, index, number % 4) for index, number in draws.tolist()]
    np.testing.assert_allclose(mels, np.stack(wanted), atol=1e-4)


def test_all_folds_find_what_was_made_for_one(features, cache):
    train, val = features
    there = version(variants(train, val, FRONT_END, CHANGE), 3, 2)
    files = list(cache.glob("variants-*.npy"))
    made = []
    again = variants(val, train, FRONT_END, CHANGE, lambda done, total: made.append(done))
    assert made == [] and list(cache.glob("variants-*.npy")) == files
    assert not np.array_equal(version(again, 3, 2), there)  # it is another sound's


def test_another_change_is_made_anew(features, cache):
    train, val = features
    variants(train, val, FRONT_END, CHANGE)
    variants(train, val, FRONT_END, replace(CHANGE, pitch=0.5))
    assert len(list(cache.glob("variants-*.npy"))) == 2


def test_a_full_disk_leaves_nothing(features, cache):
    train, val = features
    blocked = cache.parent / "file"
    blocked.write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRUMSORT_CACHE", str(blocked))
        with pytest.raises(DataError, match="cannot be written"):
            variants(train, val, FRONT_END, CHANGE)


def test_a_version_depends_on_content_alone(features, drums):
    train, val = features
    row = train.data.rows[5]
    alone = FeatureCache(FRONT_END).features(Data(drums, [row]))
    nothing = FeatureCache(FRONT_END).features(Data(drums, []))
    one = version(variants(alone, nothing, FRONT_END, CHANGE), 0, 1)
    np.testing.assert_array_equal(one, version(variants(train, val, FRONT_END, CHANGE), 5, 1))
    assert decode(drums / row.path).duration > 0
