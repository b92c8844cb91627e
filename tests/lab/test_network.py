"""The student project's networks, to the parameter; and that what is faster is the same."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import recipe
from drumsort.lab.network import NETWORKS, build

STUDENT = LogMel(n_mels=128)

PARAMETERS = {
    "student-basic": 16_873_478,
    "student-batchnorm": 16_873_926,
    "student-depthwise-se": 294_084,
    "corrected-depthwise-se": 293_796,
    "drumnet-2": 269_502,
    "drumnet-3": 268_230,
    "drumnet-4": 268_230,
    "drumnet-5": 268_230,
    "drumnet-wide": 971_766,
    "drumnet-fine": 971_766,
    "aisfx": 4_752_582,
    "aisfx-long": 4_752_582,
    "aisfx-taught": 4_752_582,
}

SHAPES = {
    "student-basic": {
        "features.0.weight": (32, 1, 3, 3),
        "features.3.weight": (64, 32, 3, 3),
        "features.6.weight": (128, 64, 3, 3),
        "embed.weight": (512, 32768),
        "classify.weight": (6, 512),
    },
    "student-batchnorm": {
        "features.0.weight": (32, 1, 3, 3),
        "features.1.weight": (32,),
        "features.4.weight": (64, 32, 3, 3),
        "features.5.weight": (64,),
        "features.8.weight": (128, 64, 3, 3),
        "features.9.weight": (128,),
        "embed.weight": (512, 32768),
        "classify.weight": (6, 512),
    },
    "student-depthwise-se": {
        "stem.0.weight": (32, 1, 5, 5),
        "stem.1.weight": (32,),
        "gate.squeeze.weight": (2, 32),
        "gate.excite.weight": (32, 2),
        "blocks.0.depthwise.weight": (32, 2, 3, 3),
        "blocks.0.pointwise.weight": (64, 32, 1, 1),
        "blocks.0.norm.weight": (64,),
        "blocks.0.gate.squeeze.weight": (4, 64),
        "blocks.1.depthwise.weight": (64, 1, 3, 3),
        "blocks.1.pointwise.weight": (128, 64, 1, 1),
        "blocks.2.depthwise.weight": (128, 1, 3, 3),
        "blocks.2.pointwise.weight": (256, 128, 1, 1),
        "blocks.3.depthwise.weight": (256, 1, 3, 3),
        "blocks.3.pointwise.weight": (512, 256, 1, 1),
        "embed.weight": (128, 512),
        "classify.weight": (6, 128),
    },
}


def built(name):
    settings = recipe.load(name)
    return build(settings.network, 6, settings.front_end, settings.options)


@pytest.mark.parametrize(("name", "count"), PARAMETERS.items())
def test_parameters_are_counted(name, count):
    assert sum(p.numel() for p in built(name).parameters()) == count


@pytest.mark.parametrize(("name", "expected"), SHAPES.items())
def test_layers_have_their_shapes(name, expected):
    weights = {n: tuple(p.shape) for n, p in built(name).named_parameters()}
    assert {n: weights[n] for n in expected} == expected
    rest = set(weights) - set(expected)
    assert all(n.endswith((".bias", "gate.squeeze.weight", "gate.excite.weight", "norm.weight"))
               for n in rest)  # fmt: skip


def test_the_corrected_network_is_truly_depthwise():
    assert built("corrected-depthwise-se").blocks[0].depthwise.weight.shape == (32, 1, 3, 3)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_give_logits_and_an_embedding_of_unit_length(name):
    torch.manual_seed(0)
    net = build(name, 5, STUDENT, {}).eval()
    logits, embedding = net(torch.rand(3, 128, 128) * -80)
    assert logits.shape == (3, 5)
    torch.testing.assert_close(embedding.norm(dim=1), torch.ones(3))


def test_depthwise_se_is_the_plain_network_layer_by_layer():
    torch.manual_seed(0)
    net = built("student-depthwise-se").train()
    mel = torch.rand(4, 128, 128) * -80

    def excite(gate, x):
        pooled = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return x * torch.sigmoid(gate.excite(F.relu(gate.squeeze(pooled))))[:, :, None, None]

    x = excite(net.gate, F.relu(net.stem(mel[:, None])))
    for block, pool in zip(net.blocks, (2, 2, 1, 2), strict=True):
        filters = block.depthwise
        x = F.conv2d(x, filters.weight, filters.bias, padding=1, groups=filters.groups)
        x = excite(block.gate, F.relu(block.norm(block.pointwise(x))))
        x = nn.MaxPool2d(pool)(x)
    x = F.adaptive_avg_pool2d(x, 1).flatten(1)
    net.dropout.p = 0.0
    plain = net.classify(F.relu(net.embed(x)))
    torch.testing.assert_close(net(mel)[0], plain, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("frames", [0, 1, 8, 9, 77, 121, 128])
def test_the_quick_network_hears_nothing_behind_the_end_of_a_sound(frames):
    torch.manual_seed(0)
    net = build("quicknet", 5, LogMel(), {}).train()
    mel = torch.full((16, 64, 128), -80.0)
    mel[:, :, :frames] = torch.rand(16, 64, frames) * -79
    net(mel)  # now batch norm knows something
    net.eval()
    end = max(1, -(-frames // net.crop)) * net.crop
    torch.testing.assert_close(net.cropped(mel[:, :, :end]), net(mel))


def test_sounds_of_any_length_are_heard_by_the_quick_network_as_if_alone():
    torch.manual_seed(0)
    net = build("quicknet", 5, LogMel(), {}).eval()
    mel = torch.full((4, 64, 128), -80.0)
    for sound, frames in zip(mel, (5, 40, 90, 128), strict=True):
        sound[:, :frames] = torch.rand(64, frames) * -79
    alone = torch.cat([net(sound[None])[0] for sound in mel])
    torch.testing.assert_close(net(mel)[0], alone)


def test_an_unknown_network_or_option_is_named():
    with pytest.raises(DataError, match="no network 'resnet'"):
        build("resnet", 6, STUDENT, {})
    with pytest.raises(DataError, match=r"'basic' cannot be built: .*'depth'"):
        build("basic", 6, STUDENT, {"depth": 3})
    with pytest.raises(DataError, match="'depthwise-se' cannot be built"):
        build("depthwise-se", 6, STUDENT, {"groups": 5})
    with pytest.raises(
        DataError, match="'quicknet' cannot be built: 100 frames are not a multiple"
    ):
        build("quicknet", 6, LogMel(n_frames=100), {})
