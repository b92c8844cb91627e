"""What libsndfile and libmpg123 print themselves reaches no terminal and fills no pipe."""

import io
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from ..synth.drums import synthesize

LOUD = """
import os, sys
from drumsort.cli.quiet import keep_libraries_quiet
if len(sys.argv) > 1:
    keep_libraries_quiet()
for number in (1, 2):
    os.write(number, b"from C\\n")
print("said")
print("complained", file=sys.stderr)
"""


def run(*args):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, timeout=120)
    return done.stdout, done.stderr


def test_only_what_python_says_is_shown():
    assert run("-c", LOUD) == ("from C\nsaid\n", "from C\ncomplained\n")
    assert run("-c", LOUD, "quiet") == ("said\n", "complained\n")


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """Two files that libsndfile and libmpg123 have much to say about."""
    folder = tmp_path_factory.mktemp("damaged")
    rng = np.random.default_rng(0)
    for name, kind, coding in (("a.mp3", "MP3", "MPEG_LAYER_III"), ("b.sds", "SDS", "PCM_16")):
        stream = io.BytesIO()
        sound = np.tile(synthesize("snare", 1), 10)
        soundfile.write(stream, sound, 44100, coding, format=kind)
        content = bytearray(stream.getvalue())
        for at in rng.integers(2000, len(content), 400):
            content[at] = rng.integers(0, 128)
        (folder / name).write_bytes(content)
    return folder


def test_damaged_files_are_read_without_noise(damaged):
    out, err = run("-m", "drumsort", "classify", "--no-catalog", str(damaged))
    lines = (out + err).splitlines()
    assert lines
    assert not [line for line in lines if "mpg123" in line or line.startswith(("Note", "Error"))]
    assert all("a.mp3" in line or "b.sds" in line for line in out.splitlines())


def test_without_that_they_are_not_quiet(damaged):
    """So that the test above can fail."""
    code = "import sys; from drumsort.audio.play import frames; import pathlib\n" + (
        "for name in sys.argv[1:]: frames(pathlib.Path(name))"
    )
    out, err = run("-c", code, str(damaged / "a.mp3"), str(damaged / "b.sds"))
    assert "mpg123" in err
    assert "Error" in out
