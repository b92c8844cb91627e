"""The pytest plugin of ``mutants``: what each test reaches, and which test notices a change.

A change is put into the loaded module, in a forked process that then runs the tests, and into the
file, for processes that tests start.
"""

import importlib
import inspect
import json
import mmap
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

SLACK = 5  # a change by which a test takes so many times its processor time,
LEAST = 2  # and so many seconds more, goes on for ever
PATIENCE = 400  # seconds
MEMORY = 8 * 2**30


def pytest_configure() -> None:
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", database=None, derandomize=True, phases=phases)
    settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    if "REACHED" in os.environ:
        _reach(session.items)
    else:
        _try_all({item.nodeid: item for item in session.items})
    return True


def _reach(items: Sequence[pytest.Item]) -> None:
    with Path(os.environ["MARKS"]).open("r+b") as file, Path(os.environ["REACHED"]).open("w") as to:
        marks = mmap.mmap(file.fileno(), 0)
        for item, following in zip(items, [*items[1:], None], strict=True):
            marks[:] = bytes(len(marks))
            before = sum(os.times()[:4])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds = sum(os.times()[:4]) - before
            found = [nth for nth, mark in enumerate(marks[:]) if mark]
            to.write(json.dumps({"id": item.nodeid, "seconds": seconds, "marks": found}) + "\n")


def _try_all(items: Mapping[str, pytest.Item]) -> None:
    trials = json.loads(Path(os.environ.pop("TRIALS")).read_text())
    room = Path(os.environ.pop("ROOM"))
    noticed = room.parent / "noticed"
    with Path(os.environ.pop("RESULTS")).open("w") as results:
        for trial in trials:
            path = room / trial["file"]
            before = path.read_text()
            path.write_text(trial.pop("source"))
            noticed.write_text("")
            try:
                code = _in_a_fork(trial, path, [items[test] for test in trial["tests"]], noticed)
            finally:
                path.write_text(before)
            killed = noticed.read_text() or {0: "", 1: "a test"}.get(code, "time")
            results.write(json.dumps(trial | {"killed": killed}) + "\n")
            results.flush()


def _in_a_fork(
    trial: Mapping[str, Any], path: Path, items: Sequence[pytest.Item], noticed: Path
) -> int:
    """Run tests with a change in a process of its own: 0 if all pass, 1 if one does not."""
    if not items:
        return 0
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            if not _put_in(path, trial["function"]):
                _allow(2 + sum(trial["tests"].values()))
                _start_afresh(trial["tests"])
            items[0].config.pluginmanager.register(_Notice(noticed))
            for item, following in zip(items, [*items[1:], None], strict=True):
                _allow(trial["tests"][item.nodeid])
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            os._exit(0)
        except BaseException:  # a session that tests cannot run in any more
            os._exit(1)
    deadline = time.monotonic() + PATIENCE
    while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
        if time.monotonic() > deadline:
            os.killpg(pid, signal.SIGKILL)
        time.sleep(0.02)
    return os.waitstatus_to_exitcode(ended[1])


def _allow(seconds: float) -> None:
    """End this process if it uses far more processor time from now on than ``seconds``."""
    limit = int(time.process_time() + LEAST + SLACK * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


class _Notice:
    """Ends the process with the first test that fails."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._file.write_text(report.nodeid)
            os._exit(1)


def _start_afresh(tests: Iterable[str]) -> None:
    """Run tests in a new process in the place of this one: what a module is made of has changed."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "no:xdist", f"--basetemp={os.environ['TMPDIR']}/tests", *tests]
    os.execv(sys.executable, command)


def _put_in(path: Path, function: str) -> bool:
    """Change a function where it is, so that all who hold it have the change; if that works."""
    if not function:
        return False
    module = importlib.import_module(f"drumsort.{path.parent.name}.{path.stem}")
    new = next(
        code
        for code in _codes(compile(path.read_text(), str(path), "exec"))
        if code.co_qualname == function
    )
    old = next(one for one in _functions(module, module) if one.__qualname__ == function)
    if old.__code__.co_freevars != new.co_freevars:
        return False
    old.__code__ = new
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _functions(thing: Any, module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(thing).values():
        if isinstance(value, property):
            value = value.fget
        elif isinstance(value, cached_property):
            value = value.func
        value = inspect.unwrap(getattr(value, "__func__", value))
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            yield value
        elif isinstance(value, type) and value.__module__ == module.__name__:
            yield from _functions(value, module)
