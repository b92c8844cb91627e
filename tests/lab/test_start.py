"""A network that starts from a model says what the model says, and learns on from there."""

import numpy as np
import pytest
import torch

from drumsort.errors import DataError
from drumsort.lab.network import build
from drumsort.lab.start import start_from
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(ear="quick")


def mels(bundle, n=6):
    """Noise that fades out, ``(n, n_mels, n_frames)``."""
    front_end = bundle.front_end
    rng = np.random.default_rng(0)
    fade = np.linspace(0, -60, front_end.n_frames) * rng.uniform(0.5, 2, (n, 1, 1))
    loud = rng.uniform(-20, 0, (n, front_end.n_mels, front_end.n_frames)) + fade
    return np.maximum(loud, -80).astype(np.float32)


def fresh(bundle, **options):
    torch.manual_seed(0)
    return build("quicknet", len(bundle.labels), bundle.front_end, options)


def test_it_says_what_the_model_says(bundle):
    net, heard = fresh(bundle), mels(bundle)
    start_from(net, bundle.name, torch.from_numpy(mels(bundle, 32)))
    with torch.inference_mode():
        logits, embeddings = net.eval()(torch.from_numpy(heard))
    p = (logits / bundle.temperature).softmax(1)
    all_said = Network(bundle).hear_log_mels(heard)
    for own, embedding, said in zip(p, embeddings, all_said, strict=True):
        np.testing.assert_allclose(own, said.scores, atol=1e-4)
        np.testing.assert_allclose(embedding, said.embedding, atol=1e-4)


def test_batches_like_those_of_the_start_are_heard_alike_in_training(bundle):
    net, heard = fresh(bundle, dropout=0.0), torch.from_numpy(mels(bundle, 32))
    start_from(net, str(bundle.folder), heard)
    with torch.no_grad():
        learning = net.train()(heard)[0]
        asked = net.eval()(heard)[0]
    torch.testing.assert_close(learning, asked, atol=0.05, rtol=0.05)


def test_a_model_of_another_network_is_refused(bundle):
    heard = torch.from_numpy(mels(bundle))
    with pytest.raises(DataError, match="another network"):
        start_from(fresh(bundle, channels=(16, 32, 48, 64)), bundle.name, heard)
    with pytest.raises(DataError, match="Only the network 'quicknet'"):
        start_from(build("drumnet", 18, bundle.front_end, {}), bundle.name, heard)
