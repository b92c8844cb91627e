"""What is said of a data set, against a small one that is known by heart."""

import csv
import re

import numpy as np
import pytest
import soundfile

from drumsort.features import LogMel
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Row
from drumsort.lab.data.stats import nearest_of_other_groups, stats
from drumsort.lab.report.stats import html, summary

from ...synth.drums import synthesize

SPLITS = ("train", "train", "val", "test")


def written(folder, rows, rate_of):
    """Sounds of these rows, a second long from seed to seed, at the rate of their label."""
    folder.mkdir(exist_ok=True)
    for row, seed in rows:
        rate = rate_of[row.family]
        soundfile.write(folder / row.path, synthesize(row.family, seed, rate)[:rate], rate)
    return Data(folder, [row for row, _ in rows])


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Eight kicks at 16 kHz, four snares at 44.1 kHz, a kick that is a snare, a broken file."""
    folder = tmp_path_factory.mktemp("known")
    rows = [
        (Row(f"{label}{i}.wav", label, label, f"g{i % 4}", SPLITS[i % 4]), i)
        for label, n in (("kick", 8), ("snare", 4))
        for i in range(n)
    ]
    written(folder, rows, {"kick": 16000, "snare": 44100})
    rows.append((Row("copy.wav", "kick", "kick", "g9", "test"), 0))
    (folder / "copy.wav").write_bytes((folder / "snare0.wav").read_bytes())
    rows.append((Row("broken.wav", "snare", "snare", "g9", "test"), 0))
    (folder / "broken.wav").write_bytes(b"no sound")
    data = Data(folder, [row for row, _ in rows])
    return stats(FeatureCache(LogMel(), folder / "cache").features(data))


def test_classes_splits_rates_and_groups_are_counted(measured):
    assert measured.sounds == 13
    assert measured.classes == measured.by_family == {"kick": 9, "snare": 4}
    assert measured.splits == {
        "train": {"kick": 4, "snare": 2},
        "val": {"kick": 2, "snare": 1},
        "test": {"kick": 3, "snare": 1},
    }
    assert measured.rates == {"kick": {16000: 8, 44100: 1}, "snare": {44100: 4}}
    assert measured.groups == {"g0": 3, "g1": 3, "g2": 3, "g3": 3, "g9": 1}


def test_balance_and_what_the_rate_tells(measured):
    assert measured.imbalance == 9 / 4
    shares = np.array([9, 4]) / 13
    assert measured.evenness == pytest.approx(-(shares * np.log2(shares)).sum())
    assert measured.right_by_rate == (12 / 13, 9 / 13)


def test_durations_are_quantiles_in_seconds(measured, tmp_path):
    rows = [(Row(f"{i}.wav", "kick", "kick", str(i)), i) for i in range(3)]
    data = written(tmp_path, rows, {"kick": 16000})
    for i, seconds in enumerate((0.2, 0.1, 0.3)):
        noise = np.random.default_rng(i).uniform(-0.5, 0.5, int(16000 * seconds))
        soundfile.write(tmp_path / f"{i}.wav", noise, 16000)
    durations = stats(FeatureCache(LogMel(), tmp_path).features(data)).durations["kick"]
    assert durations == pytest.approx((0.11, 0.15, 0.2, 0.25, 0.29))


def test_the_same_sound_in_two_families_is_named(measured):
    (twins,) = measured.exact
    assert {twins.first, twins.second} == {"snare0.wav", "copy.wav"}
    assert measured.contradictions == [twins]
    assert measured.leakage["test"].exact == 1 / 4
    assert measured.leakage["val"].exact == 0


def test_a_softer_copy_is_near_but_not_exact(tmp_path):
    sound = (synthesize("snare", 1, 16000) * 32767).astype(np.int16)
    rows = [Row(f"{i}.wav", "snare", "snare", "") for i in range(3)]
    for row, samples in zip(rows, (sound, sound, sound // 2), strict=True):
        soundfile.write(tmp_path / row.path, samples, 16000)
    found = stats(FeatureCache(LogMel(), tmp_path).features(Data(tmp_path, rows)))
    assert [(twins.first, twins.second) for twins in found.exact] == [("0.wav", "1.wav")]
    assert len(found.near) == 3


def test_a_sound_that_cannot_be_heard_is_a_sentence(measured):
    (sentence,) = measured.failures
    assert "broken.wav" in sentence


def test_the_nearest_sound_is_of_another_group():
    log_mels = np.zeros((4, 2, 2), np.float32)
    log_mels[:, 0, 0] = [0, 1, 5, 7]
    assert nearest_of_other_groups(log_mels, ["a", "a", "b", "b"]).tolist() == [2, 2, 1, 1]
    assert nearest_of_other_groups(log_mels, ["a", "b", "c", "d"]).tolist() == [1, 0, 3, 2]
    assert nearest_of_other_groups(log_mels, ["a"] * 4).tolist() == [-1] * 4


def test_overlaps_are_shares_of_the_first_class(measured):
    assert {label: sum(row.values()) for label, row in measured.nearest.items()} == {
        "kick": 9,
        "snare": 4,
    }
    assert measured.nearest["snare"]["kick"] >= 1  # the copy is nearest to its original
    share = measured.nearest["snare"]["kick"] / 4
    assert ("snare", "kick", share) in measured.overlaps
    right, of_family = measured.right_by_nearest
    assert right == of_family == sum(measured.nearest[c].get(c, 0) for c in measured.classes) / 13


def test_the_page_stands_alone_and_names_everything(measured, tmp_path):
    page = html(measured, tmp_path)
    links = re.findall(r'(?:src|href)="(.)', page) + re.findall(r"url\((.)", page)
    assert set(links) <= {"#", "d"}  # places in the page itself, and data:
    assert page.count("<svg") == 5
    for text in ("kick", "copy.wav", "broken.wav", *(value for _, value in summary(measured))):
        assert text in page


def test_class_names_are_escaped_and_never_taken_for_formulas(tmp_path):
    rows = [(Row(f"{i}.wav", label, "kick", "g"), i) for i, label in enumerate(["<b>", r"$\x$"])]
    data = written(tmp_path, rows, {"kick": 16000})
    page = html(stats(FeatureCache(LogMel(), tmp_path).features(data)), tmp_path)
    assert "<b>" not in page.replace("<body>", "")
    assert page.count("<svg") == 4  # one group: there is no other to be near to


def test_a_manifest_with_labels_known_in_part_keeps_drumsorts_order(tmp_path):
    labels = {
        "loop": "other",
        "tom": "tom",
        "hihat": "hat",
        "closed_hat": "hat",
        "zither": "zither",
    }
    for i in range(len(labels)):
        soundfile.write(tmp_path / f"{i}.wav", synthesize("tom", i, 16000), 16000)
    with (tmp_path / "manifest.csv").open("w", newline="") as stream:
        lines = [(f"{i}.wav", *pair) for i, pair in enumerate(labels.items())]
        csv.writer(stream).writerows([("path", "label", "family"), *lines])
    found = stats(FeatureCache(LogMel(), tmp_path).features(open_data(tmp_path)))
    assert list(found.classes) == ["closed_hat", "hihat", "tom", "loop", "zither"]
    assert found.splits == found.leakage == {}
    assert found.by_family == {"hat": 2, "tom": 1, "other": 1, "zither": 1}
