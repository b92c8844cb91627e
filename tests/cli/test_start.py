"""The command line starts fast and keeps heavy things out."""

import os
import re
import subprocess
import sys
import time

import pytest

from drumsort.cli import MOVED, SECTIONS
from drumsort.cli.lab import COMMANDS as LAB
from drumsort.cli.lab.data import COMMANDS as DATA

COMMANDS = [name for commands in SECTIONS.values() for name in commands]
HEAVY = (
    "torch", "librosa", "numba", "scipy", "onnx", "onnxscript", "lightning_fabric", "polars",
    "sklearn", "matplotlib", "jinja2", "requests",
)  # fmt: skip


def seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def test_help_answers_at_once():
    helped, bare = zip(
        *((seconds("-m", "drumsort", "--help"), seconds("-c", "pass")) for _ in range(10)),
        strict=True,
    )
    assert min(helped) - min(bare) <= 0.3  # the quickest of each: other processes only add to it


def test_help_loads_neither_a_command_nor_what_commands_need():
    code = """
import sys
from drumsort.cli import group
group(["--help"], standalone_mode=False)
mine = {name for name in sys.modules if name.startswith("drumsort.cli.")}
assert mine == {"drumsort.cli.lazy"}, mine
found = {"numpy", "rich", "drumsort.sorting", "drumsort.catalog"} & set(sys.modules)
assert not found, found
"""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_help_lists_what_a_musician_does_under_headings(drumsort):
    shown = drumsort("--help").stdout
    for heading, commands in SECTIONS.items():
        listed = shown.split(f"\n{heading}:\n")[1].split("\n\n")[0].splitlines()
        assert [line.split()[0] for line in listed] == list(commands)
    assert not re.search(rf"^  ({'|'.join(MOVED)}) ", shown, re.MULTILINE)
    assert set(re.findall(r"^  (\w+) ", drumsort("lab", "--help").stdout, re.MULTILINE)) >= set(LAB)


@pytest.mark.parametrize("old", MOVED)
def test_an_old_name_still_works_and_says_the_new_one(drumsort_here, old):
    done, new = drumsort_here(old, "--help"), drumsort_here("lab", old, "--help")
    assert (done.returncode, done.stdout) == (0, new.stdout)
    assert done.stderr == f"'drumsort {old}' is now 'drumsort lab {old}'.\n"
    assert new.stderr == ""


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("data", ("label", "Nowhere")),
        ("train", ("student-basic", "--data", "Nowhere")),
        ("crossval", ("student-basic", "--data", "Nowhere")),
        ("evaluate", ("--data", "Nowhere")),
        ("benchmark", ("--data", "Nowhere")),
        ("compare", ("Nowhere",)),
        ("export", ("Nowhere",)),
    ],
)
def test_an_old_name_hands_its_words_on(drumsort_here, old, words):
    pytest.importorskip("torch", reason="needs the 'lab' extra")
    done, new = drumsort_here(old, *words), drumsort_here("lab", old, *words)
    assert done.returncode == new.returncode == 2
    assert "Nowhere" in new.stderr
    assert done.stderr == f"'drumsort {old}' is now 'drumsort lab {old}'.\n{new.stderr}"


@pytest.mark.parametrize(
    "command",
    [*COMMANDS, *(f"lab {name}" for name in LAB), *(f"lab data {name}" for name in DATA)],
)
def test_a_command_explains_itself_with_examples(drumsort, command):
    done = drumsort(*command.split(), "--help")
    assert done.returncode == 0
    assert f"drumsort {command}" in done.stdout.split("Options:")[0].split("\n\n", 1)[1]


def test_using_drumsort_imports_nothing_heavy(tmp_path):
    code = f"""
import sys
from drumsort.workflows.demo import demo
import drumsort
demo({str(tmp_path / "demo")!r})
heard = drumsort.classify({str(tmp_path / "demo" / "BillieDrum")!r})
plan = drumsort.plan(heard, {str(tmp_path / "out")!r})
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
