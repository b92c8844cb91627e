"""Ctrl-C leaves a clean state: nothing touched, or a sort that can be finished or taken back."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from drumsort.cli import group
from drumsort.types import Action, CheckedPlan, Plan, Run
from drumsort.workflows.sort import Sorted

from ..processes import lives, wait_until, workers_of
from .conftest import tree


@pytest.fixture
def many(samples: Path) -> Path:
    """The samples, and the first of them a thousand times more."""
    first = next(samples.rglob("*.wav")).read_bytes()
    for number in range(1000):
        (samples / f"{number}.wav").write_bytes(first)
    return samples


def stop_when(condition, folder, into, how=signal.SIGINT, command=("sort", ".", "--into")):
    """Run a command in a terminal, stop it when ``condition`` holds of what it has shown so far.

    Returns what it had shown at its end.
    """
    read, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", *command, into],
        cwd=folder,
        env={**os.environ, "DRUMSORT_HOME": str(folder.parent / "home")},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background
    )
    os.close(terminal)
    os.set_blocking(read, False)
    shown, stopped = "", False
    while True:
        over = process.poll() is not None
        with suppress(OSError):  # nothing new, or nobody there any more
            shown += os.read(read, 1_000_000).decode(errors="replace")
        if over:
            break
        if not stopped and condition(shown):
            process.send_signal(how)
            stopped = True
        time.sleep(0.001)
    os.close(read)
    assert stopped, "it was over before it could be stopped"
    assert "Traceback" not in shown
    assert process.returncode == 130
    return shown


def test_while_listening_nothing_is_touched(many, tmp_path):
    before = tree(many)
    shown = stop_when(lambda shown: "Listening" in shown, many, tmp_path / "Sorted")
    assert "Nothing has been sorted yet" in shown
    assert tree(many) == before
    assert not (tmp_path / "Sorted").exists()


@pytest.mark.parametrize(("command", "how"), [("resume", signal.SIGINT), ("undo", signal.SIGTERM)])
def test_while_copying_it_can_be_finished_or_taken_back(drumsort, many, tmp_path, command, how):
    before, into = tree(many), tmp_path / "Sorted"
    errors = stop_when(lambda _: into.exists() and any(into.rglob("*.wav")), many, into, how)
    assert "'drumsort resume' finishes this sort, 'drumsort undo' takes it back." in errors
    again = drumsort("sort", many, "--into", into)
    assert (again.returncode, "was stopped: 'drumsort resume" in again.stderr) == (2, True)
    done = drumsort(command)
    assert done.returncode == 0, done.stderr
    assert tree(many) == before
    if command == "undo":
        assert not into.exists()
    else:
        sounds = sorted(content for name, content in before.items() if name != "notes.txt")
        assert sorted(tree(into).values()) == sounds


def test_an_undo_that_is_stopped_says_how_it_goes_on(drumsort, many, tmp_path):
    before = tree(many)
    drumsort("sort", many, "--into", "Sorted")
    (journal,) = (tmp_path / "home" / "runs").glob("*.jsonl")
    shown = stop_when(lambda text: "Undoing" in text, many, journal.stem, command=["undo"])
    assert f"'drumsort undo {journal.stem}' continues it." in shown
    assert drumsort("undo").returncode == 0
    assert tree(many) == before and not (tmp_path / "Sorted").exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("how", "whom"),
    [(signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill), (signal.SIGKILL, os.kill)],
)
@pytest.mark.parametrize("moment", ["starting", "hearing"])
def test_no_worker_outlives_a_classify_that_is_stopped(many, how, whom, moment):
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", "classify", "--no-catalog", "--jsonl", many],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background
    )
    if moment == "hearing":
        process.stdout.readline()
    workers = wait_until(lambda: workers_of(process.pid))
    whom(process.pid, how)
    _, errors = process.communicate(timeout=30)
    if how == signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 130
        assert errors.decode().split() == ["Stopped."]
    if how == signal.SIGKILL or moment == "starting":  # then they find out that nobody asks
        wait_until(lambda: not any(map(lives, workers)), seconds=5)
    assert not any(map(lives, workers))


LOADING = """
import signal, sys
from drumsort.cli import main

def look(event, arguments):
    if event == "import" and arguments[0].endswith("onnxruntime_pybind11_state"):
        signal.raise_signal(signal.SIGINT)

sys.addaudithook(look)
sys.argv = ["drumsort", "classify", sys.argv[1]]
main()
"""


def test_while_a_library_is_loaded(samples):
    command = [sys.executable, "-c", LOADING, str(samples)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background
    )
    assert (done.returncode, done.stderr.strip()) == (130, "Stopped.")


@pytest.mark.parametrize("command", [("undo", "--json"), ("undo",), ("resume",), ("refile", ".")])
def test_a_run_that_ended_early_is_no_success(monkeypatch, command):
    run = Run("1", Action.MOVE, Path("Sorted"), 3, {}, stopped="The disk is full.")
    done = Sorted((Path(),), [], [], CheckedPlan(Plan((), Path(), Action.MOVE, ()), (), ()), run)
    monkeypatch.setattr("drumsort.workflows.undo.undo", lambda *_, **__: run)
    monkeypatch.setattr("drumsort.workflows.undo.resume", lambda *_, **__: run)
    monkeypatch.setattr("drumsort.workflows.refile.refile", lambda *_, **__: done)
    ended = CliRunner().invoke(group, command)
    assert ended.exit_code == 1, ended.output
    if "--json" in command:
        assert json.loads(ended.stdout)["stopped"] == "The disk is full."
