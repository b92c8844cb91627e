"""The window, really opened on a screen of its own (Xvfb), with files really dragged out of it.

Without the extra ``window``, Xvfb or xdotool, these tests say that they were skipped.
"""

import ast
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import pytest

from drumsort import scan

from ..processes import wait_until
from ..synth.packs import write_packs

NEEDED = [name for name in ("Xvfb", "xdotool") if not shutil.which(name)]
NEEDED += [name for name in ("PySide6",) if not find_spec(name)]
on_a_screen = pytest.mark.skipif(
    bool(NEEDED) or sys.platform != "linux",
    reason=f"a window needs {', '.join(NEEDED)}: pip install '.[window]', apt install xvfb xdotool",
)

TARGET = """
import sys
from PySide6.QtWidgets import QApplication, QLabel

class Target(QLabel):
    def dragEnterEvent(self, event): event.acceptProposedAction()
    def dragMoveEvent(self, event): event.acceptProposedAction()
    def dropEvent(self, event):
        event.acceptProposedAction()
        print(repr([url.toLocalFile() for url in event.mimeData().urls()]), flush=True)

app = QApplication(sys.argv)
target = Target("drop here")
target.setAcceptDrops(True)
target.setGeometry(1100, 100, 300, 300)
target.show()
print("ready", flush=True)
app.exec()
"""
"""Another program that takes files, as a DAW does."""


@pytest.fixture(scope="module")
def screen():
    """An empty screen of 1500 by 900, without a window manager; its name."""
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1500x900x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    yield f":{process.stdout.readline().strip()}"
    process.kill()
    process.wait()


class Shown:
    """``drumsort browse --window``, running on a screen."""

    def __init__(self, screen, catalog):
        self.debugging = _free_port()
        self.env = {
            **os.environ,
            "DISPLAY": screen,
            "DRUMSORT_HOME": str(catalog.parent / "home"),
            "QT_QPA_PLATFORM": "xcb",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",  # tests may be root, or in a container
            "QTWEBENGINE_REMOTE_DEBUGGING": str(self.debugging),
        }
        self.command = [sys.executable, "-m", "drumsort", "browse", "--window"]
        self.command += ["--catalog", str(catalog), "--port", "0"]
        self.process = subprocess.Popen(
            self.command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().removeprefix("The page is at ").strip()
        assert self.address, self.process.stderr.read()
        wait_until(lambda: self.sees("window.__drumsort?.sounds() > 0 && !!window.drumsortWindow"))

    def sees(self, script):
        """What a script says in the page; ``None`` while there is none."""
        try:
            return asyncio.run(_evaluated(self.debugging, script))
        except (aiohttp.ClientError, IndexError):
            return None

    def point(self, *words):
        """Move the pointer, press a key."""
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True)

    def drag(self, start, end):
        """Press at one place, move on, and let go at another."""
        self.point("mousemove", *start, "mousedown", 1)
        for step in range(1, 13):
            left, top = (round(a + (b - a) * step / 12) for a, b in zip(start, end, strict=True))
            self.point("mousemove", left, top)
            time.sleep(0.03)  # a hand is not faster; Qt looks at what is under it meanwhile
        time.sleep(0.3)
        self.point("mouseup", 1)

    def middle(self, selector):
        """Where an element is on the screen: the window is in its corner."""
        script = f"""(() => {{
            const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round);
        }})()"""
        return self.sees(script)

    def end(self):
        """What it said on standard error, once it has ended."""
        try:
            return self.process.communicate(timeout=30)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


async def _evaluated(port, script):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json") as response:
            page = (await response.json(content_type=None))[0]
        async with session.ws_connect(page["webSocketDebuggerUrl"]) as to_page:
            params = {"expression": script, "returnByValue": True}
            await to_page.send_json({"id": 1, "method": "Runtime.evaluate", "params": params})
            while (said := await to_page.receive_json()).get("id") != 1:
                pass
            return said["result"]["result"].get("value")


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A catalog of a few sounds."""
    folder = tmp_path_factory.mktemp("window")
    write_packs(folder / "Demo", per_label=1)
    scan(folder / "Demo", catalog=folder / "catalog.db")
    return folder / "catalog.db"


@on_a_screen
def test_files_are_dragged_into_another_program_and_onto_pads_and_closing_ends_it(screen, library):
    shown = Shown(screen, library)
    target = subprocess.Popen(
        [sys.executable, "-c", TARGET], env=shown.env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert target.stdout.readline() == "ready\n"
        window = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "^drumsort$"],
            env=shown.env, check=True, capture_output=True, text=True,
        ).stdout.split()[-1]  # fmt: skip
        shown.point("windowmove", window, 0, 0, "windowsize", window, 1000, 880)
        wait_until(lambda: shown.sees("innerWidth") == 1000)
        name = shown.sees("document.querySelector('.row .cell-name').innerText.trim()")

        shown.drag(shown.middle(".row .cell-name"), (1200, 250))
        (path,) = ast.literal_eval(target.stdout.readline())
        assert Path(path).name == name
        assert Path(path).is_file()

        shown.point("mousemove", *shown.middle(".row .cell-name"), "click", 1)
        wait_until(lambda: shown.sees("!!document.querySelector('.row.current')"))
        shown.sees("document.querySelector('[aria-label=Tools] button').click()")  # the kit
        wait_until(lambda: shown.sees("!!document.querySelector('.pad.empty')"))
        shown.drag(shown.middle(".row.current .cell-name"), shown.middle(".pad.empty"))
        wait_until(lambda: shown.sees("document.querySelectorAll('.pad:not(.empty)').length") == 1)

        again = subprocess.run(shown.command, env=shown.env, capture_output=True, text=True)
        assert (again.returncode, again.stdout) == (0, "")
        assert again.stderr == "Its window is open already: it was brought forward.\n"

        shown.point("windowfocus", "--sync", window, "key", "ctrl+q")
        assert "Traceback" not in shown.end()
        assert shown.process.returncode == 0
    finally:
        for process in (target, shown.process):
            process.kill()
            process.wait()
    port = int(re.search(r":(\d+)/", shown.address)[1])
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


@on_a_screen
def test_ctrl_c_ends_window_and_server(screen, library):
    shown = Shown(screen, library)
    shown.process.send_signal(signal.SIGINT)
    assert "Traceback" not in shown.end()
    assert shown.process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="windows are always there elsewhere")
@pytest.mark.parametrize(
    ("display", "words"), [("", "no window system"), (":4711", "does not respond")]
)
def test_where_no_window_can_open_one_sentence_says_so(display, words, tmp_path):
    env = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "drumsort", "browse", "--window", "--catalog", tmp_path / "c.db"],
        env={**env, "DISPLAY": display}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert re.fullmatch(r"drumsort: [^\n]+ leave out --window to use the browser\.\n", done.stderr)
    missing = "library of the window system" in done.stderr  # libxcb is not everywhere
    assert missing or words in done.stderr


@pytest.mark.skipif(find_spec("PySide6") is not None, reason="the extra 'window' is installed")
def test_without_the_extra_one_sentence_says_how_to_get_it(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "drumsort", "browse", "--window", "--catalog", tmp_path / "c.db"],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install '.[window]'" in done.stderr
    assert done.stderr.count("\n") == 1
