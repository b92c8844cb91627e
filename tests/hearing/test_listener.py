"""One file, heard: what the network says, and what follows from a tone that it cannot resolve."""

import numpy as np
import pytest
import soundfile

from drumsort import hearing
from drumsort.audio.decode import decode
from drumsort.errors import DrumsortError
from drumsort.hearing import Listener
from drumsort.model.bundle import Bundle
from drumsort.model.classes import Classes
from drumsort.model.infer import Heard, Network
from drumsort.model.low_tone import LIKELIHOODS, SHARES, TOGETHER, weighed
from drumsort.model.verdict import Judge

from ..synth.drums import synthesize

RATE = 44100
T = np.arange(2 * RATE) / RATE
BUNDLE = Bundle.load()


def eight(hz, decay=0.5, drive=0.0, click=0.0):
    """Two seconds of a sine that falls to its note within 12 ms."""
    x = np.sin(2 * np.pi * np.cumsum(hz + 3 * hz * np.exp(-T / 0.012)) / RATE) * np.exp(-T / decay)
    x = np.tanh(drive * x) if drive else x
    x += click * np.random.default_rng(1).standard_normal(len(T)) * np.exp(-T / 0.002)
    return 0.9 * x / np.abs(x).max()


@pytest.fixture(scope="module")
def families(tmp_path_factory):
    """The verdicts on some sounds, heard together; each is the same as if heard alone."""
    listener, judge = Listener(BUNDLE), Judge(BUNDLE.classes, BUNDLE.policies["balanced"])
    folder = tmp_path_factory.mktemp("sounds")

    def families(sounds):
        paths = [folder / f"{number}.wav" for number in range(len(sounds))]
        for path, sound in zip(paths, sounds, strict=True):
            soundfile.write(path, sound, RATE)
        together = listener.hear_all(paths)
        alone = listener(paths[-1]).heard
        np.testing.assert_allclose(together[-1].heard.scores, alone.scores, atol=1e-5)
        return [judge(file.heard).family for file in together]

    return families


FORMS = [(0.3, 0, 0), (0.5, 0, 0.4), (1.5, 0, 0), (2.0, 0, 0.4), (0.5, 2, 0), (2.0, 6, 0)]


@pytest.mark.parametrize("hz", [32.7, 41.2, 55.0, 65.4, 73.4, 82.4, 98.0, 110.0])
def test_a_tuned_808_is_a_kick(families, hz):
    assert families([eight(hz, *form) for form in FORMS]) == ["kick"] * len(FORMS)


def test_of_a_sound_without_a_low_tone_only_the_network_speaks(tmp_path):
    listener, network = Listener(BUNDLE), Network(BUNDLE)
    for label in ("tom", "conga_bongo", "snare"):
        for seed in range(4):
            soundfile.write(tmp_path / "x.wav", synthesize(label, seed), RATE)
            heard = listener(tmp_path / "x.wav").heard
            clip = decode(tmp_path / "x.wav", samples=BUNDLE.front_end.native_samples)
            np.testing.assert_array_equal(heard.scores, network(clip).scores)


def test_a_model_of_other_labels_keeps_its_scores():
    heard = Heard(np.array([0.4, 0.6], np.float32))
    assert weighed(heard, Classes({"kick": ("kick",), "bass": ("bass",)})) is heard


def test_between_kick_tom_and_other_a_low_tone_decides_alone():
    labels = BUNDLE.classes.labels
    for label in SHARES:
        scores = np.full(len(labels), 0.01, np.float32)
        scores[labels.index(label)] = 1 - 0.01 * (len(labels) - 1)
        after = weighed(Heard(scores), BUNDLE.classes).scores
        assert after.sum() == pytest.approx(1, abs=1e-6)
        kick, tom, snare = (float(after[labels.index(one)]) for one in ("kick", "tom", "snare"))
        assert kick > BUNDLE.policies["careful"]
        assert kick / tom == pytest.approx(SHARES["kick"] / SHARES["tom"], rel=1e-4)
        together = sum(scores[labels.index(one)] for one in SHARES) * TOGETHER * SHARES["kick"]
        assert kick / snare == pytest.approx(together / (0.01 * LIKELIHOODS["snare"]), rel=1e-4)


@pytest.mark.parametrize(
    "error", [MemoryError(), ImportError("no soxr"), DrumsortError("install it")]
)
def test_what_is_wrong_with_more_than_one_file_is_not_said_of_one(tmp_path, monkeypatch, error):
    def fails(*args, **how):
        raise error

    monkeypatch.setattr(hearing.listener, "decode", fails)
    (tmp_path / "x.wav").touch()
    with pytest.raises(type(error)):
        Listener(BUNDLE).hear_all([tmp_path / "x.wav"] * 2)


def test_a_path_with_a_nul_is_none_and_other_mistakes_are_called_mistakes(tmp_path, monkeypatch):
    listener = Listener(BUNDLE)
    assert "is no path" in listener(tmp_path / "a\0b.wav").error

    def fails(path, **how):
        return int("no number") if path.name == "x.wav" else decode(path, **how)

    monkeypatch.setattr(hearing.listener, "decode", fails)
    (tmp_path / "x.wav").touch()
    assert "not foreseen (ValueError: " in listener(tmp_path / "x.wav").error
