"""Model folders: the shipped one to spoil, and small graphs of our own."""

import hashlib
import shutil
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from drumsort.features import LogMel
from drumsort.model.bundle import Bundle, Second


@pytest.fixture(scope="session")
def shipped():
    """The model that comes with drumsort."""
    return Bundle.load()


@pytest.fixture
def folder(tmp_path, shipped):
    """A copy of the shipped model folder."""
    return shutil.copytree(shipped.folder, tmp_path / "model")


def means(path, frames, times=(1, 1, 1)):
    """Write a graph whose logits are the means of bands 0, 1 and 2, each times a number."""
    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["n", 3, frames])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])
    axes = numpy_helper.from_array(np.array([2]), "axes")
    factors = numpy_helper.from_array(np.array(times, np.float32), "times")
    nodes = [
        helper.make_node("ReduceMean", ["mel", "axes"], ["means"], keepdims=0),
        helper.make_node("Mul", ["means", "times"], ["logits"]),
    ]
    graph = helper.make_graph(nodes, "means", [mel], [logits], [axes, factors])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, path)


@pytest.fixture
def small(tmp_path, shipped):
    """A model of two families whose logits are the means of three bands, over eight frames."""
    folder = tmp_path / "small"
    folder.mkdir()
    means(folder / "model.onnx", 8)
    bundle = replace(
        shipped,
        name="small",
        front_end=LogMel(n_mels=3, n_frames=8),
        families={"kick": ("kick",), "snare": ("snare", "rim")},
        temperature=1.0,
        outputs={"logits": "logits", "embedding": None, "map": None},
        folder=folder,
        crop=None,
        second=None,
    )
    bundle.save(folder)
    return bundle


@pytest.fixture
def cropped(small):
    """The same, of as many frames as a sound has, in steps of two."""
    means(small.folder / "model.onnx", "frames")
    return replace(small, crop=2)


@pytest.fixture
def two_opinions(cropped):
    """The same with a second opinion, a network that says the opposite."""
    path = cropped.folder / "second.onnx"
    means(path, "frames", (-1, -1, -1))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    second = Second(cropped.front_end, sha256, 2.0, 0.8, 0.75, 0.5, {"balanced": 0.4}, crop=2)
    bundle = replace(cropped, second=second)
    bundle.save(cropped.folder)
    return bundle
