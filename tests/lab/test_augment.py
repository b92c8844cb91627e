from collections import defaultdict
from dataclasses import fields, replace

import numpy as np
import pytest
import soxr
import torch

from drumsort.features import LogMel
from drumsort.lab.augment import Augmentation, layered, without_highs
from drumsort.lab.sounds import FixedMels, Sounds
from drumsort.types import Clip

from ..synth.drums import synthesize

FRONT_END = LogMel()
NOTHING = Augmentation(**dict.fromkeys((f.name for f in fields(Augmentation)), 0.0))
EVERYTHING = Augmentation(
    **dict.fromkeys(("pitch", "tail", "drive", "room", "noise", "shift", "equalizer"), 1.0),
    **dict.fromkeys(("band_limit", "floor", "masks"), 1.0),
)


def changed(change, seed, label="snare"):
    rng = np.random.default_rng(seed)
    samples = change.waveform(
        synthesize(label, 3, FRONT_END.rate), FRONT_END.rate, FRONT_END.lead, rng
    )
    mel = torch.from_numpy(FRONT_END.log_mel(samples))[None]
    return samples, change.spectrograms(mel, FRONT_END, generator(seed))[0].numpy()


def generator(seed):
    return torch.Generator().manual_seed(seed)


def test_nothing_changes_when_nothing_is_asked_for():
    samples, mel = changed(NOTHING, 0)
    np.testing.assert_array_equal(samples, synthesize("snare", 3, FRONT_END.rate))
    np.testing.assert_allclose(mel, FRONT_END.log_mel(samples), atol=0.5)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("label", ["kick", "closed_hat", "crash"])
def test_what_comes_out_is_still_a_log_mel(seed, label):
    samples, mel = changed(EVERYTHING, seed, label)
    assert samples.dtype == mel.dtype == np.float32
    assert np.isfinite(samples).all()
    assert mel.shape == (FRONT_END.n_mels, FRONT_END.n_frames)
    assert -FRONT_END.range_db <= mel.min() <= mel.max() <= 0


@pytest.mark.parametrize("name", [f.name for f in fields(Augmentation) if 0 < f.default <= 1])
def test_each_change_changes_something_and_repeats_with_its_seed(name):
    change = replace(NOTHING, pitch_semitones=4, equalizer_db=8, **{name: 1.0})
    assert not np.array_equal(changed(change, 1)[1], changed(NOTHING, 1)[1])
    np.testing.assert_array_equal(changed(change, 1)[1], changed(change, 1)[1])


def test_band_limit_takes_the_highest_bands_and_leaves_the_lowest():
    change = replace(NOTHING, band_limit=1.0)
    before, after = changed(NOTHING, 2)[1], changed(change, 2)[1]
    assert after[-1].max() < before[-1].max() - 14
    loudest_low = before[: FRONT_END.n_mels // 2].max()
    assert after[: FRONT_END.n_mels // 2].max() >= loudest_low


def test_layers_add_their_power():
    low, high = torch.full((2, 3, 64, 8), -80.0)
    low[:, 5], high[:, 50] = 0, 0
    both = layered(low, high, generator(0))
    assert both[:, 5].min() == pytest.approx(0, abs=1e-3)
    assert -20 <= both[:, 50].min() <= both[:, 50].max() < 0
    assert len(both[:, 50, 0].unique()) == 3
    assert both[:, 30].max() == pytest.approx(-80 + 3, abs=3)
    torch.testing.assert_close(layered(low, low, generator(0)), low, atol=1e-3, rtol=0)


def test_only_sounds_of_one_label_are_layered():
    mels = torch.full((4, FRONT_END.n_mels, FRONT_END.n_frames), -80.0)
    for index in range(4):
        mels[index, index * 10] = 0
    change = replace(NOTHING, layers=0.5)
    labels = ["kick", "snare", "kick", "snare"]
    sounds = Sounds(FixedMels(mels), FRONT_END, change, labels)
    draws = torch.tensor([[i % 4, i] for i in range(160)])
    heard = defaultdict(set)
    for some, drawn in sounds.batches(draws, 32, torch.device("cpu"), 1):
        for mel, (index, _) in zip(some, drawn.tolist(), strict=True):
            heard[index].add(tuple(np.flatnonzero(mel.amax(1) > -30) // 10))
    assert heard == {i: {(i,), tuple(sorted((i, (i + 2) % 4)))} for i in range(4)}


def test_each_sound_of_a_batch_is_changed_in_a_way_of_its_own():
    mel = torch.from_numpy(FRONT_END.log_mel(synthesize("snare", 3, FRONT_END.rate)))
    mels = torch.stack([mel] * 16)
    changed = EVERYTHING.spectrograms(mels, FRONT_END, generator(0))
    assert len({one.numpy().tobytes() for one in changed}) == 16
    torch.testing.assert_close(mels, torch.stack([mel] * 16))


def test_without_highs_a_sound_is_like_a_file_of_a_lower_rate():
    loud = Clip(synthesize("crash", 3, 32000), 32000, 1.0)
    low = Clip(soxr.resample(loud.samples, 32000, 16000), 16000, 1.0)
    mels = torch.from_numpy(np.stack([FRONT_END(loud)] * 6))
    cut = without_highs(mels, FRONT_END)
    band = FRONT_END.bands_below(8000)
    np.testing.assert_allclose(cut[0, : band - 2], FRONT_END(low)[: band - 2], atol=1.0)
    assert (cut[0, band:] == -FRONT_END.range_db).all()
    ends = [int((mel > -FRONT_END.range_db).any(1).nonzero().max()) + 1 for mel in cut]
    assert ends[0] == ends[2] == ends[4] == band
    assert len(set(ends)) > 1
    assert cut.amax((1, 2)).tolist() == pytest.approx([0] * 6)
