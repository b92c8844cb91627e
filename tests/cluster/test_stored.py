"""Results in a store: the same rows as in a folder, and going on after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import polars
import pytest

from drumsort.catalog import Catalog
from drumsort.cli import group
from drumsort.cluster import parts
from drumsort.errors import DrumsortError
from drumsort.workflows.results import classify_into, fill

from ..stores import ObjectStore


@pytest.fixture
def store(library, tmp_path, monkeypatch):
    """The library as a bucket, and beside it one for results."""
    bucket = f"sounds-{tmp_path.name}".replace("_", "-")
    shutil.move(library, tmp_path / "stores" / bucket / "Lib")
    monkeypatch.setattr(parts, "ROWS", 3)
    with ObjectStore(tmp_path / "stores") as one:
        for name, value in one.environment().items():
            monkeypatch.setenv(name, value)
        one.sounds, one.out = f"s3://{bucket}/Lib", f"s3://out-{bucket}/deep/results"
        one.folder = tmp_path / "stores" / f"out-{bucket}" / "deep" / "results"
        yield one


def frame(folder):
    return polars.concat([polars.read_parquet(path) for path in sorted(folder.glob("part-*"))])


def test_a_store_gets_the_rows_that_a_folder_gets(store, tmp_path):
    store.busy = store.silent = 1  # the first answer is 503, and what is kept is not said at once
    done = classify_into(store.out, [store.sounds], workers=1)
    assert (done.heard, done.failed) == (22, 2)
    assert done.parts > 3 and str(done.out) == store.out
    classify_into(tmp_path / "here", [store.sounds], workers=1)
    assert frame(store.folder).equals(frame(tmp_path / "here"))
    assert classify_into(store.out, [store.sounds], workers=1).before == 24
    fill(store.out, catalog=tmp_path / "filled.db")
    fill(tmp_path / "here", catalog=tmp_path / "other.db")
    with Catalog(tmp_path / "filled.db") as filled, Catalog(tmp_path / "other.db") as other:
        assert list(filled.entries()) == list(other.entries())


def test_a_run_that_was_killed_goes_on(store, tmp_path):
    code = (
        "import sys, time; from drumsort.cluster import parts; parts.ROWS = 3\n"
        "write = parts.Parts.write\n"
        "def slow(self): write(self); time.sleep(0.3)\n"
        "parts.Parts.write = slow\n"
        "from drumsort.workflows.results import classify_into\n"
        "classify_into(sys.argv[1], sys.argv[2:], workers=1)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, store.out, store.sounds])
    while len(list(store.folder.glob("part-*"))) < 2 and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = len(frame(store.folder))
    assert 0 < before < 24
    done = classify_into(store.out, [store.sounds], workers=1)
    assert (done.before, done.heard + done.failed) == (before, 24 - before)
    classify_into(tmp_path / "whole", [store.sounds], workers=1)
    assert frame(store.folder).equals(frame(tmp_path / "whole"))


def test_the_same_in_the_protocol_of_googles_store(store, tmp_path, monkeypatch):
    """Its lists and objects are those of S3, but for who asks."""
    who = dict.fromkeys(["client_email", "private_key", "private_key_id"], "")
    who |= {"gcs_base_url": store.url, "disable_oauth": True}
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", json.dumps(who))
    sounds, out = (url.replace("s3:", "gs:") for url in (store.sounds, store.out))
    store.silent = 1
    assert classify_into(out, [sounds], workers=1).heard == 22
    assert classify_into(out, [sounds], workers=1).before == 24
    classify_into(tmp_path / "s3", [store.sounds], workers=1)
    rows, same = (
        frame(folder).drop("path", "root", "error", "stamp", "etag")
        for folder in (store.folder, tmp_path / "s3")
    )
    assert rows.equals(same)


def test_no_part_of_another_process_is_written_over(store):
    one, other = (parts.Parts(drumsort_path(store.out), {"a": 1}) for _ in range(2))
    first, second = classified(store)
    one.add(first, may_end=True)
    one.write()
    other.add(second, may_end=True)
    with pytest.raises(DrumsortError, match="Another drumsort writes to s3://out-"):
        other.write()
    assert frame(store.folder)["path"].to_list() == [str(first.path)]


@pytest.mark.parametrize("out", ["https://example.org/results", "zip://results::s3://b/x.zip"])
def test_what_cannot_be_written_to_is_said_before_anything_is_heard(store, out):
    with pytest.raises(DrumsortError, match="cannot be written to"):
        classify_into(out, [store.sounds], workers=1)


def test_one_sentence_where_a_store_refuses(store, capfd):
    store.refuses = True
    with pytest.raises(OSError, match="refuses it"):
        group(["classify", store.sounds, "--out", store.out], standalone_mode=False)


def drumsort_path(url):
    from drumsort.remote import as_path

    return as_path(url)


def classified(store):
    from drumsort import classify

    return list(classify(f"{store.sounds}/BillieDrum/kick", workers=1))[:2]
