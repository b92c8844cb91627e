"""What the README shows is what happens."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import drumsort
from drumsort.cli import SECTIONS
from drumsort.cli.lab import COMMANDS as LAB
from drumsort.workflows.demo import demo

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def run(command, folder):
    environment = {**os.environ, "DRUMSORT_HOME": str(folder / "home"), "COLUMNS": "100"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_python_example_runs(tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    count = demo(tmp_path / "Samples")
    lines = run([sys.executable, "-c", code], tmp_path).splitlines()
    assert len(lines) == count
    assert not (tmp_path / "Sorted").exists()


def test_the_terminal_example_is_a_real_one(tmp_path):
    (shown,) = re.findall(r"```console\n\$ drumsort demo Samples\n(.*?)```", README, re.DOTALL)
    printed = run([sys.executable, "-m", "drumsort", "demo", "Samples"], tmp_path)
    printed += "$ drumsort sort Samples --into Sorted\n"
    printed += run(
        [sys.executable, "-m", "drumsort", "sort", "Samples", "--into", "Sorted"], tmp_path
    )
    printed = printed.replace(" (all without using space)", "")  # it depends on the disk
    assert shown == printed.replace(str(tmp_path), "/home/you")


def test_the_library_example_is_a_real_one(tmp_path):
    (shown,) = re.findall(r"```console\n(\$ drumsort scan .*?)```", README, re.DOTALL)
    run([sys.executable, "-m", "drumsort", "demo", "Samples"], tmp_path)
    printed = ""
    for line in re.findall(r"^\$ drumsort (.*)$", shown, re.MULTILINE):
        printed += f"$ drumsort {line}\n"
        printed += run([sys.executable, "-m", "drumsort", *shlex.split(line)], tmp_path)
    printed = printed.replace(str(tmp_path / "home"), "/home/you/.local/share/drumsort")
    printed = printed.replace(" (all without using space)", "")  # it depends on the disk
    assert shown == printed.replace(str(tmp_path), "/home/you")


def test_the_table_of_commands_is_complete():
    listed = re.findall(r"^\| `drumsort ((?:lab )?[\w-]+)", README, re.MULTILINE)
    commands = [name for part in SECTIONS.values() for name in part if name != "lab"]
    assert sorted(listed) == sorted([*commands, *(f"lab {name}" for name in LAB)])


def test_the_page_about_python_names_all_of_the_api():
    page = (Path(__file__).parent.parent / "docs" / "python.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", page))))
    assert set(drumsort.__all__) <= told
