"""What waits until it is whole, by a clock that the test sets."""

import pytest

from drumsort.watching.rest import MANY, Restless, look_at


@pytest.fixture
def restless():
    return Restless(rest=2.0, most=60.0)


def after(restless, start, seconds, step=0.5):
    """What is ready by then, looked at every half second; and when."""
    now = start
    while now <= start + seconds:
        if ready := restless.ready(now):
            return set(ready), now - start
        now += step
    return set(), None


def test_a_file_is_ready_when_it_has_not_changed_for_a_while(restless, tmp_path):
    file = tmp_path / "kick.wav"
    file.write_bytes(b"1")
    restless.add(file, 100.0)
    ready, when = after(restless, 100.0, 10)
    assert ready == {file} and 2.0 <= when <= 3.0
    restless.done(ready, 103.0)
    assert after(restless, 103.0, 10) == (set(), None)


def test_a_file_that_grows_without_a_word_waits(restless, tmp_path):
    file = tmp_path / "kick.wav"
    restless.add(file, 0.0)
    for now in range(1, 20):
        file.write_bytes(b"1" * now)
        assert not restless.ready(float(now))
    assert after(restless, 19.0, 10)[0] == {file}


def test_what_is_whole_does_not_wait_for_a_file_that_grows(restless, tmp_path):
    long, short = tmp_path / "long.wav", tmp_path / "short.wav"
    long.touch()
    short.touch()
    restless.add(long, 0.0)
    restless.add(short, 0.0)
    for tenth in range(1, 100):
        restless.add(long, tenth / 10)
        if ready := restless.ready(tenth / 10):
            break
    assert set(ready) == {short}
    assert restless.others(ready) == {long}


def test_a_new_folder_waits_as_a_whole(restless, tmp_path):
    pack = tmp_path / "Pack"
    (pack / "Kicks").mkdir(parents=True)
    restless.add(pack / "Kicks", 0.0, new_folder=True)
    restless.add(pack, 0.0, new_folder=True)
    for number in range(1, 12):
        (pack / "Kicks" / f"{number}.wav").write_bytes(b"1")
        if number % 2:  # the system does not tell of all of them
            restless.add(pack / "Kicks" / f"{number}.wav", float(number))
        assert not restless.ready(number + 0.5)
    ready, _ = after(restless, 11.5, 10)
    assert ready == {pack}
    assert look_at(pack)[0] == 11


def test_a_storm_is_ready_at_once_when_it_is_over(restless, tmp_path):
    for number in range(MANY):
        restless.add(tmp_path / f"{number}.wav", number / 100)
        assert not restless.ready(number / 100)
    ready, _ = after(restless, MANY / 100, 10)
    assert len(ready) == MANY and restless.many(ready)


def test_a_storm_without_end_is_taken_up_in_between(restless, tmp_path):
    taken = 0
    for number in range(300):
        restless.add(tmp_path / f"{number}.wav", float(number))
        if ready := restless.ready(float(number)):
            restless.done(ready, float(number))
            taken += 1
    assert taken == 4


def test_a_file_that_went_is_ready_too(restless, tmp_path):
    restless.add(tmp_path / "gone.wav", 0.0)
    assert after(restless, 0.0, 10)[0] == {tmp_path / "gone.wav"}
    assert restless.below(tmp_path) == {tmp_path / "gone.wav"}
