"""Whatever a server does, the file is whole and right at the end, or there is one sentence."""

import hashlib
import random
import re
import resource
import shutil
import tempfile
import time
from collections import namedtuple
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumsort.errors import DataError
from drumsort.lab.data import web
from drumsort.lab.data.disk import DiskError
from drumsort.lab.data.download import download

SIZE = 300_000
CONTENT = random.Random(0).randbytes(SIZE)
OTHER = random.Random(1).randbytes(SIZE)
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def offer(site):
    """The site, with ``CONTENT`` at ``/a.zip``."""
    site.files["/a.zip"] = CONTENT
    return site


@pytest.fixture
def fetch(offer, tmp_path):
    """Downloads ``/a.zip`` to where it returns; afterwards no part is left."""

    def fetch(**known):
        path = tmp_path / "a.zip"
        download(f"{offer.url}/a.zip", path, **({"size": SIZE, "md5": MD5} | known))
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]
        return path

    return fetch


@pytest.fixture
def part(tmp_path):
    """What an earlier call left: the first 100,000 bytes."""
    part = tmp_path / "a.zip.part"
    part.write_bytes(CONTENT[:100_000])
    return part


@pytest.fixture
def slept(monkeypatch):
    """Every pause, in seconds; none is made."""
    pauses = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def sentence(kind, fetch, **known) -> str:
    """What ``fetch`` says is wrong."""
    with pytest.raises(kind) as caught:
        fetch(**known)
    assert type(caught.value) is kind
    assert re.fullmatch(r"[^\n]+[^.\n]\.", str(caught.value))
    return str(caught.value)


@pytest.mark.parametrize("known", [{}, {"size": None}, {"md5": None}, {"size": None, "md5": None}])
def test_a_file_is_fetched_at_once(fetch, offer, known):
    seen = []
    path = fetch(on_progress=lambda *bytes: seen.append(bytes), **known)
    assert path.read_bytes() == CONTENT
    assert offer.asked == [("/a.zip", "")]
    assert seen == sorted(seen)
    assert seen[-1] == (SIZE, SIZE)


def test_an_empty_file(offer, tmp_path):
    offer.files["/none"] = b""
    download(f"{offer.url}/none", tmp_path / "none", size=0, md5=hashlib.md5(b"").hexdigest())
    assert (tmp_path / "none").read_bytes() == b""


def test_what_is_there_is_not_fetched_again(fetch, offer, tmp_path):
    (tmp_path / "a.zip").write_bytes(CONTENT)
    fetch()
    assert offer.asked == []


def test_another_file_of_that_name_is_left_alone(fetch, offer, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"mine")
    assert "move it away" in sentence(DataError, fetch)
    assert (tmp_path / "a.zip").read_bytes() == b"mine"
    assert offer.asked == []


@pytest.mark.parametrize("known", [{}, {"size": None}, {"md5": None}])
def test_a_body_that_breaks_off_is_continued(fetch, offer, known):
    for cut in (100_000, 50_000, 70_000):
        offer.once("/a.zip", cut=cut)
    assert fetch(**known).read_bytes() == CONTENT
    starts = [int(range.strip("bytes=-") or 0) for _, range in offer.asked]
    assert len(starts) == 4
    for start, end, cut in zip(starts, starts[1:], (100_000, 50_000, 70_000), strict=False):
        assert start + cut - 16384 < end <= start + cut


@pytest.mark.usefixtures("part")
def test_a_part_of_an_earlier_call_is_continued(fetch, offer):
    assert fetch().read_bytes() == CONTENT
    assert offer.asked == [("/a.zip", "bytes=100000-")]


def test_a_whole_part_needs_no_request(fetch, offer, part):
    part.write_bytes(CONTENT)
    fetch()
    assert offer.asked == []


@pytest.mark.usefixtures("part")
def test_a_part_that_cannot_be_checked_is_not_continued(fetch, offer):
    assert fetch(md5=None).read_bytes() == CONTENT
    assert offer.asked == [("/a.zip", "")]


@pytest.mark.usefixtures("part")
def test_a_range_is_asked_for_behind_a_redirect(fetch, offer):
    offer.files["/elsewhere"] = CONTENT
    offer.once("/a.zip", status=302, headers={"Location": "/elsewhere"})
    assert fetch().read_bytes() == CONTENT
    assert offer.asked == [("/a.zip", "bytes=100000-"), ("/elsewhere", "bytes=100000-")]


@pytest.mark.usefixtures("part")
def test_a_server_that_ignores_ranges(fetch, offer):
    offer.always("/a.zip", ranges=False)
    assert fetch().read_bytes() == CONTENT
    assert len(offer.asked) == 1


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize(
    "reply",
    [
        {"status": 416},
        {"headers": {"Content-Range": "bytes 7-299999/300000"}},
        {"headers": {"Content-Range": ""}},
    ],
    ids=["refused", "another range", "no range said"],
)
def test_a_range_that_is_not_answered_as_asked(fetch, offer, reply):
    offer.once("/a.zip", **reply)
    assert fetch().read_bytes() == CONTENT
    assert offer.asked == [("/a.zip", "bytes=100000-"), ("/a.zip", "")]


@pytest.mark.parametrize("left", [OTHER[:100_000], OTHER, CONTENT + b"x"])
def test_a_part_of_another_file_is_found_out(fetch, offer, part, left):
    part.write_bytes(left)
    assert fetch().read_bytes() == CONTENT
    assert offer.asked[-1] == ("/a.zip", "")


def test_a_file_that_changes_while_it_is_fetched(fetch, offer):
    offer.once("/a.zip", content=OTHER, cut=100_000)
    assert fetch(md5=None).read_bytes() == CONTENT
    assert len(offer.asked) == 2


def test_a_weak_etag_is_no_reason_to_begin_anew(fetch, offer):
    offer.once("/a.zip", cut=100_000, headers={"ETag": 'W/"a"'})
    seen = []
    fetch(on_progress=lambda done, _: seen.append(done))
    assert seen == sorted(seen)


@pytest.mark.parametrize("content", [OTHER, OTHER[:-1], CONTENT + b"x", b""])
def test_a_file_that_is_wrong_once(fetch, offer, content):
    offer.once("/a.zip", content=content)
    assert fetch().read_bytes() == CONTENT


@pytest.mark.parametrize("content", [OTHER, CONTENT + bytes(10_000_000)], ids=["wrong", "long"])
@pytest.mark.parametrize("known", [{}, {"md5": None, "size": SIZE - 1}])
def test_a_file_that_stays_wrong_is_named_and_not_kept(fetch, offer, tmp_path, content, known):
    offer.always("/a.zip", content=content)
    seen = []
    message = sentence(DataError, fetch, on_progress=lambda done, _: seen.append(done), **known)
    assert "a.zip arrived damaged twice" in message
    assert max(seen) < SIZE + 16384
    assert len(offer.asked) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(fetch, offer, status):
    offer.once("/a.zip", status=status)
    offer.once("/a.zip", status=status, headers={"Retry-After": "0"})
    assert fetch().read_bytes() == CONTENT
    assert len(offer.asked) == 3


def test_a_lost_connection_is_made_again(fetch, offer):
    for _ in range(3):
        offer.once("/a.zip", cut=-1)
    assert fetch().read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "headers", "pauses"),
    [
        (429, {"Retry-After": "7"}, [7]),
        (503, {"Retry-After": "7"}, [7]),
        (429, {"X-RateLimit-Reset": "1704067207"}, [7]),  # 00:00:07 on that day
        (429, {"X-RateLimit-Reset": "1704067207", "Retry-After": "3"}, [3]),
        (429, {"X-RateLimit-Reset": "1704060000"}, []),
        (429, {"X-RateLimit-Reset": "soon"}, []),
        (503, {"X-RateLimit-Reset": "1704067207"}, []),
    ],
    ids=str,
)
def test_the_pause_is_as_long_as_the_server_asks(fetch, offer, slept, status, headers, pauses):
    date = {"Date": "Mon, 01 Jan 2024 00:00:00 GMT"}
    offer.once("/a.zip", status=status, headers=headers | date)
    fetch()
    assert [pause for pause in slept if pause] == pauses


def test_a_reset_is_by_our_clock_where_the_server_tells_no_time(fetch, offer, slept):
    reset = {"X-RateLimit-Reset": str(int(time.time()) + 60), "Date": ""}
    offer.once("/a.zip", status=429, headers=reset)
    fetch()
    assert 0 < max(slept) <= 60


@pytest.mark.parametrize("headers", [{"Retry-After": "3600"}, {"X-RateLimit-Reset": "1704070800"}])
def test_a_server_that_asks_to_wait_for_long_is_left_alone(fetch, offer, part, headers):
    date = {"Date": "Mon, 01 Jan 2024 00:00:00 GMT"}
    offer.always("/a.zip", status=429, headers=headers | date)
    assert "asks to wait 60 minutes" in sentence(web.UnreachableError, fetch)
    assert len(offer.asked) == 1
    assert part.read_bytes() == CONTENT[:100_000]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"status": 429}, "is busy (429 Too Many Requests)"),
        ({"status": 503}, "is busy (503 Service Unavailable)"),
        ({"cut": -1}, "cannot be reached (Remote end closed connection without response)"),
        ({"cut": 0}, "keeps breaking"),
    ],
    ids=str,
)
def test_a_server_that_never_answers_is_given_up(fetch, offer, part, reply, words):
    offer.always("/a.zip", **reply)
    assert words in sentence(web.UnreachableError, fetch)
    assert len(offer.asked) == 1 + web.TRIES
    assert part.read_bytes() == CONTENT[:100_000]


def test_a_server_that_is_not_there(site, tmp_path):
    with pytest.raises(web.UnreachableError, match="Connection refused"):
        download("http://127.0.0.1:1/a.zip", tmp_path / "a.zip")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500])
def test_a_server_that_refuses(fetch, offer, tmp_path, status):
    offer.always("/a.zip", status=status)
    assert f"({status} " in sentence(DataError, fetch)
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize("url", ["", "a.zip", "file:///etc/passwd", "http://", "http://[::1"])
def test_addresses_that_are_none(tmp_path, url):
    with pytest.raises(DataError, match="is not a valid address"):
        download(url, tmp_path / "a.zip")


def test_a_disk_that_gets_full(fetch, offer, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, limits[1]))
    try:
        assert "a.zip cannot be written (File too large)" in sentence(DiskError, fetch)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not (tmp_path / "a.zip").exists()
    kept = (tmp_path / "a.zip.part").stat().st_size
    assert 0 < kept <= 150_000
    assert fetch().read_bytes() == CONTENT
    assert offer.asked[1:] == [("/a.zip", f"bytes={kept}-")]


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize("known", [{}, {"size": None}])
def test_room_is_looked_for_first(fetch, offer, part, monkeypatch, known):
    usage = namedtuple("usage", ["free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(199_999))
    assert "0.2 MB left" in sentence(DiskError, fetch, **known)
    assert part.read_bytes() == CONTENT[:100_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(200_000))
    fetch(**known)


def test_a_folder_that_cannot_be_made(offer, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskError, match=r"a\.zip cannot be written"):
        download(f"{offer.url}/a.zip", tmp_path / "file" / "a.zip")


FAULTS = st.one_of(
    st.builds(dict, cut=st.integers(-1, SIZE)),
    st.builds(dict, cut=st.integers(0, SIZE), content=st.just(OTHER)),
    st.builds(dict, status=st.sampled_from([416, 429, 503])),
    st.builds(dict, ranges=st.just(False), cut=st.integers(0, SIZE)),
    st.just({"headers": {"Content-Range": "bytes 1-2/3"}}),
)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(faults=st.lists(FAULTS, max_size=5), left=st.integers(0, SIZE), known=st.booleans())
def test_any_faults_in_any_order(offer, faults, left, known):
    offer.forget()
    for fault in faults:
        offer.once("/a.zip", **fault)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.with_name("a.zip.part").write_bytes(CONTENT[:left])
        try:
            download(f"{offer.url}/a.zip", path, size=SIZE if known else None, md5=MD5)
        except DataError:
            assert sum("content" in fault for fault in faults) >= 2  # damaged twice
            assert not path.exists()
        else:
            assert path.read_bytes() == CONTENT
