"""The real command in a process of its own, on real files, with a history of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from drumsort.cli import main

from ..synth.drums import synthesize

SOUNDS = {
    "Pack A/PRT_1.wav": "kick",
    "Pack A/PRT_2.wav": "closed_hat",
    "Pack A/deep/PRT_1.wav": "snare",
    "Pack B/PRT_1.wav": "clap",
}


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """Four sounds in two packs, and a text file."""
    for seed, (name, label) in enumerate(SOUNDS.items()):
        path = tmp_path / "Samples" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, synthesize(label, seed), 44100)
    (tmp_path / "Samples" / "notes.txt").write_text("not a sound")
    return tmp_path / "Samples"


@pytest.fixture
def drumsort(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``drumsort ARGS`` in ``tmp_path``."""

    def run(
        *args: str | Path, stdin: str = "", stdout: Any = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "drumsort", *map(str, args)],
            cwd=tmp_path,
            env={**os.environ, "DRUMSORT_HOME": str(tmp_path / "home"), "COLUMNS": "100"},
            input=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture
def drumsort_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """The same in this process, which has loaded torch already."""

    def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
        words = ["drumsort", *map(str, args)]
        monkeypatch.setattr(sys, "argv", words)
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return subprocess.CompletedProcess(words, code, *capfd.readouterr())

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` and what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
