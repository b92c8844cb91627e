"""Names of places: read, written, taken apart, and kept free of secrets."""

import os
import pickle
from pathlib import Path

import pytest

from drumsort.errors import DrumsortError
from drumsort.remote import Url, as_path, is_url
from drumsort.remote.place import Version


@pytest.mark.parametrize(
    "text",
    [
        "s3://bucket/Kicks/a b#1%.wav",
        "https://host:8000/Kicks/ü.wav",
        "zip://Kicks/a.wav::s3://bucket/pack.zip",
        "zip://Kicks/a.wav::file:///home/me/pack.zip",
        "sftp://me@host/Kicks/a.wav",
        "zip://::s3://bucket/pack.zip",
    ],
)
def test_a_url_comes_back_as_it_was(text):
    url = as_path(text)
    url.version = Version(5, "x")
    again = pickle.loads(pickle.dumps(url))
    assert is_url(text) and is_url(url)
    assert str(url) == str(again) == text and again == url and again.version == url.version
    assert as_path(os.fspath(url)) == url
    assert url.absolute() is url and str(url / "b" / ".." / "c").startswith(text[:5])


def test_what_is_in_an_archive_has_a_folder():
    url = Url.of("zip://Kicks/a.wav::s3://bucket/pack.zip")
    assert (url.name, url.suffix, url.parent.name) == ("a.wav", ".wav", "Kicks")
    assert str(url.parent) == "zip://Kicks::s3://bucket/pack.zip"
    assert os.fspath(url).startswith(os.fspath(url.parent) + "/")
    assert str(url.relative_to(Url.of("s3://bucket"))) == "pack.zip/zip:/Kicks/a.wav"


def test_a_folder_comes_before_what_is_in_it():  # Python 3.12 and newer sort paths by their str
    urls = [
        "s3://b/p.zip",
        "zip://Kicks::s3://b/p.zip",
        "zip://Kicks/a.wav::s3://b/p.zip",
        "s3://b/q",
    ]
    assert [str(place) for place in sorted(map(Url.of, reversed(urls)))] == urls


def test_a_local_path_stays_local(tmp_path):
    assert as_path(f"file://{tmp_path}") == tmp_path and type(as_path("a/b.wav")) is type(Path())
    assert not is_url("C:/Samples") and not is_url("a:b") and not is_url(Path("s3://x"))


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hunter2@host/a.wav",
        "https://host/a.wav?X-Amz-Signature=hunter2",
        "sftp://me:hunter2@host/a.wav",
    ],
)
def test_a_url_with_a_secret_is_refused_without_saying_it(text):
    with pytest.raises(DrumsortError, match="would stand in every result") as raised:
        as_path(text)
    assert "hunter2" not in str(raised.value) and "host/a.wav" in str(raised.value)


@pytest.mark.parametrize("text", ["zip://a.wav", "zip:///home/me/pack.zip"])
def test_an_archive_must_be_named(text):
    with pytest.raises(DrumsortError, match=r"does not say which archive.*zip://::PATH"):
        as_path(text)


def test_a_stamp_tells_etags_apart_and_is_no_time():
    one, other = Version(1, "a").stamp, Version(1, "b").stamp
    assert one != other and max(one, other) < 0 and Version(1).stamp == 0
    assert min(one, other) >= -(2**63)
