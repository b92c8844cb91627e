"""Worker processes: what if one dies, or the process that it works for does."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drumsort import classify
from drumsort.errors import BundleError, DrumsortError
from drumsort.hearing import pool
from drumsort.model.bundle import Bundle

from ..processes import lives, wait_until, workers_of

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"
)


CRASH = """
    import ctypes

    def look(event, arguments):
        if event == "open" and "deadly" in str(arguments[0]):
            ctypes.string_at(0)

    sys.addaudithook(look)
"""
STUMBLE = """
    ENDS = %r

    def look(event, arguments):
        if event == "open" and str(arguments[0]).endswith(ENDS):
            raise KeyError("no such thing")

    sys.addaudithook(look)
"""
HEARS = """
    import os

    def note(event, arguments):
        if event == "open" and str(arguments[0]).endswith(".wav"):
            os.close(os.open(f"{FOLDER}/{os.getpid()}", os.O_CREAT))

    FOLDER = "%s"
    sys.addaudithook(note)
"""
PRINT = """
    import os

    def warn(event, arguments):
        if event == "open" and str(arguments[0]).endswith(".wav"):
            os.write(1, b"[mpg123] warning: no such frame")

    sys.addaudithook(warn)
"""


def test_a_file_that_crashes_its_worker_is_named_and_all_others_are_heard(sounds, workers_run):
    workers_run(CRASH)
    crashing = [sounds[5].with_name(f"deadly {number}.wav") for number in range(3)]
    for path in crashing:
        shutil.copyfile(sounds[0], path)
    mixed = [*sounds[:5], crashing[0], crashing[1], *sounds[5:], crashing[2]]
    results = list(classify(mixed, workers=2))
    assert [result.path for result in results] == mixed
    failed = [result for result in results if not result.ok]
    assert [result.path for result in failed] == crashing
    for result in failed:
        assert result.error.startswith(
            f"{result.path} made the process that read it crash (SIGSEGV)"
        )
        assert (result.size, result.mtime_ns) == (
            result.path.stat().st_size,
            result.path.stat().st_mtime_ns,
        )
    assert [result for result in results if result.ok] == list(classify(sounds, workers=1))
    assert not workers_of()


def test_a_file_that_fails_as_nobody_foresaw_is_named_and_all_others_are_heard(sounds, workers_run):
    workers_run(STUMBLE % "odd.wav")
    odd = [sounds[5].with_name(f"{number} odd.wav") for number in range(3)]
    for path in odd:
        shutil.copyfile(sounds[0], path)
    mixed = [*sounds[:5], odd[0], *sounds[5:100], *odd[1:]]
    results = list(classify(mixed, workers=2))
    assert [result.path for result in results] == mixed
    failed = [result for result in results if not result.ok]
    assert [result.path for result in failed] == odd
    for result in failed:
        assert result.error == (
            f"{result.path} makes drumsort fail in a way that was not foreseen (KeyError: 'no such "
            "thing'): please report it, and add the file."
        )
        assert result.mtime_ns == result.path.stat().st_mtime_ns


def test_what_fails_with_every_file_is_said_once(sounds, workers_run):
    workers_run(STUMBLE % ((".wav", ".ogg"),))
    with pytest.raises(
        DrumsortError, match=r"No sound can be heard, .* \(KeyError: 'no such thing'\)"
    ):
        list(classify(sounds, workers=2))
    assert not workers_of()


def test_workers_killed_at_random_cost_no_more_than_what_they_were_at(
    sounds, workers_run, tmp_path
):
    hearing = tmp_path / "Hearing"
    hearing.mkdir()
    workers_run(HEARS % hearing)
    rng = random.Random(3)
    asked = []
    over = threading.Event()
    killed = []

    def endless():  # however fast they are heard, some workers are killed
        until = time.monotonic() + 60
        while len(killed) < 4 and time.monotonic() < until:
            for path in sounds:
                asked.append(path)
                yield path

    def kill():
        while not over.wait(rng.uniform(0.2, 0.8)):
            if workers := [pid for pid in workers_of() if (hearing / str(pid)).exists()]:
                killed.append(rng.choice(workers))
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        results = list(classify(endless(), workers=2))
    finally:
        over.set()
        killer.join()
    assert [result.path for result in results] == asked
    assert len(killed) >= 4
    failed = [result for result in results if not result.ok]
    assert len(failed) <= len(killed)
    assert all("(SIGKILL)" in result.error for result in failed)
    assert not workers_of()


@pytest.mark.parametrize(
    ("code", "how"),
    [("import os; os._exit(3)", "exit code 3"), ("import os; os.abort()", "SIGABRT")],
)
def test_workers_that_die_at_their_start_end_it_with_one_sentence(sounds, workers_run, code, how):
    workers_run(code)
    with pytest.raises(DrumsortError, match=rf"die at their start \({how}\)"):
        list(classify(sounds, workers=2))
    assert not workers_of()


def test_a_network_that_cannot_be_used_ends_it_with_one_sentence(sounds, tmp_path):
    shipped = Bundle.load(ear="quick")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"no graph")
    shipped.save(folder)
    with pytest.raises(BundleError, match=r"model\.onnx cannot be used"):
        list(classify(sounds, workers=2, model=folder))
    assert not workers_of()


def test_no_process_can_be_started(sounds, monkeypatch):
    monkeypatch.setattr(pool.sys, "executable", "/no/such/python")
    with pytest.raises(DrumsortError, match="No process can be started"):
        list(classify(sounds, workers=2))


def test_what_a_decoder_prints_is_no_reply(sounds, workers_run):
    workers_run(PRINT)
    assert list(classify(sounds[:70], workers=2)) == list(classify(sounds[:70], workers=1))


def test_a_worker_computes_in_one_thread_and_has_a_group_of_its_own(sounds, monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    results = classify(sounds, workers=2)
    next(results)
    workers = workers_of()
    assert len(workers) == 2
    for worker in workers:
        threads = list(Path(f"/proc/{worker}/task").iterdir())
        assert len(threads) <= 2  # ONNX Runtime adds one that sleeps
        assert os.getpgid(worker) == worker
    results.close()


def test_closing_early_ends_processes_and_threads(sounds):
    before = set(threading.enumerate())
    results = classify(sounds * 50, workers=2)
    next(results)
    workers = workers_of()
    assert len(workers) == 2
    assert set(threading.enumerate()) > before
    results.close()
    assert not any(map(lives, workers))
    assert set(threading.enumerate()) == before


def test_a_stream_that_is_let_go_ends_them_too(sounds):
    results = classify(sounds * 50, workers=2)
    next(results)
    workers = workers_of()
    del results
    assert not any(map(lives, workers))


FEW_LINES = """
import sys
import drumsort

print("once")
for number, result in enumerate(drumsort.classify(sys.argv[1], workers=2, company=False)):
    print(result.path, flush=True)
    if number == int(sys.argv[2]):
        break
"""


def script(folder, last):
    """A user's script without a main guard, beside which lies what shadows the standard library."""
    path = folder / "script" / "mine.py"
    path.parent.mkdir()
    path.write_text(FEW_LINES)
    return [sys.executable, str(path), str(folder / "Sounds"), str(last)]


@pytest.mark.parametrize("last", [50, 1_000])
def test_a_script_needs_no_main_guard_and_may_stop_halfway(sounds, tmp_path, last):
    (tmp_path / "pathlib.py").write_text("raise SystemError('not this one')")
    done = subprocess.run(
        script(tmp_path, last), capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["once", *map(str, sounds[: last + 1])]


def test_workers_end_when_the_process_they_work_for_is_killed(sounds, tmp_path):
    for number in range(2000):
        sounds[0].with_name(f"more {number}.wav").hardlink_to(sounds[number % 200])
    process = subprocess.Popen(script(tmp_path, 10_000), stdout=subprocess.PIPE)
    for _ in range(3):
        process.stdout.readline()
    workers = workers_of(process.pid)
    assert len(workers) == 2
    process.kill()
    process.wait()
    process.stdout.close()
    started = time.monotonic()
    wait_until(lambda: not any(map(lives, workers)))
    assert time.monotonic() - started < 5
