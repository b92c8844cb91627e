"""The map: sounds that are alike lie together, and each has its place without the others."""

import numpy as np
import pytest
import torch

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.graph import to_onnx
from drumsort.lab.layout import Mapped, fit_head, load_head, places
from drumsort.lab.network import build
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network

KINDS = 5
torch.manual_seed(0)
CENTRES = torch.nn.functional.normalize(torch.randn(KINDS, 16))


def sounds(of_each, seed):
    """Embeddings around ``KINDS`` centres, and which of them each is of."""
    rng = torch.Generator().manual_seed(seed)
    kind = torch.arange(KINDS).repeat(of_each)
    near = CENTRES[kind] + 0.05 * torch.randn(len(kind), 16, generator=rng)
    return torch.nn.functional.normalize(near), kind


@pytest.fixture(scope="module")
def head():
    embeddings, _ = sounds(30, 1)
    return fit_head(embeddings, places(embeddings))


def test_a_layout_fills_its_square():
    anywhere = torch.randn(300, 16, generator=torch.Generator().manual_seed(1))
    plane = places(torch.nn.functional.normalize(anywhere))
    assert plane.abs().max() == pytest.approx(1)
    assert (plane.amax(0) - plane.amin(0) > 1).all()


def test_new_sounds_lie_with_those_of_their_kind(head):
    old, of_old = sounds(30, 1)
    new, of_new = sounds(10, 2)
    with torch.inference_mode():
        nearest = torch.cdist(head(new), head(old)).argmin(1)
    assert (of_old[nearest] == of_new).float().mean() > 0.95


def test_the_graph_of_a_model_tells_the_place(tmp_path, head):
    front_end = LogMel(n_frames=32)
    net = build("drumnet", 3, front_end, {"width": 8, "embedding": 16}).eval()
    to_onnx(Mapped(net, head), tmp_path / "model.onnx", front_end)
    outputs = {"logits": "logits", "embedding": "embedding", "map": "map"}
    families = {name: (name,) for name in ("a", "b", "c")}
    bundle = Bundle("m", front_end, families, 1.0, {"balanced": 0.0}, outputs, {}, {}, tmp_path)
    mel = np.random.default_rng(0).uniform(-80, 0, (64, 32)).astype(np.float32)
    with torch.inference_mode():
        _, _, place = Mapped(net, head)(torch.from_numpy(mel[None]))
    [heard] = Network(bundle).hear_log_mels(mel[None])
    np.testing.assert_allclose(heard.place, place[0], atol=1e-4)


def test_a_damaged_head_is_named(tmp_path):
    assert load_head(tmp_path) is None
    (tmp_path / "map.pt").write_bytes(b"no weights")
    with pytest.raises(DataError, match=r"map\.pt is damaged"):
        load_head(tmp_path)
