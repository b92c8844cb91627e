"""The network of a bundle: probabilities, embedding, and refusal of what does not fit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from drumsort.errors import BundleError
from drumsort.features import LogMel
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network, mean
from drumsort.taxonomy import LABELS
from drumsort.types import Clip

from ..small_library import two_networks
from ..synth.drums import synthesize


@pytest.fixture(scope="module")
def network(shipped):
    return Network(shipped)


@pytest.fixture(scope="module")
def clips():
    return [Clip(synthesize(label, 1), 44100, 1.0) for label in LABELS]


@pytest.fixture(scope="module")
def mels(shipped, clips):
    return [shipped.front_end(clip) for clip in clips]


def second_alone(bundle):
    """The second network as if it were a model."""
    second = bundle.second
    folder = bundle.folder / "second"
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(bundle.second_network.read_bytes())
    return replace(
        bundle,
        folder=folder,
        front_end=second.front_end,
        temperature=second.temperature,
        second=None,
    )


def by_log_mels(bundle, mels):
    """Hear with a model both of whose networks are shown the same."""
    mels = np.asarray(mels)
    return Network(bundle).hear_log_mels(mels, lambda front_end, some: mels[some])


def test_scores_are_probabilities_and_the_embedding_has_unit_length(network, clips):
    for clip in clips:
        heard = network(clip)
        assert heard.scores.shape == (len(LABELS),)
        assert heard.scores.dtype == np.float32
        assert (heard.scores >= 0).all()
        assert heard.scores.sum() == pytest.approx(1, abs=1e-5)
        assert heard.embedding.ndim == 1
        assert np.linalg.norm(heard.embedding) == pytest.approx(1, abs=1e-4)


def test_sounds_differ(network, clips):
    assert len({network(clip).scores.argmax() for clip in clips}) > 3


def test_scores_are_the_softmax_of_logits_over_temperature(small):
    mel = np.repeat(np.array([[-1.0], [-3.0], [-5.0]], np.float32), 8, axis=1)
    for temperature in (0.5, 1.0, 3.0):
        [heard] = by_log_mels(replace(small, temperature=temperature), [mel])
        powers = np.exp(np.array([-1, -3, -5]) / temperature)
        np.testing.assert_allclose(heard.scores, powers / powers.sum(), rtol=1e-5)


def test_extreme_logits_give_probabilities_too(small):
    mel = np.repeat(np.array([[5000.0], [0.0], [-5000.0]], np.float32), 8, axis=1)
    [heard] = by_log_mels(small, [mel])
    np.testing.assert_array_equal(heard.scores, [1, 0, 0])


def test_a_model_without_an_embedding_gives_none(small):
    [heard] = by_log_mels(small, np.zeros((1, 3, 8), np.float32))
    assert heard.embedding is None


def test_sounds_heard_at_once_are_heard_as_if_alone(network, clips):
    alone = [network(clip) for clip in clips]
    for size in (1, 2, 5, len(clips)):
        together = [
            heard
            for start in range(0, len(clips), size)
            for heard in network.hear_all(clips[start : start + size])
        ]
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_allclose(other.scores, one.scores, rtol=0, atol=1e-6)
            np.testing.assert_allclose(other.embedding, one.embedding, rtol=0, atol=1e-6)
            np.testing.assert_allclose(other.place, one.place, rtol=0, atol=1e-6)


def test_sounds_heard_at_once_by_a_model_without_an_embedding(small):
    mels = np.random.default_rng(0).normal(size=(3, 3, 8)).astype(np.float32)
    together = by_log_mels(small, mels)
    assert [heard.embedding for heard in together] == [None] * 3
    for mel, heard in zip(mels, together, strict=True):
        [alone] = by_log_mels(small, [mel])
        np.testing.assert_array_equal(heard.scores, alone.scores)


def test_what_lies_behind_the_end_is_left_out_in_whole_steps(cropped):
    """It says the mean of all that it is shown."""
    mels = np.full((5, 3, 8), -80, np.float32)
    frames = (0, 1, 3, 4, 8)
    for mel, count in zip(mels, frames, strict=True):
        mel[:, :count] = [[-10], [-11], [-12]]
    together = by_log_mels(cropped, mels)
    for mel, heard, count in zip(mels, together, (0, 1 / 2, 3 / 4, 1, 1), strict=True):
        logits = count * np.array([-10, -11, -12]) - (1 - count) * 80
        powers = np.exp(logits - logits.max())
        np.testing.assert_allclose(heard.scores, powers / powers.sum(), rtol=1e-5)
        [alone] = by_log_mels(cropped, [mel])
        np.testing.assert_array_equal(alone.scores, heard.scores)


def test_a_second_opinion_counts_where_the_quick_network_is_not_sure(two_opinions):
    mels = np.repeat(np.random.default_rng(1).uniform(-9, 0, (40, 3, 1)), 8, 2).astype(np.float32)
    mels[::3, :, 4:] = -80  # shorter ones
    bands = mels[:, :, 0].astype(np.float64)
    quick, second = log_softmax(bands), log_softmax(-bands / 2)
    confidence = np.maximum(np.exp(quick[:, 0]), np.exp(quick[:, 1:]).sum(1))
    both = log_softmax((0.25 * quick + 0.75 * second) / 0.5)
    expected = np.exp(np.where(confidence[:, None] < 0.8, both, quick))
    assert 5 < (confidence < 0.8).sum() < 35
    together = by_log_mels(two_opinions, mels)
    alone = [by_log_mels(two_opinions, [mel])[0] for mel in mels[:4]]
    np.testing.assert_allclose([h.scores for h in together], expected, atol=1e-5)
    np.testing.assert_allclose([h.scores for h in alone], expected[:4], atol=1e-5)
    assert {h.scores.dtype for h in together} == {np.dtype(np.float32)}
    by_quick = by_log_mels(two_opinions.by_ear("quick"), mels)
    np.testing.assert_allclose([h.scores for h in by_quick], np.exp(quick), atol=1e-5)


def test_the_second_network_hears_by_a_log_mel_of_its_own(two_opinions, clips):
    quick = replace(two_opinions, temperature=40.0)  # or it would be quite sure of some
    first = []
    for fmin in (30.0, 3000.0):
        front_end = LogMel(n_mels=3, n_frames=8, fmin=fmin)
        second = replace(two_opinions.second, front_end=front_end, temperature=40.0, threshold=1.0)
        bundle = replace(quick, second=second)
        said = [
            by_log_mels(model, [model.front_end(clip) for clip in clips])
            for model in (bundle.by_ear("quick"), second_alone(bundle))
        ]
        expected = mean(*(np.stack([one.scores for one in heard]) for heard in said), second)
        both = Network(bundle).hear_all(clips)
        np.testing.assert_allclose([one.scores for one in both], expected, atol=1e-5)
        first.append(both[0].scores)
    assert np.abs(first[0] - first[1]).max() > 0.01


def test_the_embedding_and_the_place_stay_those_of_the_quick_network(shipped, tmp_path, clips):
    two = Bundle.load(two_networks(tmp_path))
    quick = Network(shipped.by_ear("quick"))
    pairs = list(zip(Network(two).hear_all(clips), quick.hear_all(clips), strict=True))
    assert any((one.scores != other.scores).any() for one, other in pairs)
    for one, other in pairs:
        np.testing.assert_array_equal(one.embedding, other.embedding)
        np.testing.assert_array_equal(one.place, other.place)


def test_a_second_opinion_that_ends_in_zeros_is_still_one(two_opinions):
    mel = np.repeat(np.array([[400.0], [400.0], [-400.0]], np.float32), 8, axis=1)
    scores = by_log_mels(two_opinions, [mel])[0].scores
    assert np.isfinite(scores).all()
    assert scores.sum() == pytest.approx(1, abs=1e-5)


def log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(1, keepdims=True))


def test_many_threads_hear_the_same_as_one(network, clips):
    alone = [network(clip).scores for clip in clips]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(network, clips * 5))
    for index, heard in enumerate(together):
        np.testing.assert_array_equal(heard.scores, alone[index % len(clips)])


@pytest.mark.parametrize("content", [b"", b"not a graph", None], ids=["empty", "text", "half"])
def test_a_broken_graph_that_the_description_vouches_for(folder, shipped, content):
    path = folder / "model.onnx"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if content is None else content)
    shipped.save(folder)
    with pytest.raises(BundleError, match=r"model\.onnx cannot be used"):
        Network(Bundle.load(folder))


@pytest.mark.parametrize("content", [b"", "another"], ids=["empty", "other classes"])
def test_a_second_network_that_does_not_fit_is_named(two_opinions, shipped, content):
    path = two_opinions.second_network
    path.write_bytes(shipped.network.read_bytes() if content == "another" else content)
    with pytest.raises(BundleError, match=r"second\.onnx cannot be used"):
        Network(two_opinions)
    Network(two_opinions.by_ear("quick"))


@pytest.mark.parametrize(
    "changes",
    [
        {"families": {"kick": ("kick",), "snare": ("snare",)}},
        {"outputs": {"logits": "scores", "embedding": None, "map": None}},
        {"outputs": {"logits": "logits", "embedding": "place", "map": None}},
        {"outputs": {}},
        {"temperature": 0.0},
        {"temperature": float("nan")},
        {"temperature": "warm"},
        {"crop": 3},
        {"crop": "some"},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_description_that_does_not_fit_the_graph(small, changes):
    Network(small)
    with pytest.raises(BundleError, match=r"model\.onnx cannot be used"):
        Network(replace(small, **changes))


@pytest.mark.parametrize("changes", [{"n_mels": 4}, {"n_frames": 9}, {"hop": 0}, {"rate": "high"}])
def test_a_front_end_that_does_not_fit_the_graph(small, changes):
    with pytest.raises(BundleError, match=r"model\.onnx cannot be used"):
        Network(replace(small, front_end=replace(small.front_end, **changes)))
