"""A stream of files: in order, as they come, never more than some of them waiting."""

import random
import time
from functools import partial

import pytest

from drumsort.hearing import HeardFile, Listener, Pool, in_order
from drumsort.hearing.pool import GROUP
from drumsort.model.bundle import Bundle


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load()


def refuse():
    pytest.fail("a pool was started")


def mixed(paths):
    """Pairs of which every third has no file to hear."""
    return [(number, None if number % 3 == 0 else path) for number, path in enumerate(paths)]


def test_without_a_pool_each_is_heard_before_the_next_is_asked_for(tmp_path):
    taken, heard = [], []

    def asked():
        for number in range(5):
            taken.append(number)
            yield number, tmp_path / str(number)

    def hear(path):
        heard.append(path)
        return HeardFile()

    for number, _ in in_order(asked(), hear):
        assert len(taken) == len(heard) == number + 1


def test_less_than_a_group_is_heard_in_this_process(sounds, bundle):
    few = [(path, path) for path in sounds[: GROUP - 1]]
    heard = list(in_order(few, Listener(bundle), refuse))
    assert [path for path, _ in heard] == sounds[: GROUP - 1]
    assert all(file.heard for _, file in heard)


def test_what_is_known_starts_no_pool(sounds):
    asked = [(number, None) for number in range(1000)]
    assert list(in_order(asked, pytest.fail, refuse)) == asked


def test_what_comes_slowly_is_heard_as_it_comes(sounds, bundle):
    def slowly():
        for path in sounds[:2]:
            time.sleep(0.11)
            yield path, path
        time.sleep(0.11)
        yield "no file", None
        pytest.fail("the first two were not given by now")

    results = in_order(slowly(), Listener(bundle), refuse)
    assert [next(results)[0] for _ in range(2)] == sounds[:2]


def test_what_is_heard_here_and_there_is_the_same(sounds, bundle):
    asked = mixed(sounds)
    here = list(in_order(asked, Listener(bundle)))
    there = list(in_order(asked, pytest.fail, partial(Pool, bundle, 2)))
    assert [thing for thing, _ in there] == list(range(len(sounds)))
    for (_, a), (_, b) in zip(here, there, strict=True):
        assert (a is None) == (b is None)
        if a and b:
            assert (a.size, a.mtime_ns, a.remark, a.error) == (
                b.size,
                b.mtime_ns,
                b.remark,
                b.error,
            )
            assert a.heard.scores.tobytes() == b.heard.scores.tobytes()
            assert a.heard.embedding.tobytes() == b.heard.embedding.tobytes()


@pytest.mark.parametrize("most", [1, GROUP, 100])
def test_no_more_wait_than_are_allowed_to(sounds, bundle, most):
    taken = 0

    def endless():
        nonlocal taken
        rng = random.Random(2)
        while True:
            taken += 1
            yield taken, rng.choice([None, *sounds])

    results = in_order(endless(), Listener(bundle), partial(Pool, bundle, 2), most)
    assert taken == 0
    for number, _ in zip(range(1, 400), results, strict=False):
        assert taken < most + number
    results.close()


def test_facts_are_given_where_they_are_asked_for(sounds, bundle):
    asked = [(path, path) for path in sounds[:GROUP]]
    heard = in_order(asked, pytest.fail, partial(Pool, bundle, 1, facts=True))
    listen = partial(Listener(bundle), facts=True)
    assert [file.facts for _, file in heard] == [listen(path).facts for path in sounds[:GROUP]]
