"""Folders of drives that fail while they are watched."""

import errno
import threading

import pytest

from drumsort.watching.folders import Folders
from drumsort.workflows.watch import Held, _Attempts

from ..small_library import failing


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOTCONN, errno.ESTALE, errno.EACCES])
def test_a_drive_that_fails_is_away_until_it_is_back(tmp_path, monkeypatch, number):
    stop = threading.Event()
    places = Folders([tmp_path], None, tick=0.01)
    assert places.wait(stop).back == [tmp_path]
    with monkeypatch.context() as broken:
        failing(broken, tmp_path, number)
        assert places.wait(stop).away == [tmp_path]
        assert places.there() == []
    assert places.wait(stop).back == [tmp_path]
    places.close()


def test_what_a_failing_drive_stops_is_tried_again():
    told = []

    def fail():
        raise OSError(errno.EIO, "Input/output error", "/Samples")

    attempts = _Attempts(told.append, again=0.0)
    assert attempts.attempt(fail) is attempts.attempt(fail) is None
    why = "/Samples cannot be read or written (Input/output error). This is tried again."
    assert told == [Held(why)]
    assert attempts.attempt(lambda: 1) == 1
