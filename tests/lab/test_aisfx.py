"""aiSFX as a network to start from, and heads on what it hears, out of fold."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import torch

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import job
from drumsort.lab.crossval import crossval
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.rows import Row
from drumsort.lab.frozen import embed, fit_head, out_of_fold, parts, read_targets, write_targets
from drumsort.lab.hardware import Hardware
from drumsort.lab.network.aisfx import CHANNELS, WITHIN, AiSFX, published
from drumsort.lab.recipe import Distillation, Sampling, load
from drumsort.lab.run import Run
from drumsort.lab.targets import Targets
from drumsort.types import Clip

CPU = Hardware("cpu", 1, "32-true")
HEARS = LogMel(
    rate=44_100, n_fft=2048, hop=1024, n_mels=96, fmin=0.0, fmax=22_050.0, n_frames=64, lead=441
)
TINY = replace(
    load("drumnet-2"),
    epochs=1,
    batch_size=8,
    options={"width": 8},
    front_end=LogMel(n_frames=32),
    consistency=0.0,
    sampling=Sampling(sounds=16),
    augmentation=None,
)
TARGETS = Targets({"kick": ("kick",), "snare": ("snare", "rim"), "hat": ("closed_hat",)})


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


def test_what_is_heard_of_many_is_what_is_heard_of_each(net, tmp_path):
    mels = np.stack([HEARS(Clip(noise(0.1 + 0.1 * i, 0.05, i), 44_100, 1.0)) for i in range(6)])
    heard = embed(net, mels.__getitem__, tmp_path, 6)
    assert heard.shape == (6, 512)
    with torch.inference_mode():
        alone = torch.stack([net.features(torch.from_numpy(mel)[None])[0] for mel in mels])
    unlike = 1 - torch.nn.functional.cosine_similarity(torch.from_numpy(heard).float(), alone)
    assert float(unlike.max()) < 0.02
    again = embed(net, lambda index: pytest.fail("heard twice"), tmp_path, 6)
    np.testing.assert_array_equal(again, heard)


def sounds(n=240):
    """Features that tell the label, with sounds of a group alike; and their rows."""
    rng = np.random.default_rng(0)
    labels = ["kick", "snare", "rim", "closed_hat"]
    truth = rng.integers(0, 4, n)
    group = rng.integers(0, 24, n)
    centres, packs = rng.standard_normal((4, 512)), rng.standard_normal((24, 512))
    x = centres[truth] + packs[group] + rng.standard_normal((n, 512))
    rows = [
        Row(
            f"{i}.wav",
            labels[t],
            next(f for f, ls in TARGETS.families.items() if labels[t] in ls),
            f"g{g}",
        )
        for i, (t, g) in enumerate(zip(truth, group, strict=True))
    ]
    return torch.from_numpy(x).float()[:, None], rows, torch.from_numpy(truth)


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


def test_parts_hold_whole_groups_and_are_of_one_size():
    _, rows, _ = sounds()
    place = parts(rows)
    assert all(
        len({p for p, r in zip(place, rows, strict=True) if r.group == row.group}) == 1
        for row in rows
    )
    sizes = np.bincount(place)
    assert len(sizes) == 5
    assert sizes.max() - sizes.min() < 25


def test_a_head_says_of_other_groups_what_they_are_and_was_not_told_it():
    x, rows, truth = sounds()
    rows = [*rows]
    wrong = 7
    rows[wrong] = replace(
        rows[wrong],
        label="closed_hat" if truth[wrong] != 3 else "kick",
        family="hat" if truth[wrong] != 3 else "kick",
    )
    taught = out_of_fold(x, rows, lambda some: torch.ones(len(some)), TARGETS, x[:10])
    assert float((taught.learnt.argmax(1) == truth).float().mean()) > 0.9
    assert int(taught.learnt[wrong].argmax()) == int(truth[wrong])  # not what its label says
    assert taught.held_out.shape == (10, 4)


def test_the_same_seed_gives_the_same_head():
    x, rows, _ = sounds(60)
    first, second, other = (
        fit_head(x, TARGETS.mask(rows), torch.ones(60), seed, 20)(x[:, 0]) for seed in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_targets_are_found_by_path(tmp_path):
    _, rows, _ = sounds(5)
    for p in (torch.rand(5, 4), torch.rand(5, 3, 4)):
        write_targets(tmp_path / "t.parquet", rows, TARGETS.labels, p)
        read = read_targets(tmp_path / "t.parquet", rows[::-1], TARGETS.labels)
        torch.testing.assert_close(read, p.reshape(5, -1, 4).flip(0))
    with pytest.raises(DataError, match=r"say nothing of new\.wav"):
        read_targets(tmp_path / "t.parquet", [replace(rows[0], path="new.wav")], TARGETS.labels)
    with pytest.raises(DataError, match="cannot be read"):
        read_targets(tmp_path / "none.parquet", rows, TARGETS.labels)


def test_a_table_is_named_and_a_run_goes_on_with_no_other(drums, tmp_path):
    data = open_data(drums)
    labels = Targets.of("taxonomy", []).labels

    def taught(path):
        distillation = Distillation(targets=str(path), weight=0.5)
        return replace(TINY, distillation=distillation)

    with pytest.raises(DataError, match="There are no targets .*runs: make them with"):
        job.train(data, tmp_path / "run", taught(tmp_path / "runs"), CPU)
    path = tmp_path / "runs" / "fold0.parquet"
    for label in (0, 1):
        p = torch.eye(len(labels))[label].repeat(len(data.rows), 1)
        write_targets(path, data.rows, labels, p)
        if label == 0:
            job.train(data, tmp_path / "run", taught(path), CPU)
    with pytest.raises(DataError, match=r"runs has a table .*targets=\S*fold0\.parquet and --fold"):
        job.train(data, tmp_path / "run", taught(tmp_path / "runs"), CPU)
    with pytest.raises(DataError, match="belongs to another table of targets"):
        job.train(data, tmp_path / "run", taught(path), CPU)


def test_a_network_learns_what_a_table_says_and_each_fold_its_own(drums, tmp_path):
    rows = open_data(drums).rows
    data = Data(drums, [replace(row, group=f"pack{i % 24}") for i, row in enumerate(rows)])
    recipe = replace(
        load("drumnet-2"),
        epochs=1,
        batch_size=16,
        options={"width": 8},
        sampling=Sampling(sounds=32),
        distillation=Distillation(targets=str(tmp_path / "said"), weight=1.0),
    )
    labels = Targets.of("taxonomy", []).labels
    ride = torch.eye(len(labels))[labels.index("ride")].repeat(len(data.rows), 1)
    for name in ("fold0", "fold1", "fold2", "fold3", "fold4", "whole"):
        write_targets(tmp_path / "said" / f"{name}.parquet", data.rows, labels, ride)
    done = crossval(data, tmp_path / "run", recipe, CPU)
    assert done.folds[3].recipe.distillation.targets == str(tmp_path / "said" / "fold3.parquet")
    one = replace(
        recipe,
        epochs=8,
        distillation=Distillation(targets=str(tmp_path / "said" / "whole.parquet"), weight=1.0),
    )
    trained = job.train(data, tmp_path / "one", one, CPU)
    assert trained.val is not None
    assert set(trained.val.verdicts.best.tolist()) == {
        list(trained.val.verdicts.families).index("cymbal")
    }
