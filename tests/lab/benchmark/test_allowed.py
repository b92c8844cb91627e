"""What a name allows counts as right in the second truth, and nothing else does."""

import numpy as np
import pytest

from drumsort.lab.benchmark.allowed import families, right
from drumsort.lab.data.rows import Row
from drumsort.lab.targets import Targets

TARGETS = Targets.of("taxonomy", [])


def row(label, family, name="x.wav", detail=""):
    return Row(
        "audio/1.flac", label, family, "g", origin=f"me/drums@0123456:a/{name}", detail=detail
    )


@pytest.mark.parametrize(
    ("sound", "others"),
    [
        (row("percussion", "percussion", "Timbale_hi.wav"), {"tom"}),
        (row("percussion", "percussion", detail="high timbale; source 44100 Hz"), {"tom"}),
        (row("tom", "tom", "timbale1.wav"), {"percussion"}),
        (row("cymbal", "cymbal", "Chinese gong.wav"), {"percussion"}),
        (row("rim", "snare", "R8.wav"), {"percussion"}),
        (row("snare", "snare", "808 rimshot.wav"), {"percussion"}),
        (row("shaker", "percussion", "01.wav"), {"hat"}),
        (row("percussion", "percussion", "maracas.wav"), {"hat"}),
        (row("kick", "kick", "kick hit.wav"), set()),
        (row("snare", "snare", "primer.wav"), set()),
        (row("hihat", "hat", "shaker hat.wav"), {"percussion"}),
        (row("kick", "kick", "perc gong.wav"), set()),
        (row("other", "other", "a.wav", "orchestra hit; source 44100 Hz"), {"?"}),
        (row("other", "other", "a.wav", "bass; hit"), set()),
    ],
    ids=lambda value: value.origin.rpartition("/")[2] if isinstance(value, Row) else "",
)
def test_what_a_name_allows(sound, others):
    everything = set(TARGETS.families) - {"kick"}
    expected = everything if others == {"?"} else {TARGETS.family(sound), *others}
    assert families(sound, TARGETS) == expected


def test_percussion_of_any_kind_is_anything_but_a_kick():
    everything = set(TARGETS.families) - {"kick"}
    assert families(row("percussion", "percussion", "djembe.wav"), TARGETS) == {"percussion"}
    assert families(row("cowbell", "percussion", "perc_cow.wav"), TARGETS) == everything
    assert families(row("cowbell", "percussion", "cow.wav"), TARGETS) == {"percussion"}


def test_a_verdict_is_right_where_the_name_allows_it():
    names = list(TARGETS.families)
    rows = [row("rim", "snare")] * 3 + [row("kick", "kick")]
    best = np.array([names.index(name) for name in ("percussion", "snare", "tom", "percussion")])
    assert right(rows, TARGETS, best).tolist() == [True, True, False, False]
