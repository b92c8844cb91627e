"""What the tests of several rooms share."""

import os
from collections import Counter
from pathlib import Path

import pytest

# Tests run beside each other on all cores, so no library may start threads of its own; numpy and
# torch read this once, when they are first imported.
os.environ["OMP_NUM_THREADS"] = "1"

from .small_library import as_nobody, heard, place, samples, scanned  # noqa: F401

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def data():
    """The folder of real, labelled drum sounds."""
    folder = Path(os.environ.get("DRUMSORT_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "manifest.csv").is_file():
        pytest.skip(
            f"no real drum sounds: {folder} has no manifest.csv; "
            "set DRUMSORT_DATA to the folder that has it"
        )
    return folder


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """A cache of our own, for this process and those it starts."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["DRUMSORT_CACHE"] = str(folder)
    return folder


def pytest_xdist_auto_num_workers():
    """What ``-n auto`` stands for: many tests wait for other processes, so one more than cores."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items):
    """The tests of sorting go first: they fork, which takes the longer the more a process holds."""
    items.sort(key=lambda item: ROOT / "tests" / "sorting" not in item.path.parents)


def pytest_terminal_summary(terminalreporter):
    """How many processes were killed, of what kind."""
    killed = Counter()
    for report in terminalreporter.getreports(""):
        for name, kinds in report.user_properties:
            if name == "killed" and report.when == "teardown":
                killed.update(kinds)
    if killed:
        terminalreporter.section(f"killed {killed.total()} processes")
        for kind, count in sorted(killed.items()):
            terminalreporter.write_line(f"{count:5} {kind}")
