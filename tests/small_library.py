"""A small library of sounds on a real disk, and catalogs of it."""

import errno
import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from drumsort.hearing import Listener
from drumsort.model.bundle import Bundle, Second
from drumsort.workflows.scan import scan

from .synth.drums import synthesize

NOBODY = 65534
SOUNDS = {
    "Pack A/kick 1.wav": ("kick", 1),
    "Pack A/kick 2.wav": ("kick", 2),
    "Pack A/deep/hat.wav": ("closed_hat", 1),
    "Pack B/snare.wav": ("snare", 1),
    "Pack B/tom.wav": ("tom", 1),
    "top.wav": ("clap", 1),
}


@pytest.fixture
def samples(tmp_path):
    """Six sounds in two packs, and a text."""
    for name, (label, seed) in SOUNDS.items():
        write(tmp_path / "Samples" / name, label, seed)
    (tmp_path / "Samples" / "readme.txt").write_text("not a sound")
    return tmp_path / "Samples"


@pytest.fixture
def place(tmp_path):
    """Where a catalog may go."""
    return tmp_path / "data" / "catalog.db"


@pytest.fixture
def scanned(samples, place):
    """A catalog of the samples."""
    assert scan(samples, catalog=place).heard == len(SOUNDS)
    return place


@pytest.fixture
def heard(monkeypatch):
    """The names of the files that the network hears."""
    names = []
    hear = Listener.__call__

    def listen(self, path, **options):
        names.append(path.name)
        return hear(self, path, **options)

    monkeypatch.setattr(Listener, "__call__", listen)
    return names


@pytest.fixture
def as_nobody(monkeypatch):
    """A folder to prepare as who runs the tests; a call of ``drop()`` then gives up root.

    The model is there as well, for the package may lie where nobody else may look.
    """
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no permissions of the POSIX kind")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        model = shutil.copytree(Bundle.load().folder, folder / "model")
        monkeypatch.setattr("drumsort.model.bundle._shipped", lambda: model)
        user = os.geteuid()
        try:
            yield folder, lambda: os.seteuid(NOBODY) if user == 0 else None
        finally:
            os.seteuid(user)
            for path in folder.rglob("*"):
                path.chmod(0o755)


def write(path, label="kick", seed=0, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, synthesize(label, seed), 44100, **options)
    return path


def failing(monkeypatch, folder, number=errno.EIO):
    """A folder that cannot be looked at, as that of a drive that fails."""
    look = os.stat

    def stat(path, *args, **options):
        if path == folder or path == os.fspath(folder):
            raise OSError(number, os.strerror(number), os.fspath(folder))
        return look(path, *args, **options)

    monkeypatch.setattr(os, "stat", stat)


def another_model(tmp_path):
    """The shipped network with another temperature: its scores differ."""
    folder = shutil.copytree(Bundle.load().folder, tmp_path / "model")
    text = (folder / "bundle.json").read_text()
    old = f'"temperature": {Bundle.load().temperature}'
    assert old in text
    (folder / "bundle.json").write_text(text.replace(old, '"temperature": 3.0'))
    return folder


def two_networks(tmp_path):
    """The shipped quick network with itself as a second opinion, less sure of everything."""
    shipped = Bundle.load(ear="quick")
    folder = shutil.copytree(shipped.folder, tmp_path / "two networks")
    shutil.copy(shipped.network, folder / "second.onnx")
    sha256 = hashlib.sha256(shipped.network.read_bytes()).hexdigest()
    second = Second(
        shipped.front_end, sha256, 3 * shipped.temperature, 0.9, 0.5, 1.0, shipped.policies, crop=8
    )
    policies = {**shipped.policies, "balanced": 0.5}
    replace(shipped, policies=policies, second=second).save(folder)
    return folder


def dump(path):
    """All that a catalog remembers but when it came to know files, in an order of its own."""
    queries = (
        """SELECT path, root, pack, size, mtime_ns, file_hash, audio_hash, format, note, error,
           missing FROM files ORDER BY path""",
        "SELECT * FROM sounds ORDER BY audio_hash",
        """SELECT m.id, v.audio_hash, v.raw, v.confidence, v.scores, v.embedding, v.x, v.y
           FROM verdicts v JOIN models m ON m.number = v.model ORDER BY m.id, v.audio_hash""",
        "SELECT * FROM corrections ORDER BY audio_hash",
    )
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(query).fetchall() for query in queries]


def correct(path, label="snare"):
    """Name every sound in a catalog, as a person would."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO corrections SELECT audio_hash, ?, path, '2026-01-01' FROM files"
            " WHERE audio_hash IS NOT NULL",
            (label,),
        )
