"""The mean of networks: of their weights, with statistics of its own."""

import copy

import pytest
import torch
from torch import nn

from drumsort.features import LogMel
from drumsort.lab.average import mean, renew_statistics
from drumsort.lab.job import some_of
from drumsort.lab.network import build
from drumsort.lab.network.aisfx import AiSFX


def quicknet(seed=0):
    torch.manual_seed(seed)
    return build("quicknet", 6, LogMel(), {"channels": (16, 16, 16, 32)}).eval()


def mels(n, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return torch.rand(n, 64, 128, generator=rng) * 80 - 80


def test_every_weight_is_the_mean_of_theirs():
    nets = [quicknet(seed) for seed in range(3)]
    before = [copy.deepcopy(net.state_dict()) for net in nets]
    found = mean(nets).state_dict()
    for name, value in found.items():
        if value.is_floating_point():
            expected = sum(state[name] for state in before) / 3
            torch.testing.assert_close(value, expected)
        else:
            assert value == before[0][name]


def test_the_mean_of_one_network_with_itself_is_that_network():
    net, heard = quicknet(), mels(4)
    before = net(heard)[0]
    torch.testing.assert_close(mean([net, quicknet()])(heard)[0], before)


@pytest.mark.parametrize("n", [128, 300])
def test_statistics_are_those_of_the_sounds(n):
    net, heard = quicknet(), mels(n)
    renew_statistics(net, heard)
    norm = next(part for part in net.modules() if isinstance(part, nn.BatchNorm2d))
    batches = [net.blocks[0].convolve[0](part[:, None] / 40 + 1) for part in heard.split(128)]
    expected = torch.stack([b.mean((0, 2, 3)) for b in batches]).mean(0)
    torch.testing.assert_close(norm.running_mean, expected, rtol=1e-3, atol=1e-4)
    assert not net.training


def test_nothing_is_learned_while_statistics_are_taken():
    net = quicknet()
    before = {name: value.clone() for name, value in net.named_parameters()}
    renew_statistics(net, mels(64))
    assert all(torch.equal(value, before[name]) for name, value in net.named_parameters())


def test_frozen_blocks_keep_their_statistics():
    net = AiSFX(4, n_frames=16, frozen=3)
    before = {name: value.clone() for name, value in net.named_buffers()}
    renew_statistics(net, torch.rand(4, 96, 16) * 80 - 80)
    changed = {n for n, value in net.named_buffers() if not torch.equal(value, before[n])}
    assert changed
    assert all(name.startswith("blocks.3") for name in changed)


def test_a_batch_for_statistics_is_no_stretch_of_the_manifest():
    some = some_of(10_000, 128)
    assert len(set(some.tolist())) == 128
    assert 3000 < float(some.float().mean()) < 7000
    assert torch.equal(some, some_of(10_000, 128))
    assert sorted(some_of(3, 128).tolist()) == [0, 1, 2]
