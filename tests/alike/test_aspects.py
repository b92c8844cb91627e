"""Aspects count as they are heard: by ratio, in dB, by angle, and as much as they weigh."""

import math

import numpy as np
import pytest

from drumsort import Catalog, DrumsortError, scan, similar
from drumsort.alike.aspects import UNITS, Aspect, Measured, parsed, scales, similarities
from drumsort.errors import AudioError

from ..small_library import correct, write

NONE = float("nan")
SOUNDS = [
    # pitch, how clear, decay, duration, loudness, brightness
    (50.0, 1.0, 0.30, 0.5, -12.0, 200.0),
    (100.0, 0.9, 0.30, 0.5, -12.0, 200.0),
    (50.0, 0.6, 0.60, 2.0, -12.0, 200.0),
    (50.0, 0.3, 0.30, 0.5, -12.0, 200.0),  # hardly a pitch
    (NONE, NONE, 0.30, 0.5, -2.0, 6400.0),
    (NONE, NONE, NONE, 0.30, -12.0, 200.0),  # an older version measured no decay
]


def plainly(cosine, one, other, by):
    """As the documents say it, for one pair."""

    def pitch(sound):
        return sound[0] if sound[1] >= 0.5 else None

    def length(sound):
        return sound[3] if math.isnan(sound[2]) else sound[2]

    both = pitch(one), pitch(other)
    apart = {
        Aspect.TIMBRE: math.acos(cosine) / 1.2,
        Aspect.PITCH: abs(math.log2(both[0] / both[1])) if all(both) else float(any(both)),
        Aspect.LENGTH: math.log2(length(one) / length(other)) / 1.2,
        Aspect.LEVEL: (one[4] - other[4]) / 5,
        Aspect.BRIGHTNESS: math.log2(one[5] / other[5]) / 2.2,
    }
    mean = sum(weight * apart[aspect] ** 2 for aspect, weight in by.items()) / sum(by.values())
    return 2 ** -math.sqrt(mean)


@pytest.mark.parametrize("text", [*Aspect, "pitch=3,length", "timbre=.5,level"])
def test_similarity_is_what_the_documents_say(text):
    by = parsed(text)
    measures = scales(Measured(*zip(*SOUNDS, strict=True)))
    cosines = np.linspace(-0.2, 1, len(SOUNDS)).astype(np.float32)
    for own in SOUNDS:
        found = similarities(cosines, measures, scales(Measured(*own)), by)
        expected = [plainly(c, own, x, by) for c, x in zip(cosines.tolist(), SOUNDS, strict=True)]
        assert found == pytest.approx(expected, abs=1e-3)
    assert set(UNITS) == set(Aspect)


def test_what_a_person_writes():
    assert parsed("") is None
    assert parsed(" Pitch , length=2 ") == {Aspect.PITCH: 1.0, Aspect.LENGTH: 2.0}
    assert parsed("pitch=0,level") == {Aspect.LEVEL: 1.0}
    for wrong in ("pich", "pitch=loud", "pitch=-1", "pitch=nan", "pitch=inf"):
        with pytest.raises(DrumsortError, match="is no aspect of a sound: write timbre, pitch,"):
            parsed(wrong)
    with pytest.raises(DrumsortError, match="Nothing counts"):
        parsed("pitch=0")


def test_a_search_by_aspects_among_real_files(samples, scanned, tmp_path):
    with Catalog(scanned) as catalog:
        known = {entry.path: entry for entry in catalog.entries()}
    kick = samples / "Pack A" / "kick 1.wav"
    own = known.pop(kick).facts.analysis
    nearest = min(
        known.values(), key=lambda one: abs(one.facts.analysis.loudness_db - own.loudness_db)
    )
    found = similar(kick, by={"level": 1}, catalog=scanned)
    assert len(found) == 5
    assert found[0][0].path == nearest.path
    apart = abs(nearest.facts.analysis.loudness_db - own.loudness_db)
    assert found[0][1] == pytest.approx(2 ** (-apart / 5), abs=1e-4)
    whole = similar(kick, catalog=scanned)
    by_timbre = similar(kick, by={"timbre": 1}, catalog=scanned)
    assert [one.path for one, _ in by_timbre] == [one.path for one, _ in whole]
    assert all(0 < alike < 1 for _, alike in by_timbre)

    hat = write(tmp_path / "new hat.wav", "closed_hat", 9)
    assert similar(hat, 1, by={"brightness": 1, "pitch": 1}, catalog=scanned)[0][0].path.stem in (
        "hat",
        "top",
    )
    with pytest.raises(DrumsortError, match="No pitch is heard in this sound"):
        similar(hat, by={"pitch": 1}, catalog=scanned)
    correct(scanned, "ride")
    assert similar(kick, by={"level": 1}, family="kick", catalog=scanned) == []
    assert len(similar(kick, by={"level": 1}, family="cymbal", catalog=scanned)) == 5


def test_an_open_file_and_samples_are_heard_too(samples, scanned, tmp_path):
    new = write(tmp_path / "new.wav", "tom", 3)
    expected = [one.path for one, _ in similar(new, catalog=scanned)]
    with new.open("rb") as file:
        assert [one.path for one, _ in similar(file, catalog=scanned)] == expected
    with pytest.raises(AudioError, match=r"^sound 1 "):
        similar((np.zeros(4410), 44100), catalog=scanned)


def test_a_new_file_beside_the_catalog_has_what_was_measured(samples, scanned):
    kick = samples / "Pack A" / "kick 1.wav"
    before = similar(kick, by={"length": 1, "level": 1}, catalog=scanned)
    write(samples / "Pack B" / "long.wav", "crash", 1)
    scan(samples, catalog=scanned)
    after = similar(kick, by={"length": 1, "level": 1}, catalog=scanned)
    rest = [(one.path.name, alike) for one, alike in after if one.path.name != "long.wav"]
    assert rest == [(one.path.name, pytest.approx(alike)) for one, alike in before]
    assert len(after) == 6
