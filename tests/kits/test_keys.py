"""Each sound gets a key, its kind's own first."""

from pathlib import Path

from drumsort.catalog import Entry
from drumsort.kits.keys import GENERAL_MIDI, on_keys
from drumsort.taxonomy import LABELS
from drumsort.types import Analysis, Facts


def entry(label, name="a", pitch=None):
    analysis = Analysis(-10.0, -1.0, 0.0, 1000.0, pitch)
    facts = Facts("", "", 1.0, 44100, 1, "WAV PCM_16", "", analysis)
    path = Path(f"/{label} {name}.wav")
    return Entry(path, Path("/"), "", 1, 1, False, None, facts, None, None, label)


def test_the_first_of_each_label_lies_where_general_midi_has_it():
    given, left_out = on_keys([entry(label) for label in reversed(LABELS)])
    keys = {e.correction: key for key, e in given}
    assert left_out == []
    assert all(keys[label] == homes[0] for label, homes in GENERAL_MIDI.items())
    assert len(set(keys.values())) == len(LABELS)
    assert [key for key, _ in given] == sorted(key for key, _ in given)


def test_toms_rise_with_their_pitch():
    toms = [entry("tom", str(n), pitch) for n, pitch in enumerate([200.0, 80.0, 120.0])]
    given, _ = on_keys(toms)
    assert [(key, e.pitch_hz) for key, e in given] == [(41, 80.0), (43, 120.0), (45, 200.0)]


def test_more_than_a_label_has_keys_for_go_where_no_label_is_at_home():
    given, _ = on_keys([entry("kick", f"{n:02}") for n in range(5)])
    keys = [key for key, e in given]
    homes = {key for homes in GENERAL_MIDI.values() for key in homes}
    assert set(keys) & homes == {35, 36}
    assert min(set(keys) - homes) >= 36


def test_a_sound_on_a_pad_has_the_note_of_the_pad():
    kick, hat, clap = entry("kick"), entry("closed_hat"), entry("clap")
    given, _ = on_keys([kick, hat, clap], {0: hat, 6: hat, 1: kick})
    assert [(key, e.correction) for key, e in given] == [
        *((36, "closed_hat"), (38, "kick"), (39, "clap"), (46, "closed_hat")),
    ]


def test_there_are_128_keys():
    given, left_out = on_keys([entry("snare", f"{n:03}") for n in range(130)])
    assert [key for key, _ in given] == list(range(128))
    assert [e.path.stem for e in left_out] == ["snare 128", "snare 129"]
