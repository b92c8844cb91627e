"""Network -> model folder, the same numbers to within 1e-4."""

import logging
import shutil
import warnings
from pathlib import Path

import torch

from drumsort.model.bundle import Bundle
from drumsort.train.network import DrumNet

OUTPUTS = {"logits": "logits", "embedding": "embedding", "map": None}
"""What the graph gives; the place on the map is for a later model."""


def export(net: DrumNet, bundle: Bundle, card: str) -> None:
    """Write ``bundle.folder`` with ``model.onnx``, ``bundle.json`` and ``MODEL_CARD.md``.

    The folder appears whole or not at all, and takes the place of an older one.
    """
    half_made = bundle.folder.with_name(bundle.folder.name + ".part")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(parents=True)
    to_onnx(net, half_made / "model.onnx", bundle.front_end.n_mels, bundle.front_end.n_frames)
    bundle.save(half_made)
    (half_made / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    shutil.rmtree(bundle.folder, ignore_errors=True)
    half_made.rename(bundle.folder)


def to_onnx(net: DrumNet, path: Path, n_mels: int, n_frames: int) -> None:
    """Write the graph ``mel (n, n_mels, n_frames) -> logits, embedding`` to one file."""
    net.cpu().eval()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # its remarks about itself
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            (torch.zeros(2, n_mels, n_frames),),
            path,
            input_names=["mel"],
            output_names=[name for name in OUTPUTS.values() if name],
            dynamic_shapes={"mel": {0: torch.export.Dim("n")}},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
