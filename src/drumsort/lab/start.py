"""A network that goes on learning from a model folder.

In the graph of a model batch norm is folded into the convolutions. Here it is unfolded again: each
one gets the statistics that its convolution has on some sounds, and a scale and an offset that undo
them. So the network says what the model says, and can be trained as any other.
"""

from importlib import resources
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from drumsort.errors import DataError
from drumsort.lab.network.quicknet import QuickNet
from drumsort.model.bundle import Bundle


def start_from(net: nn.Module, model: str, mels: Tensor) -> None:
    """Give ``net`` the weights of a model.

    Args:
        net: with fresh weights; a ``QuickNet``.
        model: a model folder, or the name of one that comes with drumsort.
        mels: log-mels ``(n, n_mels, n_frames)`` of sounds to learn from, for the statistics.

    Raises:
        DataError: it is a model of another network.
        BundleError: it is no model folder, or it is damaged.
    """
    path = graph(model)
    Bundle.load(path.parent)  # which checks it
    weights = _initializers(path)
    if not isinstance(net, QuickNet):
        raise DataError("Only the network 'quicknet' can start from a model: leave out 'start'.")
    try:
        biases = [_take(net, weights, i) for i in range(len(net.blocks))]
        for name in ("embed", "classify"):
            _copy(getattr(net, name).weight, weights[f"{name}.weight"])
            _copy(getattr(net, name).bias, weights[f"{name}.bias"])
    except (KeyError, RuntimeError) as error:
        raise DataError(
            f"{path} is a model of another network ({error}): start from one with the same "
            "network and labels, or from none."
        ) from error
    _unfold(net, biases, mels)


def graph(model: str) -> Path:
    """The file of the network in a model folder, or in a model that comes with drumsort."""
    shipped = Path(str(resources.files("drumsort") / "bundles" / model))
    return (shipped if shipped.is_dir() else Path(model)) / "model.onnx"


def _initializers(path: Path) -> dict[str, Tensor]:
    """The numbers in a graph by the names that they have in the network."""
    import onnx  # here, for it takes a while to load
    from onnx import numpy_helper

    loaded: Any = onnx.load(str(path)).graph
    return {
        some.name.removeprefix("net.").removeprefix("net."): torch.tensor(
            numpy_helper.to_array(some)
        )
        for some in loaded.initializer
    }


def _take(net: QuickNet, weights: dict[str, Tensor], number: int) -> Tensor:
    """The weights of a block's convolution; its bias."""
    name = f"blocks.{number}.convolve.0.weight"
    _copy(net.blocks[number].convolve[0].weight, weights[name])  # type: ignore[index, union-attr]
    return weights[f"{name}_bias"]


def _copy(parameter: Tensor, values: Tensor) -> None:
    if parameter.shape != values.shape:
        raise RuntimeError(f"{tuple(values.shape)} for {tuple(parameter.shape)}")
    with torch.no_grad():
        parameter.copy_(values)


def _unfold(net: QuickNet, biases: list[Tensor], mels: Tensor) -> None:
    """Batch norms that add ``biases``, with the statistics of ``mels``."""
    norms: list[nn.BatchNorm2d] = [block.convolve[1] for block in net.blocks]  # type: ignore[index, misc]
    heard: dict[int, Tensor] = {}

    def note(norm: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        heard[norms.index(norm)] = inputs[0]  # type: ignore[arg-type]

    for norm, bias in zip(norms, biases, strict=True):
        _undo(norm, bias, torch.zeros_like(bias), torch.ones_like(bias))
    hooks = [norm.register_forward_hook(note) for norm in norms]
    net.eval()
    with torch.no_grad():
        net(mels)
    for hook in hooks:
        hook.remove()
    for i, (norm, bias) in enumerate(zip(norms, biases, strict=True)):
        _undo(norm, bias, heard[i].mean((0, 2, 3)), heard[i].var((0, 2, 3)).clamp(min=1e-6))
    net.train()


def _undo(norm: nn.BatchNorm2d, bias: Tensor, mean: Tensor, variance: Tensor) -> None:
    """Have ``norm`` add ``bias``, whatever its statistics are."""
    for own, values in (
        (norm.running_mean, mean),
        (norm.running_var, variance),
        (norm.weight, (variance + norm.eps).sqrt()),
        (norm.bias, bias + mean),
    ):
        assert own is not None
        _copy(own, values)
