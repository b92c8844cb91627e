"""A network -> an ONNX file."""

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from drumsort.features import LogMel
from drumsort.lab.layout import Mapped

OUTPUTS = ("logits", "embedding", "map")
"""The outputs of the graph; ``map`` is there only if a map was laid out."""

_LARGE = 256
"""Tensors with fewer numbers gain nothing from fewer digits."""


class Cropped(nn.Module):
    """A network that takes log-mels cut at the end of their sounds."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        said: tuple[Tensor, Tensor] = self.net.cropped(mel)  # type: ignore[operator]
        return said


def to_onnx(
    net: nn.Module, path: Path, front_end: LogMel, crop: int | None = None, *, half: bool = False
) -> None:
    """Write the graph ``mel (n, n_mels, n_frames) -> logits, embedding, map`` to one file.

    ``map`` is there only if ``net`` is ``Mapped``. With ``crop``, ``n_frames`` can be any multiple
    of it. With ``half``, weights are stored in half precision, which halves the file and costs
    nothing else: ONNX Runtime converts them once, when it loads the graph.
    """
    net.cpu().eval()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # without its remarks about itself
    shape: dict[int, Any] = {0: torch.export.Dim("n")}
    if crop:
        shape[2] = crop * torch.export.Dim("steps", max=front_end.n_frames // crop)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            (torch.zeros(2, front_end.n_mels, front_end.n_frames),),
            path,
            input_names=["mel"],
            output_names=list(OUTPUTS if isinstance(net, Mapped) else OUTPUTS[:2]),
            dynamic_shapes={"mel": shape},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    model = onnx.load(path)
    _forget_its_making(model)
    if half:
        _halve(model.graph)
    onnx.save(model, path)


def _forget_its_making(model: Any) -> None:
    """Remove what torch notes of where each node comes from, which holds paths of this machine."""
    graph = model.graph
    noted = (model, graph, *graph.node, *graph.input, *graph.output)
    for thing in (*noted, *graph.value_info, *graph.initializer):
        thing.ClearField("metadata_props")
        thing.ClearField("doc_string")


def _halve(graph: Any) -> None:
    """Store weights in half precision, each with a node that makes it single precision again."""
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims) >= _LARGE:
            name, stored = tensor.name, f"{tensor.name}_half"
            weights = numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(weights, stored))
            casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
