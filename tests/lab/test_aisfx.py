"""aiSFX as a network to start from."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import torch

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import job
from drumsort.lab.data import open_data
from drumsort.lab.hardware import Hardware
from drumsort.lab.network.aisfx import CHANNELS, WITHIN, AiSFX, published
from drumsort.lab.recipe import Sampling, load
from drumsort.lab.run import Run

CPU = Hardware("cpu", 1, "32-true")
HEARS = LogMel(
    rate=44_100, n_fft=2048, hop=1024, n_mels=96, fmin=0.0, fmax=22_050.0, n_frames=64, lead=441
)


def checkpoint():
    """Weights by the names that the published ones have."""
    torch.manual_seed(3)
    weights = {}
    inputs = 1
    for i, outputs in enumerate(CHANNELS, start=1):
        start = f"embedding_net.conv_block{i}."
        for n, size in ((1, inputs), (2, outputs)):
            weights[f"{start}conv{n}.weight"] = (
                torch.randn(outputs, size, 3, 3) * (size * 9) ** -0.5
            )
            norm = f"{start}bn{n}."
            for name in ("weight", "running_var"):
                weights[norm + name] = torch.rand(outputs) + 0.5
            for name in ("bias", "running_mean"):
                weights[norm + name] = torch.randn(outputs) / 10
            weights[norm + "num_batches_tracked"] = torch.tensor(1)
        inputs = outputs
    return weights, {"UCS": (0, np.int64(5))}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    path = tmp_path_factory.mktemp("wheel") / "aisfx-0.1.2-py2.py3-none-any.whl"
    content = io.BytesIO()
    torch.save(checkpoint(), content)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(WITHIN, content.getvalue())
    return path


@pytest.fixture(scope="module")
def net(wheel):
    torch.manual_seed(1)
    net = AiSFX(4, pretrained=str(wheel))
    net.start()
    return net.eval()


def reference_mel(samples):
    """Log-mel as aiSFX takes it, ``(n_frames, 96)``: HTK's bands of unit sum, a peak of 0.5."""
    padded = np.pad(samples / np.abs(samples).max() / 2, (1024, 70_000))
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2048)[::1024][:64]
    power = np.abs(np.fft.rfft(frames * np.hanning(2048))) ** 2
    mel = 1127 * np.log1p(np.arange(1025) * 44_100 / 2048 / 700)
    low, middle, high = (
        np.linspace(0, 1127 * np.log1p(22_050 / 700), 98)[i : i + 96] for i in range(3)
    )
    rise = (mel - low[:, None]) / (middle - low)[:, None]
    fall = (high[:, None] - mel) / (high - middle)[:, None]
    bands = np.clip(np.minimum(rise, fall), 0, None)
    return (
        np.log10(10_000 * power @ (bands / bands.sum(1, keepdims=True)).T + 1) / 9.457798957824707
    )


def noise(seconds, decay, seed, low_pass=1):
    samples = np.random.default_rng(seed).standard_normal(int(44_100 * seconds))
    samples = np.convolve(samples, np.ones(low_pass) / low_pass, "same")
    samples *= np.exp(-np.arange(len(samples)) / 44_100 / decay)
    return np.concatenate([np.zeros(441), samples]).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_the_input_is_close_to_what_aisfx_was_trained_on(net, seed):
    samples = noise(0.6, 0.05 + 0.05 * seed, seed, 1 + 7 * seed)
    mel = HEARS.log_mel(samples, 44_100)
    mine = net._input(torch.from_numpy(mel)[None])[0, 0].numpy()
    expected = reference_mel(samples)
    assert np.corrcoef(mine.ravel(), expected.ravel())[0, 1] > 0.98
    assert np.abs(mine - expected).mean() < 0.03


def test_the_weights_are_those_of_the_wheel(net, wheel):
    weights = published(wheel)
    first = net.blocks[0].conv1.weight
    assert torch.equal(first, weights["embedding_net.conv_block1.conv1.weight"])
    last = net.blocks[3].bn2.running_var
    assert torch.equal(last, weights["embedding_net.conv_block4.bn2.running_var"])


def test_a_wheel_that_is_none_is_named(tmp_path):
    with pytest.raises(DataError, match="pip download"):
        AiSFX(4).start()
    path = tmp_path / "aisfx.whl"
    path.write_bytes(b"nonsense")
    with pytest.raises(DataError, match=r"aisfx\.whl does not hold"):
        AiSFX(4, pretrained=str(path)).start()


def test_frozen_blocks_stay_and_others_learn_more_slowly_than_the_head(wheel):
    net = AiSFX(4, pretrained=str(wheel), frozen=3)
    net.start()
    net.train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    groups = net.groups(1e-2)
    assert [group["lr"] for group in groups] == [pytest.approx(2e-3), 1e-2]
    optimizer = torch.optim.SGD(groups)
    net(torch.rand(4, 96, 16) * -80)[0].square().sum().backward()
    optimizer.step()
    changed = {n for n, value in net.state_dict().items() if not torch.equal(value, before[n])}
    assert changed
    assert not any(name.startswith(("blocks.0", "blocks.1", "blocks.2")) for name in changed)
    assert "blocks.3.conv2.weight" in changed


def test_the_recipe_starts_from_the_wheel_and_its_run_needs_it_no_more(drums, wheel, tmp_path):
    recipe = replace(
        load("aisfx"),
        epochs=1,
        batch_size=4,
        front_end=replace(HEARS, n_frames=16),
        sampling=Sampling(sounds=8),
        augmentation=None,
        options={"pretrained": str(tmp_path / "aisfx.whl"), "frozen": 3},
    )
    data = open_data(drums)
    with pytest.raises(DataError, match="does not hold the weights"):
        job.train(data, tmp_path / "run", recipe, CPU)
    (tmp_path / "aisfx.whl").write_bytes(wheel.read_bytes())
    job.train(data, tmp_path / "run", recipe, CPU)
    (tmp_path / "aisfx.whl").write_bytes(wheel.read_bytes() + b"changed")
    with pytest.raises(DataError, match="belongs to another wheel"):
        job.train(data, tmp_path / "run", recipe, CPU)
    (tmp_path / "aisfx.whl").unlink()
    trained = Run.load(tmp_path / "run").net()
    weights = published(wheel)
    assert torch.equal(
        trained.blocks[2].conv2.weight, weights["embedding_net.conv_block3.conv2.weight"]
    )
    assert not torch.equal(
        trained.blocks[3].conv2.weight, weights["embedding_net.conv_block4.conv2.weight"]
    )
