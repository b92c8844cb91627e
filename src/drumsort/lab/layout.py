"""The map: a small head on the embedding that gives each sound its place.

The training sounds are laid out in a plane by t-SNE (L. van der Maaten, G. Hinton, JMLR 9, 2008),
and the head learns to predict the place from the embedding. So every library has the same layout,
and a new sound gets its place without the others.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from drumsort.errors import DataError
from drumsort.lab.data import Data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.files import save_torch
from drumsort.lab.fit import outputs
from drumsort.lab.run import Run

FILE = "map.pt"

_STEPS = 3000
_BATCH = 256
_BLUR = 0.03
"""Noise on embeddings in training, so that similar sounds get places near each other."""


class MapHead(nn.Sequential):
    """Embedding ``(n, size)`` of unit length -> place ``(n, 2)``, mostly within -1 and 1."""

    def __init__(self, size: int) -> None:
        super().__init__(nn.Linear(size, 64), nn.ReLU(), nn.Linear(64, 2))


class Mapped(nn.Module):
    """A network with a map head: log-mel -> logits, embedding, place."""

    def __init__(self, net: nn.Module, head: MapHead) -> None:
        super().__init__()
        self.net, self.head = net, head

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits, embedding = self.net(mel)
        return logits, embedding, self.head(embedding)


def lay_out(run: Run) -> MapHead:
    """Fit the map of a run to its training sounds, and save it in the run's folder."""
    sounds = run.data()
    learned = Data(sounds.root, sounds.of("train"))
    features = FeatureCache(run.recipe.front_end).features(learned)
    _, embeddings = outputs(run.net(), torch.from_numpy(features.log_mels()))
    head = fit_head(embeddings, places(embeddings), run.recipe.seed)
    save_torch(head.state_dict(), run.folder / FILE)
    return head


def places(embeddings: Tensor, seed: int = 1) -> Tensor:
    """A layout of embeddings ``(n, size)`` in a plane, shape ``(n, 2)``, within -1 and 1."""
    from sklearn.manifold import TSNE  # here, because it takes seconds to load

    few = min(30.0, (len(embeddings) - 1) / 3)
    tsne = TSNE(perplexity=few, init="pca", metric="euclidean", random_state=seed)
    plane = tsne.fit_transform(embeddings.numpy())
    middle = (plane.max(0) + plane.min(0)) / 2
    return torch.from_numpy((plane - middle) / np.abs(plane - middle).max()).float()


def fit_head(embeddings: Tensor, plane: Tensor, seed: int = 1) -> MapHead:
    """A head that predicts places ``(n, 2)`` from embeddings ``(n, size)``."""
    torch.manual_seed(seed)
    head = MapHead(embeddings.shape[1])
    optimizer = torch.optim.AdamW(head.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, _STEPS)
    for _ in range(_STEPS):
        drawn = torch.randint(len(embeddings), (_BATCH,))
        blurred = embeddings[drawn] + _BLUR * torch.randn(_BATCH, embeddings.shape[1])
        loss = F.smooth_l1_loss(head(F.normalize(blurred)), plane[drawn], beta=0.1)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return head.eval()


def load_head(folder: Path) -> MapHead | None:
    """The head that ``lay_out`` saved in a run's folder, or ``None``.

    Raises:
        DataError: it is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        head = MapHead(weights["0.weight"].shape[1])
        head.load_state_dict(weights)
    except Exception as error:  # torch raises many types for a damaged file
        raise DataError(f"{path} is damaged: delete it, and cross-validate again.") from error
    return head.eval()
