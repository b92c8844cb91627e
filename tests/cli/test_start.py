"""The command line starts fast and keeps heavy things out."""

import os
import statistics
import subprocess
import sys
import time

import pytest

from drumsort.cli import COMMANDS
from drumsort.cli.data import COMMANDS as DATA_COMMANDS

HEAVY = (
    "torch", "librosa", "numba", "scipy", "onnx", "onnxscript", "lightning_fabric", "polars",
    "sklearn", "matplotlib", "jinja2", "requests",
)  # fmt: skip


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def test_help_answers_at_once():
    pairs = [(seconds("-m", "drumsort", "--help"), seconds("-c", "pass")) for _ in range(5)]
    assert statistics.median(a - b for a, b in pairs) <= 0.3


@pytest.mark.parametrize("command", [*COMMANDS, *(f"data {name}" for name in DATA_COMMANDS)])
def test_a_command_explains_itself_with_examples(drumsort, command):
    done = drumsort(*command.split(), "--help")
    assert done.returncode == 0
    assert f"drumsort {command}" in done.stdout.split("Options:")[0].split("\n\n", 1)[1]


def test_using_drumsort_imports_nothing_heavy(tmp_path):
    code = f"""
import sys
from drumsort.synth import write_demo
import drumsort
from pathlib import Path
write_demo(Path({str(tmp_path / "demo")!r}), 1)
plan = drumsort.plan(drumsort.classify({str(tmp_path / "demo")!r}), {str(tmp_path / "out")!r})
drumsort.undo(drumsort.apply(plan))
found = [name for name in {HEAVY!r} if name in sys.modules]
assert not found, found
"""
    environment = {**os.environ, "DRUMSORT_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_hearing_reports_to_nobody(samples, tmp_path):
    """ONNX Runtime would keep an identifier and what it is to send in the home of the user."""
    home = tmp_path / "somebody"
    home.mkdir()
    places = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "XDG_DATA_HOME", "DRUMSORT_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in places}
    command = [sys.executable, "-m", "drumsort", "classify", str(samples)]
    subprocess.run(command, env=environment | {"HOME": str(home)}, check=True, capture_output=True)
    left = {path.relative_to(home).parts[:3] for path in home.rglob("*") if path.is_file()}
    assert all("drumsort" in parts for parts in left), left
