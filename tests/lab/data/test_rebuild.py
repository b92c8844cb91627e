"""The shipped facts lead to sounds: what can be had is there at the end, the rest is named."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import namedtuple

import polars as pl
import pytest
import soundfile

from drumsort.errors import DataError
from drumsort.lab.data import Manifest, web
from drumsort.lab.data.disk import DiskError
from drumsort.lab.data.rebuild import SHIPPED, WORKERS, Fact, _facts, _fetch, _scratch, rebuild

from ...synth.drums import synthesize

SOURCES = {
    "audio/a/0.flac": ("kick", "me/drums@0123456789ab:Kits/[808] #1 & 100% Größe?.wav"),
    "audio/a/1.flac": ("snare", "me/drums@0123456789ab:snare.wav"),
    "audio/b/2.flac": ("clap", "you/claps@fedcba987654:a/b/clap.wav"),
    "audio/c/3.flac": ("crash", "them/fonts:Some Font key 49"),
    "audio/c/4.flac": ("crash", "them/fonts:Some Font key -1"),
}
FETCHED = ["audio/a/0.flac", "audio/a/1.flac", "audio/b/2.flac"]
KICK = "/me/drums/0123456789ab/Kits/%5B808%5D%20%231%20%26%20100%25%20Gr%C3%B6%C3%9Fe%3F.wav"
RATE = 44100
COMMAND = [sys.executable, "-m", "drumsort", "lab", "data", "rebuild"]


def address(origin: str) -> str:
    return "/" + origin.replace("@", "/").replace(":", "/", 1)


def encoded(samples, rate=RATE, format="WAV") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=format)
    return stream.getvalue()


@pytest.fixture(scope="module")
def published():
    """Path to samples, two seconds at most."""
    return {
        path: synthesize(label, seed, RATE)[: 2 * RATE]
        for seed, (path, (label, _)) in enumerate(SOURCES.items())
    }


@pytest.fixture
def shipped(site, published, tmp_path):
    """A manifest of five sounds, three of which the site has."""
    rows = []
    for path, (label, origin) in SOURCES.items():
        if path in FETCHED:
            site.files[address(origin)] = encoded(published[path])
        facts = {"path": path, "label": label, "family": label, "group": path, "split": "train"}
        facts |= {"source": path.split("/")[1], "licence": "CC0", "origin": origin}
        facts |= {"duration_s": round(len(published[path]) / RATE, 4), "samplerate": RATE}
        rows.append(facts | {"sha256": "0" * 64})
    pl.DataFrame(rows).write_parquet(tmp_path / "shipped.parquet")
    return tmp_path / "shipped.parquet"


@pytest.fixture
def run(site, shipped, tmp_path):
    """Rebuilds into ``tmp_path / "Drums"``."""

    def run(**options):
        return rebuild(tmp_path / "Drums", site.url, shipped=shipped, **options)

    return run


def sounds(tmp_path) -> list[str]:
    folder = tmp_path / "Drums"
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_what_can_be_had_is_there(run, published, tmp_path):
    seen = []
    done = run(on_progress=lambda *count: seen.append(count))
    assert (done.there, done.differing, done.failures) == (3, [], [])
    assert done.unobtainable == ["them/fonts:Some Font key 49", "them/fonts:Some Font key -1"]
    assert sounds(tmp_path) == [*FETCHED, "manifest.csv"]
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    for path in FETCHED:
        samples, rate = soundfile.read(tmp_path / "Drums" / path)
        assert rate == RATE
        assert abs(samples - published[path][: len(samples)]).max() < 2**-14


def test_the_manifest_says_what_is_there(run, tmp_path):
    run()
    data = Manifest(tmp_path / "Drums" / "manifest.csv").read()
    assert [(row.path, row.label, row.origin) for row in data.rows] == [
        (path, *SOURCES[path]) for path in FETCHED
    ]
    assert "sha256" not in pl.read_csv(tmp_path / "Drums" / "manifest.csv").columns


def test_addresses_are_quoted(run, site):
    run()
    asked = {path for path, _ in site.asked}
    assert (
        "/me/drums/0123456789ab/Kits/%5B808%5D%20%231%20%26%20100%25%20Gr%C3%B6%C3%9Fe%3F.wav"
        in asked
    )


def test_what_is_there_is_not_fetched_again(run, site, tmp_path):
    run()
    (tmp_path / "Drums" / FETCHED[1]).unlink()
    del site.asked[:]
    assert run().there == 3
    assert site.asked == [(address(SOURCES[FETCHED[1]][1]), "")]


def test_sources_one_after_the_other(run, tmp_path):
    assert run(sources=["b"]).there == 1
    assert sounds(tmp_path) == [FETCHED[2], "manifest.csv"]
    assert run(sources=["a", "c"]).unobtainable == [SOURCES[f"audio/c/{n}.flac"][1] for n in (3, 4)]
    assert sounds(tmp_path) == [*FETCHED, "manifest.csv"]
    assert len(Manifest(tmp_path / "Drums" / "manifest.csv").read().rows) == 3


def test_a_source_that_there_is_not(run, site):
    with pytest.raises(DataError, match="There is no source 'x'"):
        run(sources=["a", "x"])
    assert site.asked == []


def test_what_fails_is_named_and_the_rest_is_there(run, site, tmp_path):
    del site.files[address(SOURCES[FETCHED[0]][1])]
    site.always(address(SOURCES[FETCHED[1]][1]), content=b"<html>")
    done = run()
    assert done.there == 1
    assert len(done.failures) == 2
    assert re.fullmatch(r"http://\S+/Kits/\S+ is not available \(404 [^\n]+\.", done.failures[0])
    assert re.fullmatch(r"http://\S+/snare\.wav is damaged [^\n]+\.", done.failures[1])
    assert sounds(tmp_path) == [FETCHED[2], "manifest.csv"]


def test_where_nothing_can_be_had_there_is_no_manifest(run, site, tmp_path):
    site.files.clear()
    assert run().there == 0
    assert sounds(tmp_path) == []


@pytest.mark.parametrize("change", [{"duration_s": 0.007}, {"samplerate": 1}])
def test_sounds_that_differ_are_said(run, shipped, change):
    table = pl.read_parquet(shipped)
    name, by = change.popitem()
    first = pl.col("path") == FETCHED[0]
    table.with_columns(pl.when(first).then(pl.col(name) + by).otherwise(name)).write_parquet(
        shipped
    )
    assert run().differing == [FETCHED[0]]
    assert run().differing == [FETCHED[0]]  # also where it was there before


def test_another_encoder_makes_no_difference(run, shipped):
    table = pl.read_parquet(shipped)
    table.with_columns(pl.col("duration_s") + 0.004).write_parquet(shipped)
    assert run().differing == []


def test_a_manifest_of_other_sounds_is_left_alone(run, site, tmp_path):
    (tmp_path / "Drums").mkdir()
    (tmp_path / "Drums" / "manifest.csv").write_text("path,label\nmine.wav,kick\n")
    with pytest.raises(DataError, match="is of other sounds"):
        run()
    assert (tmp_path / "Drums" / "manifest.csv").read_text() == "path,label\nmine.wav,kick\n"
    assert site.asked == []


def test_bad_connections_make_no_difference(run, site, tmp_path):
    for path in FETCHED:
        url = address(SOURCES[path][1])
        site.once(url, cut=30_000)
        site.once(url, status=429, headers={"Retry-After": "0"})
        site.once(url, cut=-1)
    assert run().there == 3
    assert sounds(tmp_path) == [*FETCHED, "manifest.csv"]


@pytest.fixture
def many(shipped):
    """The manifest with a thousand sounds, all of the same origin."""
    row = pl.read_parquet(shipped)[:1]
    numbers = pl.DataFrame({"path": [f"audio/a/{n}.flac" for n in range(1000)]})
    numbers.join(row.drop("path"), how="cross").write_parquet(shipped)


@pytest.mark.usefixtures("many")
def test_a_server_without_time_is_not_asked_for_all_the_others(run, site):
    site.always(KICK, status=429, headers={"Retry-After": "3600"})
    with pytest.raises(web.UnreachableError, match="asks to wait 60 minutes"):
        run()
    assert len(site.asked) <= WORKERS


@pytest.mark.usefixtures("many")
def test_ctrl_c_ends_the_threads(run, site, tmp_path):
    hold = threading.Event()
    for _ in range(3):
        site.once(KICK)
    site.always(KICK, cut=1000, hold=hold)

    def stop(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(on_progress=stop)
    assert len(sounds(tmp_path)) == 3
    site.always(KICK, status=404)
    hold.set()
    for thread in threading.enumerate():
        if thread.name == "rebuild":
            thread.join()
    assert len(site.asked) <= 3 + 2 * WORKERS  # none for the others


def test_room_is_looked_for_first(run, site, monkeypatch):
    usage = namedtuple("usage", ["free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10_000))
    with pytest.raises(DiskError):
        run()
    assert site.asked == []


def test_the_shipped_facts():
    table = pl.read_parquet(SHIPPED)
    assert len(table) == 12742
    assert table["path"].n_unique() == 12742
    assert sum(bool(fact.url) for fact in _facts(table, (), "")) == 10162  # as --help says
    assert SHIPPED.stat().st_size < 500_000
    assert not table.select(pl.col("origin", "licence", "label").is_null().any()).row(0)[0]


@pytest.fixture
def scratch(tmp_path):
    """Where the command keeps what is temporary."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def command(site, tmp_path, scratch):
    """Starts the real command on the shipped facts of one source."""

    def command(source):
        facts = pl.read_parquet(SHIPPED).filter(source=source).to_dicts()
        for fact in facts:
            rate = fact["samplerate"]
            samples = synthesize("snare", 0, rate)[: round(fact["duration_s"] * rate)]
            site.files[address(fact["origin"])] = encoded(samples, rate, "FLAC")
        return subprocess.Popen(
            [*COMMAND, tmp_path / "Drums", "--base-url", site.url, "--source", source],
            env={**os.environ, "COLUMNS": "200", "TMPDIR": str(scratch)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    return command


@pytest.fixture
def clap():
    """The address of a sound of ``rudkx/samples``, which has three."""
    return address(pl.read_parquet(SHIPPED).filter(source="rudkx/samples")["origin"][0])


def test_the_command_rebuilds(command, tmp_path):
    process = command("rudkx/samples")
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert said.startswith("3 files of sounds in ")
    assert "Now try: drumsort lab data stats " in said
    assert len(Manifest(tmp_path / "Drums" / "manifest.csv").read().rows) == 3


def test_the_command_names_what_cannot_be_had(command):
    process = command("soundfont/909_drum_sf")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "19 sounds are not published as files" in said
    assert "     19  bratpeki/soundfonts:909_drum_sf\n" in said


def test_the_command_fails_where_a_sound_does(command, site, clap):
    site.always(clap, status=404)
    process = command("rudkx/samples")
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("2 files of sounds in ")
    assert re.match(r"Not fetched: 1 file\n  http://\S+ is not available \(404", errors)


def test_ctrl_c_waits_for_no_download(command, site, clap, scratch):
    hold = threading.Event()
    site.always(clap, cut=100, hold=hold)
    process = command("rudkx/samples")
    while (clap, "") not in site.asked and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)  # the server holds for 30 seconds
    hold.set()
    assert process.returncode == 130
    assert "What was fetched is kept" in errors
    assert "Traceback" not in errors
    assert list(scratch.iterdir()) == []


def test_a_late_download_does_not_bring_its_folder_back(site, published, tmp_path):
    site.files["/clap.wav"] = encoded(published["audio/b/2.flac"])
    with _scratch() as scratch:
        pass
    fact = Fact("audio/b/2.flac", "clap.wav", f"{site.url}/clap.wav", 1.0, RATE)
    with pytest.raises(DiskError):
        _fetch(fact, tmp_path, scratch, web.open_session())
    assert not scratch.exists()
