"""Sounds from outside are heard, find what is like them, and leave nothing behind."""

import io
import tempfile

import numpy as np
import pytest
import soundfile

from drumsort import Catalog, similar
from drumsort.errors import AudioError
from drumsort.model.bundle import Bundle
from drumsort.slicing.grid import grid
from drumsort.workflows.by_ear import ByEar
from drumsort.workflows.scan import scan

from ..small_library import write
from ..synth.mouths import Mouth

PATTERN = [
    (0, "kick"), (2, "closed_hat"), (4, "snare"), (6, "closed_hat"), (7, "kick"),
    (9, "kick"), (10, "closed_hat"), (12, "snare"), (14, "open_hat"),
]  # fmt: skip
STEP = 60 / 96 / 4


def wav(samples, rate=44100):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def boxed(seed):
    """A bar of the mouth at 96 beats a minute that begins after 0.4 s."""
    return Mouth(seed).beat([(0.4 + step * STEP, kind) for step, kind in PATTERN], 3.5)


@pytest.fixture(scope="module")
def by_ear():
    return ByEar(Bundle.load())


@pytest.fixture
def none_left(tmp_path, monkeypatch):
    """Where temporary files go; there must be none in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def test_a_sound_from_outside_finds_what_its_file_would(scanned, tmp_path, by_ear, none_left):
    new = write(tmp_path / "new.wav", "snare", 8)
    with Catalog(scanned) as catalog:
        before = len(list(catalog.entries()))
        heard = by_ear.sound(catalog, new.read_bytes(), "new.wav", 3)
        assert len(list(catalog.entries())) == before
    assert heard.result.label == "snare"
    expected = similar(new, 3, catalog=scanned)
    assert [(one.path, x) for one, x in heard.nearest] == [
        (one.path, pytest.approx(x, abs=1e-5)) for one, x in expected
    ]


def test_the_loudest_hit_of_a_recording_counts(samples, scanned, by_ear, none_left):
    kick, rate = soundfile.read(samples / "Pack A" / "kick 1.wav", dtype="float32")
    room = 0.001 * np.random.default_rng(1).standard_normal(3 * rate).astype(np.float32)
    room[rate : rate + len(kick)] += 0.5 * kick
    room[2 * rate : 2 * rate + 400] += 0.05 * np.hanning(400).astype(np.float32)
    with Catalog(scanned) as catalog:
        heard = by_ear.sound(catalog, wav(room), "the recording", 1, recorded=True)
        assert heard.nearest[0][0].path.name == "kick 1.wav"
        assert heard.nearest[0][1] > 0.95
        silence = wav(np.zeros(rate))
        with pytest.raises(AudioError, match="the recording is silent"):
            by_ear.sound(catalog, silence, "the recording", recorded=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no sound at all", "found.txt is damaged or of a kind that cannot be read"),
        (wav(np.zeros(44100 * 31)), "found.txt is longer than 30 seconds"),
        (wav(np.zeros(4410)), "found.txt is silent"),
    ],
    ids=["text", "long", "silent"],
)
def test_what_is_no_short_sound_is_refused_by_its_name(scanned, by_ear, none_left, content, said):
    with Catalog(scanned) as catalog, pytest.raises(AudioError) as refused:
        by_ear.sound(catalog, content, "found.txt")
    assert str(refused.value).startswith(said)
    assert "drumsort-" not in str(refused.value)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_beat_of_the_mouth_becomes_drums_and_steps(samples, scanned, by_ear, none_left, seed):
    write(samples / "Pack B" / "open.wav", "open_hat", 8)
    scan(samples, catalog=scanned)
    with Catalog(scanned) as catalog:
        beat = by_ear.beat(catalog, wav(boxed(seed)), "the recording")
        assert len(list(catalog.entries())) == 7
    assert [hit.kind for hit in beat.hits] == [kind for _, kind in PATTERN]
    assert [hit.start for hit in beat.hits] == pytest.approx(
        [0.4 + step * STEP for step, _ in PATTERN], abs=0.01
    )
    assert beat.grid.tempo == pytest.approx(96, abs=1)
    assert list(beat.grid.steps) == [step for step, _ in PATTERN]
    assert {kind: entries[0].family for kind, entries in beat.sounds.items()} == {
        "kick": "kick", "snare": "snare", "closed_hat": "hat", "open_hat": "hat",
    }  # fmt: skip
    assert beat.sounds["open_hat"][0].path.name == "open.wav"
    assert beat.sounds["closed_hat"][0].path.name == "hat.wav"


def test_times_that_keep_to_no_tempo_have_no_grid():
    assert grid([0.0, 0.5, 1.0]) is None
    rng = np.random.default_rng(3)
    assert grid(np.cumsum(rng.uniform(0.1, 0.7, 24)).tolist()) is None
    played = 0.2 + np.arange(0, 32, 2) * 60 / 120 / 4 + rng.normal(0, 0.01, 16)
    found = grid(played.tolist())
    assert found.tempo == pytest.approx(120, rel=0.01)
    assert list(found.steps) == list(range(0, 32, 2))
