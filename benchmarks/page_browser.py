"""How the page feels with a large catalog, measured in a real browser (Chromium or Chrome).

    python benchmarks/page_browser.py                     100,000 sounds
    python benchmarks/page_browser.py --sounds 1000 --repeats 2
    python benchmarks/page_browser.py --sounds 1000000 --library FOLDER    made there, and kept

The catalog is that of ``benchmarks/page.py``, and every file in it exists (hard links to
synthesized sounds). Pixels are drawn in software, in the browser's process for graphics. Only the
work of the page's own main thread is timed:

- first map: from the start of navigation to the frame after the first draw call with points; whole
  map: the same with every point, or with the picture of their density; all sounds: until the page
  has them all. The cache is empty, the server is up.
- filters, searches, orders of the list: from the click or key to the frame after the next one
- panning, zooming, scrolling: per frame, the page's own clock around a frame (camera, draw calls,
  names), and everything the main thread did (input, style, layout, scripts; Chromium's
  ``TaskDuration``)
- hovering: from the time stamp of the pointer event to ``AudioBufferSourceNode.start``. The pointer
  comes to a sound from far away (fetched, decoded) or from a neighbour (mostly preloaded).
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from page import Page as Server
from page import library, memory

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--autoplay-policy=no-user-gesture-required",
)
MARKS = """
window.drawn = { first: 0, most: 0, whole: 0 };
const came = (points) => requestAnimationFrame(() => {
  drawn.first ||= performance.now();
  if (points > drawn.most) [drawn.most, drawn.whole] = [points, performance.now()];
});
for (const [name, at] of [
  ["drawArrays", 2], ["drawArraysInstanced", 3], ["drawElementsInstanced", 4],
]) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...given) {
    if (given[at] > 100 && given[at] > drawn.most) came(given[at]);
    return draw.apply(this, given);
  };
}
const put = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...given) {
  if (this.canvas.closest(".map") && drawn.most < 1e9) came(1e9);
  return put.apply(this, given);
};
window.timed = async (act) => {
  const began = performance.now();
  act();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
};
window.typed = async (text) => {
  const box = document.getElementById("search");
  const before = __drumsort.shown();
  const began = performance.now();
  box.value = text;
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  while (__drumsort.shown() === before && performance.now() < began + 60_000)
    await new Promise((done) => setTimeout(done, 1));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
};
"""


def main() -> None:
    """Make, serve, visit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sounds", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5, help="visits with an empty cache")
    parser.add_argument(
        "--library", type=Path, help="make it here, if it is not there, and keep it"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = library(args.library or Path(name), args.sounds)
        os.environ["DRUMSORT_HOME"] = str(Path(name) / "home")
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "drumsort", "browse", "--no-open", "--catalog",
             folder / "catalog.db"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            address = process.stdout.readline().split()[-1]
            wait_for_all(address, began)
            with sync_playwright() as playwright:
                measure(launched(playwright), address, args.sounds, args.repeats, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def wait_for_all(address: str, began: float) -> None:
    """Print how long the server takes to its first sounds, and to the last."""
    server = Server(address)
    server("/api/sounds?limit=20000")
    print(f"the server has the first sounds after {time.perf_counter() - began:.1f} s", end="")
    count = json.loads(server("/api/state"))["count"]
    server(f"/api/sounds?offset={count - 1}&limit=1")
    print(f", all after {time.perf_counter() - began:.1f} s", flush=True)


def launched(playwright) -> Browser:
    """The system's browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=[*FLAGS, *root])


def measure(browser: Browser, address: str, sounds: int, repeats: int, server: int) -> None:
    """Print all numbers as a table."""
    first, whole, every = [], [], []
    print(f"{browser.version}, {sounds:,} sounds, {repeats} visits")
    for nth in range(repeats):
        page, all_there = visited(browser, address, sounds)
        drawn = page.evaluate("drawn")
        first.append(drawn["first"])
        whole.append(drawn["whole"])
        every.append(all_there)
        if nth < repeats - 1:
            page.context.close()
    print("| | median, ms | slowest, ms |\n|---|---|---|")
    line("first map", first)
    line("whole map", whole)
    line("all sounds in the page", every)
    pan, pan_all = moved(page, lambda nth: page.mouse.move(*around(page, nth)), held=True)
    zoom, zoom_all = moved(page, lambda nth: page.mouse.wheel(0, -60 if nth % 40 < 20 else 60))
    far = hovered(page, 20, far=True)
    near = hovered(page, 20, far=False)
    line("panning, a frame: the map's own work", pan)
    print(f"| panning, a frame: all of the main thread | {pan_all:.1f} (mean) | |")
    line("zooming, a frame: the map's own work", zoom)
    print(f"| zooming, a frame: all of the main thread | {zoom_all:.1f} (mean) | |")
    line("hover to the start of sound, from far away", far)
    line("hover to the start of sound, from a neighbour", near)
    family = "timed(() => document.querySelectorAll('.side .legend-family')[1].click())"
    line("a family filtered, and all again", [page.evaluate(family) for _ in range(6)])
    for text in ("snare", "kick 11", "rare word", "length:..200ms -snare", "label:kick loud"):
        times = [page.evaluate("text => typed(text)", text)]
        found = page.evaluate("__drumsort.shown()")
        page.evaluate("typed('')")
        for _ in range(4):
            times.append(page.evaluate("text => typed(text)", text))
            page.evaluate("typed('')")
        line(f"find `{text}` ({found:,} found); the first time {times[0]:.0f}", times[1:])
    for column in ("Sure", "Name", "Pack", "Path"):
        sort = page.get_by_role("columnheader", name=column).get_by_role("button")
        handle = sort.element_handle()
        times = [page.evaluate("head => timed(() => head.click())", handle) for _ in range(3)]
        line(f"sorted by {column}; the first time {times[0]:.0f}", times[1:])
    print(f"| scrolling, a frame: all of the main thread | {scrolled(page):.1f} (mean) | |")
    print(f"memory of the server: {memory(server)}")
    for one in browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]:
        if one["type"] in {"renderer", "GPU"}:
            print(f"memory of the {one['type']} process: {memory(one['id'])}")


def line(what: str, times: Sequence[float]) -> None:
    """Print one row of the table."""
    print(f"| {what} | {statistics.median(times):.1f} | {max(times):.1f} |", flush=True)


def visited(browser: Browser, address: str, sounds: int) -> tuple[Page, float]:
    """A page with an empty cache that has all sounds, and when it had them, in ms."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(MARKS)
    page.goto(address)
    there = f"window.__drumsort?.sounds() >= {sounds} && performance.now()"
    while not (every := page.evaluate(there)):
        page.wait_for_timeout(20)
    while not page.evaluate(f"drawn.most >= {sounds} && drawn.whole"):
        page.wait_for_timeout(100)
    page.wait_for_timeout(1000)
    return page, every


def around(page: Page, nth: int) -> tuple[float, float]:
    """Where the pointer is in the n-th frame."""
    box = page.get_by_role("application").bounding_box()
    return box["x"] + box["width"] / 2 + 3 * nth, box["y"] + box["height"] / 2 + 2 * (nth % 30)


def moved(
    page: Page, act: Callable[[int], object], frames: int = 30, held: bool = False
) -> tuple[list[float], float]:
    """Move the map: ms of each frame, and mean ms of the whole main thread per frame."""
    page.mouse.move(*around(page, 0))
    if held:
        page.mouse.down()
        page.mouse.move(*around(page, 4), steps=3)
    page.wait_for_timeout(500)
    before, began = len(page.evaluate("__drumsort.frames()")), spent(page)
    for nth in range(frames):
        act(nth)
        page.wait_for_timeout(16)
    page.wait_for_timeout(300)
    took = spent(page) - began
    if held:
        page.mouse.up()
    drawn = page.evaluate("__drumsort.frames()")[before:]
    return drawn, took / max(1, len(drawn))


def scrolled(page: Page, frames: int = 60) -> float:
    """Scroll the list by pages: mean ms of the main thread per frame."""
    began = spent(page)
    page.evaluate(
        """async (frames) => {
            const list = document.querySelector(".list");
            for (let nth = 0; nth < frames; nth++) {
                list.scrollTop = (nth * 7919 % 100) / 100 * list.scrollHeight;
                await new Promise(requestAnimationFrame);
            }
        }""",
        frames,
    )
    return (spent(page) - began) / frames


def spent(page: Page) -> float:
    """Of the main thread so far, ms."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def hovered(page: Page, sounds: int, far: bool) -> list[float]:
    """Point at one sound after the other: ms until each is heard."""
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(3000)  # until all that was panned is drawn in software, too
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
