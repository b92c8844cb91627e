"""Many sounds, and real trouble for those who hear them."""

import os

import pytest
import soundfile

from drumsort.taxonomy import LABELS

from ..synth.drums import synthesize


@pytest.fixture
def sounds(tmp_path):
    """Two hundred sounds, some of which hold the same."""
    paths = []
    for number in range(200):
        path = tmp_path / "Sounds" / f"{number:03}.wav"
        if number < len(LABELS):
            path.parent.mkdir(exist_ok=True)
            soundfile.write(path, synthesize(LABELS[number], number), 44100)
        else:
            path.hardlink_to(paths[number % len(LABELS)])
        paths.append(path)
    return paths


@pytest.fixture
def workers_run(tmp_path, monkeypatch):
    """Has every worker that is started from now on run some code first."""

    def run(code):
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "sitecustomize.py").write_text(
            f"import sys\nif any('hearing.worker' in part for part in sys.orig_argv):\n    {code}\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"), prepend=os.pathsep)

    return run
