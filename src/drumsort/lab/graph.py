"""A network -> an ONNX file."""

import logging
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from drumsort.features import LogMel
from drumsort.lab.layout import Mapped
from drumsort.model.infer import LogMels

OUTPUTS = ("logits", "embedding", "map")
"""The outputs of the graph; ``map`` is there only if a map was laid out."""


class Cropped(nn.Module):
    """A network that takes log-mels cut at the end of their sounds."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        said: tuple[Tensor, Tensor] = self.net.cropped(mel)  # type: ignore[operator]
        return said


def to_onnx(net: nn.Module, path: Path, front_end: LogMel, crop: int | None = None) -> None:
    """Write the graph ``mel (n, n_mels, n_frames) -> logits, embedding, map`` to one file.

    ``map`` is there only if ``net`` is ``Mapped``. With ``crop``, ``n_frames`` can be any multiple
    of it.
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
    _tidy(path)


def in_8_bits(path: Path, examples: Iterable[LogMels]) -> None:
    """Have the convolutions of a graph computed in 8 bits: a quarter of the file, and of the time.

    Scales are static, one for each channel of the weights and one for each activation (B. Jacob et
    al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
    Inference", CVPR 2018), by what the activations are on the examples.

    Args:
        path: the graph, which is replaced.
        examples: some of its inputs, as log-mels of the kind that it will hear.
    """
    from onnxruntime import quantization  # here, because it takes a while to load
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(quantization.CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._given = ({"mel": mels} for mels in examples)

        def get_next(self) -> Any:
            return next(self._given, None)

    plain = path.with_suffix(".plain.onnx")
    quant_pre_process(str(path), str(plain), skip_symbolic_shape=True)  # folds batch norms
    quantization.quantize_static(
        plain,
        path,
        Reader(),
        quant_format=quantization.QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "MaxPool"],
        per_channel=True,
    )
    plain.unlink()
    _tidy(path)


def _tidy(path: Path) -> None:
    """Leave nothing in a graph that computing it does not take."""
    model = onnx.load(path)
    _forget_its_making(model)
    used = {node.domain for node in model.graph.node}
    needed = [opset for opset in model.opset_import if opset.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(needed)
    onnx.save(model, path)


def _forget_its_making(model: Any) -> None:
    """Remove what torch notes of where each node comes from, which holds paths of this machine."""
    graph = model.graph
    noted = (model, graph, *graph.node, *graph.input, *graph.output)
    for thing in (*noted, *graph.value_info, *graph.initializer):
        thing.ClearField("metadata_props")
        thing.ClearField("doc_string")
