"""How the page feels with a large catalog, measured in a real browser (Chromium or Chrome).

    python benchmarks/page_browser.py                     100,000 sounds
    python benchmarks/page_browser.py --sounds 1000 --repeats 2

The catalog is that of ``benchmarks/page.py``, and every file in it exists (hard links to
synthesized sounds). Pixels are drawn in software, in the browser's process for graphics. Only the
work of the page's own main thread is timed:

- first map: from the start of navigation to the frame after the first draw call with points; all
  sounds: the same with every point. The cache is empty, the server is up.
- panning: per frame, the page's own clock around a frame (camera, draw calls, names), and
  everything the main thread did (input, style, layout, scripts; Chromium's ``TaskDuration``)
- hovering: from the time stamp of the pointer event to ``AudioBufferSourceNode.start``. The pointer
  comes to a sound from far away (fetched, decoded) or from a neighbour (mostly preloaded).
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from drumsort import scan
from drumsort.workflows.demo import demo
from page import many

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--autoplay-policy=no-user-gesture-required",
)
MARKS = """
window.drawn = { first: 0, most: 0, all: 0 };
for (const [name, at] of [
  ["drawArrays", 2], ["drawArraysInstanced", 3], ["drawElementsInstanced", 4],
]) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...given) {
    const points = given[at];
    if (points > 100 && points > drawn.most) {
      drawn.most = points;
      requestAnimationFrame(() => {
        drawn.first ||= performance.now();
        drawn.all = performance.now();
      });
    }
    return draw.apply(this, given);
  };
}
"""


def main() -> None:
    """Make, serve, visit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sounds", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5, help="visits with an empty cache")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DRUMSORT_HOME"] = str(folder / "home")
        demo(folder / "Demo")
        scan(folder / "Demo", catalog=folder / "catalog.db")
        many(folder / "catalog.db", args.sounds)
        put_there(folder)
        process = subprocess.Popen(
            [sys.executable, "-m", "drumsort", "browse", "--no-open", "--catalog",
             folder / "catalog.db"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            address = process.stdout.readline().split()[-1]
            with sync_playwright() as playwright:
                measure(launched(playwright), address, args.sounds, args.repeats)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def launched(playwright) -> Browser:
    """The system's browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=[*FLAGS, *root])


def put_there(folder: Path) -> None:
    """Make a file for every row."""
    sources = {path.name: path for path in (folder / "Demo").rglob("*.*")}
    with sqlite3.connect(folder / "catalog.db") as connection:
        paths = [
            Path(os.fsdecode(path)) for (path,) in connection.execute("SELECT path FROM files")
        ]
    for path in paths:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(sources[path.name[6:]], path)


def measure(browser: Browser, address: str, sounds: int, repeats: int) -> None:
    """Print all numbers as a table."""
    first, every = [], []
    for _ in range(repeats):
        page = visited(browser, address, sounds)
        drawn = page.evaluate("drawn")
        first.append(drawn["first"])
        every.append(drawn["all"])
        if _ < repeats - 1:
            page.context.close()
    pan, whole = panned(page)
    far = hovered(page, 40, far=True)
    near = hovered(page, 40, far=False)
    print(f"{browser.version}, {sounds:,} sounds, {repeats} visits")
    print("| | median, ms | slowest, ms |\n|---|---|---|")
    line("first map", first)
    line("all sounds on the map", every)
    line("panning, a frame: the map's own work", pan)
    print(f"| panning, a frame: all of the main thread | {whole:.1f} (mean) | |")
    line("hover to the start of sound, from far away", far)
    line("hover to the start of sound, from a neighbour", near)


def line(what: str, times: Sequence[float]) -> None:
    """Print one row of the table."""
    print(f"| {what} | {statistics.median(times):.1f} | {max(times):.1f} |")


def visited(browser: Browser, address: str, sounds: int) -> Page:
    """A page with an empty cache, once its map shows all sounds."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(MARKS)
    page.goto(address)
    for _ in range(300):
        page.wait_for_timeout(100)
        if page.evaluate("window.drawn.most") >= sounds and page.evaluate("drawn.all"):
            page.wait_for_timeout(1000)
            return page
    raise SystemExit(f"The map was not drawn: {page.evaluate('drawn')}.")


def panned(page: Page, frames: int = 40) -> tuple[list[float], float]:
    """Drag the map about: ms of each frame, and mean ms of the whole main thread per frame."""
    box = page.get_by_role("application").bounding_box()
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 9, top + 9, steps=3)
    page.wait_for_timeout(500)
    before, began = len(page.evaluate("__drumsort.frames()")), spent()
    for nth in range(frames):
        page.mouse.move(left + 3 * (nth % 40), top + 2 * (nth % 30))
    page.wait_for_timeout(300)
    took = spent() - began
    page.mouse.up()
    drawn = page.evaluate("__drumsort.frames()")[before:]
    return drawn, took / max(1, len(drawn))


def hovered(page: Page, sounds: int, far: bool) -> list[float]:
    """Point at one sound after the other: ms until each is heard."""
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(8000)  # until all that was panned is drawn in software, too
    box = page.get_by_role("application").bounding_box()
    rng = random.Random(0)
    before = page.evaluate("__drumsort.latencies().length")
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(sounds):
        if far:
            left = box["x"] + box["width"] * rng.uniform(0.3, 0.7)
            top = box["y"] + box["height"] * rng.uniform(0.3, 0.7)
        else:
            left, top = left + rng.uniform(-12, 12), top + rng.uniform(-12, 12)
        page.mouse.move(left, top)
        page.wait_for_timeout(250)
    return page.evaluate("__drumsort.latencies()")[before:]


if __name__ == "__main__":
    main()
