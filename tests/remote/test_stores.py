"""Sounds in stores: the same verdicts, no byte too many, and what goes wrong on the way."""

import os
import shutil
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort import classify
from drumsort.catalog import Catalog
from drumsort.remote import as_path
from drumsort.web.handlers.audio import _as_it_is
from drumsort.workflows.check_names import check_names
from drumsort.workflows.deduplicate import duplicates
from drumsort.workflows.scan import scan
from drumsort.workflows.similar import similar

from .conftest import DEMO


def verdicts(results, root):
    """What was said of each sound, to the last bit, with paths from ``root`` on."""
    said = []
    with closing(results):
        for result in results:
            path, one = str(result.path).removeprefix(root), result.prediction
            error = result.error and result.error.replace(root, "")
            heard = one and (one.family, one.label, one.scores, one.reason, one.embedding.tobytes())
            said.append((path, result.size, heard, error))
    return said


def test_the_same_verdicts_from_s3_http_and_a_zip(tmp_path, bucket, served, monkeypatch):
    store = served(latency=0.005, shuffle=True)
    local = verdicts(classify(bucket), str(bucket))
    assert len(local) == 25 and sum(error is not None for *_, error in local) == 2
    monkeypatch.setattr("drumsort.hearing.line.GROUP", 8)  # so that workers hear them
    for url, workers in ((f"s3://{bucket.name}", 2), (f"{store.url}/{bucket.name}", 1)):
        assert verdicts(classify(url, workers=workers), url) == local
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        for path in sorted((bucket / "Lib" / "BillieDrum").rglob("*.ogg")):
            archive.write(path, path.relative_to(bucket))
    shutil.copy(tmp_path / "pack.zip", bucket.parent)
    inside = verdicts(classify(bucket / "Lib/BillieDrum"), str(bucket / "Lib/BillieDrum"))
    for outside in (f"file://{tmp_path}/pack.zip", f"{store.url}/pack.zip"):
        found = list(classify(f"zip://Lib/BillieDrum::{outside}"))
        scores = [result.prediction.scores for result in found]
        assert scores == [heard[2] for _, _, heard, _ in inside]


@pytest.mark.parametrize("afar", [False, True])
def test_an_archive_in_an_archive_is_read_whatever_its_size(bucket, served, monkeypatch, afar):
    monkeypatch.setattr("drumsort.remote.stores.FIRST", 1000)  # both are larger
    store = served()
    sound = bucket / "Lib/BillieDrum/kick/01.ogg"
    inner = bucket.parent / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        for number in range(100):  # more than may be asked for at once
            archive.write(sound, f"Kicks/{number:02}.ogg")
    with zipfile.ZipFile(bucket.parent / "outer.zip", "w") as archive:
        archive.write(inner, "inner.zip")
    outside = store.url if afar else f"file://{bucket.parent}"
    for url in (
        f"zip://Kicks::{outside}/inner.zip",
        f"zip://Kicks::zip://inner.zip::{outside}/outer.zip",
    ):
        found = list(as_path(url).iterdir())
        for path in found:
            path.ahead(whole=True)
        assert {path.read_bytes() for path in found} == {sound.read_bytes()} and len(found) == 100


@pytest.mark.parametrize("afar", [False, True])
def test_an_archive_that_another_one_takes_the_place_of_is_opened_anew(
    bucket, served, monkeypatch, afar
):
    monkeypatch.setattr("drumsort.remote.stores._FRESH", 0.0)
    store = served()
    place, new = bucket.parent / "pack.zip", bucket.parent / "new.zip"

    def becomes(content):
        with zipfile.ZipFile(new, "w") as archive:
            archive.writestr("a.wav", content)
        with zipfile.ZipFile(new.with_name("outer.new"), "w") as archive:
            archive.write(new, "pack.zip")
        new.replace(place)
        new.with_name("outer.new").replace(place.with_name("outer.zip"))

    outside = store.url if afar else f"file://{bucket.parent}"
    for url in (
        f"zip://a.wav::{outside}/pack.zip",
        f"zip://a.wav::zip://pack.zip::{outside}/outer.zip",
    ):
        becomes(b"first")
        with as_path(url).open("rb") as file:
            becomes(b"second")
            assert as_path(url).read_bytes() == b"second"
            assert file.read() == b"first"
        becomes(b"third")
        assert as_path(url).stat().st_size == 5 and as_path(url).read_bytes() == b"third"
    if not afar and Path("/proc/self/fd").exists():
        as_path(f"zip://a.wav::{outside}/pack.zip").read_bytes()
        del file
        opened = [one.readlink() for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
        assert not [file for file in opened if file.name.endswith(".zip (deleted)")]


def test_of_a_long_file_only_its_beginning_is_fetched(bucket, served):
    store = served()
    noise = np.random.default_rng(0).standard_normal((2_000_000, 2)) / 8
    samples = noise * np.exp(-np.arange(2_000_000) / 20_000)[:, None]
    soundfile.write(bucket / "long.wav", samples, 44100, "PCM_24")
    (there,) = classify(f"s3://{bucket.name}/long.wav")
    (here,) = classify(bucket / "long.wav")
    assert there.prediction.scores == here.prediction.scores and there.size == 12_000_044
    assert store.sent <= 1 << 20
    (there,) = classify(f"s3://{bucket.name}/Lib/BillieDrum/kick/01.ogg")
    assert store.requests["GET"] == 3 and there.ok


def test_a_store_that_is_busy_and_cuts_answers_short(bucket, served, monkeypatch):
    monkeypatch.setattr("drumsort.remote.stores._WAITS", (0.01,) * 4)
    store = served()
    local = verdicts(classify(bucket / "Lib"), str(bucket / "Lib"))
    for troubles in ({"busy": 2}, {"cut": 2}):
        for url in (f"s3://{bucket.name}/Lib", f"{store.url}/{bucket.name}/Lib"):
            store.busy = store.cut = 0
            store._met.clear()
            vars(store).update(troubles)
            assert verdicts(classify(url), url) == local


def test_what_cannot_be_fetched_is_an_error_of_that_file(bucket, served, monkeypatch):
    monkeypatch.setattr("drumsort.remote.stores._WAITS", (0.01,))
    store = served()
    store.cut = 100
    url = f"s3://{bucket.name}/Lib/BillieDrum/kick"
    found = list(classify(url))
    assert len(found) == 2 and all(
        "too early again and again" in one.error or "connection to the store fails" in one.error
        for one in found
    )
    store.cut, store.busy = 0, 10_000
    (one,) = classify(f"s3://{bucket.name}/Lib/BillieDrum/kick/01.ogg")
    assert "the store answers 503" in one.error
    (one,) = classify(f"s3://{bucket.name}/Lib/nothing.wav")
    assert "503" in one.error
    store.busy = 0
    (one,) = classify(f"s3://{bucket.name}/Lib/nothing.wav")
    assert one.error.endswith("nothing.wav cannot be opened: the store has no such object.")


def test_no_secret_is_told_where_the_store_refuses(bucket, served, drumsort_in):
    store = served()
    store.refuses = True
    done = drumsort_in("classify", f"s3://{bucket.name}/Lib", "--no-catalog")
    assert done.returncode == 1 and "set your credentials" in done.stdout
    told = done.stdout + done.stderr
    assert "AKIA" not in told and "secret" not in told and "Traceback" not in told
    assert done.stdout.endswith("\n"), "all of it"


def test_many_are_in_flight_and_lists_have_pages(tmp_path, bucket, served):
    store = served(latency=0.02)
    many = bucket / "many"
    many.mkdir()
    sounds = sorted(DEMO.rglob("*.ogg"))
    for number in range(1100):
        (many / f"{number:04}.ogg").hardlink_to(sounds[number % 100])
    results = classify(f"s3://{bucket.name}/many", company=False, workers=2)
    with closing(results):
        names = [next(results).path.name for _ in range(300)]
    assert names == [f"{number:04}.ogg" for number in range(300)]
    assert store.requests["LIST"] >= 2 and 32 < store.most_at_once <= 2 * 64 + 2


def test_a_catalog_of_a_store(bucket, served, place):
    store = served()
    url = f"s3://{bucket.name}/Lib"
    first = scan(url, catalog=place)
    assert (first.heard, len(first.failures)) == (23, 2)
    fetched = store.requests["GET"]
    again = scan(url, catalog=place)
    assert (again.heard, again.unchanged) == (0, 23)
    assert store.requests["GET"] <= fetched + 2  # one for what has no name of a sound
    changed = bucket / "Lib" / "BillieDrum" / "kick" / "01.ogg"
    other = bucket / "Lib" / "BillieDrum" / "kick" / "05.ogg"
    changed.write_bytes(DEMO.joinpath("uzu-drumkit/sd/14_sd.ogg").read_bytes())
    other.unlink()
    third = scan(url, catalog=place)
    assert (third.heard, third.unchanged, third.missing) == (1, 21, 1)
    with Catalog(place) as catalog:
        known = {str(entry.path): entry for entry in catalog.entries(url)}
        assert known[f"{url}/BillieDrum/kick/01.ogg"].facts and len(known) == 24
        assert not list(duplicates(catalog).groups)
        neighbours = similar(f"{url}/BillieDrum/kick/01.ogg", 3, catalog=catalog)
        assert all(str(entry.path).startswith(url) for entry, _ in neighbours)
        entry = known[f"{url}/BillieDrum/kick/01.ogg"]
        assert _as_it_is(entry) == changed.read_bytes()  # the page plays it
    store.refuses = True
    fourth = scan(url, catalog=place)
    assert fourth.missing == 0 and len(fourth.failures) == 1


def test_an_archive_is_a_folder_to_all_that_ask_the_catalog(tmp_path, place, drumsort_in):
    kick, snare = (DEMO / "BillieDrum" / name for name in ("kick/01.ogg", "snare electric.ogg"))
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        for name, sound in {"A/Snare.ogg": kick, "A/copy.ogg": kick, "B/x.ogg": snare}.items():
            archive.write(sound, name)
    urls = [f"zip://A::file://{tmp_path}/pack.zip", f"file://{tmp_path}/pack.zip/zip://A"]
    scan(f"zip://::file://{tmp_path}/pack.zip", catalog=place)
    with Catalog(place) as catalog:
        for url in (*urls, as_path(urls[0])):
            assert [entry.path.name for entry in catalog.entries(url)] == ["Snare.ogg", "copy.ogg"]
            assert [group.kept.path.name for group in duplicates(catalog, [url]).groups] == [
                "Snare.ogg"
            ]
            assert [one.named for one in check_names(catalog, [url], policy="everything")] == [
                "snare"
            ]
        assert [e.path.name for e in catalog.entries(f"{urls[1]}/copy.ogg")] == ["copy.ogg"]
    for command in ("duplicates", "check-names"):
        done = drumsort_in(command, urls[0], "--catalog", place)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_local_run_does_not_import_what_stores_need(tmp_path):
    code = (
        "import sys; from drumsort import classify; "
        f"list(classify({str(DEMO / 'BillieDrum' / 'kick')!r})); "
        "print([name for name in ('fsspec', 'obstore', 'aiohttp', 'boto3', 'asyncio', 'ray')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra_it_says_which(bucket, served, drumsort_in):
    served()
    (bucket.parent / "site").mkdir()
    (bucket.parent / "site" / "sitecustomize.py").write_text(
        "import sys; sys.modules['obstore'] = None"
    )
    done = drumsort_in("classify", f"s3://{bucket.name}", path=bucket.parent / "site")
    assert done.returncode == 2 and "install drumsort with its 'cloud' extra" in done.stderr


@pytest.fixture
def drumsort_in(tmp_path):
    """Runs ``drumsort ARGS`` in a process of its own."""

    def run(*args, path=""):
        paths = [str(path), os.environ.get("PYTHONPATH", "")]
        env = os.environ | {"DRUMSORT_HOME": str(tmp_path / "home")}
        env["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        command = [sys.executable, "-m", "drumsort", *args]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)

    return run
