import numpy as np

from drumsort.lab.data.leakage import Leakage, leakage
from drumsort.lab.data.near_duplicates import Duplicates
from drumsort.lab.data.rows import Row


def rows(*places):
    return [
        Row(f"{i}.wav", "kick", "kick", group, split) for i, (split, group) in enumerate(places)
    ]


def pairs(exact=(), near=()):
    both = np.array([*exact, *near], np.int64).reshape(-1, 2)
    return Duplicates(
        np.array([*exact], np.int64).reshape(-1, 2), both, np.ones(len(both), np.float32)
    )


def test_shares_are_of_the_split_and_count_what_is_in_train_only():
    sounds = rows(
        ("train", "a"), ("train", "b"), ("val", "c"), ("val", "d"), ("val", "a"), ("val", "e"),
        ("test", "f"), ("test", "c"),
    )  # fmt: skip
    found = pairs(exact=[(0, 2), (2, 7)], near=[(1, 2), (1, 3), (5, 6)])
    assert leakage(sounds, found) == {
        "val": Leakage(exact=1 / 4, near=2 / 4, group=1 / 4),
        "test": Leakage(exact=0, near=0, group=0),
    }


def test_the_order_within_a_pair_does_not_matter():
    sounds = rows(("test", "a"), ("train", "b"))
    assert leakage(sounds, pairs(near=[(0, 1)]))["test"] == Leakage(0, 1, 0)


def test_a_split_without_sounds_is_left_out():
    assert leakage(rows(("train", "a"), ("", "b"), ("test", "a")), pairs()) == {
        "test": Leakage(0, 0, 1)
    }
    assert leakage(rows(("", "a")), pairs()) == {}
