"""Pictures of every view of the page, at the width of a desktop and of a phone.

    python benchmarks/screenshots.py --into docs/pictures/page

Shows labelled sounds from ``DRUMSORT_DATA`` if there are any, else the demo sounds, under neutral
names in a temporary folder, in the system's browser (Chromium or Chrome).
"""

import argparse
import csv
import io
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from drumsort import scan
from drumsort.workflows.demo import demo

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PACKS = 24


def main() -> None:
    """Make a library, serve it, and take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--into", type=Path, required=True, help="where the pictures go")
    parser.add_argument("--sounds", type=int, default=3000, help="how many of the labelled sounds")
    args = parser.parse_args()
    args.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="drumsort-") as name, sync_playwright() as playwright:
        home = Path(name)
        os.environ |= {"HOME": name, "DRUMSORT_HOME": str(home / ".drumsort")}
        library(home / "Samples", args.sounds)
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        flags = [
            *FLAGS,
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ]
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        views = Views(browser, args.into, home)
        with served(home / "empty.db") as address:
            views.empty(address)
        scan(home / "Samples", catalog=home / "catalog.db")
        with served(home / "catalog.db") as address:
            views.desk(address)
            views.phone(address)
        browser.close()


def library(into: Path, wanted: int) -> None:
    """Some labelled sounds of each label, dealt out to packs; else the demo."""
    data = Path(os.environ.get("DRUMSORT_DATA", ""))
    if not (data / "manifest.csv").is_file():
        demo(into)
        return
    by_label = defaultdict(list)
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            by_label[line["label"]].append(data / line["path"])
    rng, chosen = random.Random(1), []
    for paths in by_label.values():
        chosen += rng.sample(paths, min(len(paths), 2 * wanted // len(by_label)))
    rng.shuffle(chosen)
    for number, path in enumerate(chosen[:wanted]):
        pack = into / f"Pack {chr(ord('A') + number % PACKS)}"
        pack.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, pack / f"Sound {number + 1:04}{path.suffix}")


@contextmanager
def served(catalog: Path) -> Iterator[str]:
    """Serve the page of a catalog at the yielded address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", "browse", "--no-open", "--catalog", catalog],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def fewer(picture: Image.Image) -> Image.Image:
    """The picture in 256 colours: those of flat areas unchanged, the others so that none is far."""
    counts = sorted(picture.getcolors(2**24), reverse=True)
    flat = [colour for _, colour in counts[:128]]
    others = picture.quantize(128, Image.Quantize.MAXCOVERAGE).getpalette()[: 3 * 128]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*sum(flat, ()), *others])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


class Views:
    """Goes through the page and takes pictures.

    Args:
        browser: shows the page.
        into: the folder for the pictures.
        home: contains a folder to sort into.
    """

    def __init__(self, browser: Browser, into: Path, home: Path) -> None:
        self.browser, self.into, self.home = browser, into, home
        self.context: BrowserContext | None = None

    def open(self, address: str, scheme: str, **options: object) -> Page:
        """Open the page in a new window."""
        if self.context:
            self.context.close()
        self.context = self.browser.new_context(color_scheme=scheme, **options)
        page = self.context.new_page()
        page.goto(address)
        page.wait_for_timeout(2500)
        return page

    def take(self, page: Page, name: str) -> None:
        """Take one picture, in 256 colours."""
        page.wait_for_timeout(900)
        path = self.into / f"{name}.png"
        fewer(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")

    def empty(self, address: str) -> None:
        """The page without any sound."""
        page = self.open(address, "dark", viewport=DESK)
        self.take(page, "empty")

    def desk(self, address: str) -> None:
        """All views and panels at the width of a desktop."""
        page = self.open(address, "dark", viewport=DESK)
        page.get_by_role("button", name="Show all").click()
        self.take(page, "map-dark")
        self.choose(page, 4)
        self.take(page, "detail")
        page.get_by_role("group", name="View").get_by_role("button", name="Map").click()
        self.take(page, "map-only")
        page.get_by_role("group", name="View").get_by_role("button", name="List").click()
        self.take(page, "list-dark")
        self.kit(page)
        self.collect(page)
        self.teach(page)
        self.sort(page)
        page = self.open(address, "light", viewport=DESK)
        self.choose(page, 6)
        self.take(page, "map-light")
        page.get_by_role("group", name="View").get_by_role("button", name="List").click()
        self.take(page, "list-light")

    def choose(self, page: Page, nth: int) -> None:
        """Look at a sound."""
        page.locator(".row").nth(nth).click()
        page.wait_for_timeout(800)

    def kit(self, page: Page) -> None:
        """Sixteen sounds that go together, and a beat to hear them in."""
        tool = page.get_by_role("navigation", name="Tools").get_by_role("button", name="Kit")
        tool.click()
        page.get_by_role("button", name="Make me a kit").click()
        page.get_by_label("Start from").select_option(index=1)
        page.wait_for_timeout(1500)
        self.take(page, "kit")
        tool.click()

    def collect(self, page: Page) -> None:
        """A collection of six sounds, about to be exported."""
        page.locator(".row").nth(1).click()
        page.locator(".row").nth(6).click(modifiers=["Shift"])
        side = page.get_by_role("complementary", name="What is shown")
        side.get_by_role("button", name="the selection").click()
        side.get_by_label("Name of the new collection").fill("Dark kit")
        page.keyboard.press("Enter")
        side.get_by_role("button", name=re.compile("^Dark kit")).click()
        self.take(page, "collection")
        side.get_by_role("button", name="Export").click()
        self.take(page, "export")
        page.keyboard.press("Escape")
        side.get_by_role("button", name=re.compile("^Dark kit")).click()
        page.keyboard.press("Escape")

    def teach(self, page: Page) -> None:
        """A class of the user's own, some corrections, and what they would change."""
        search = page.get_by_role("combobox", name="Search names, packs and labels")
        for label, key in (("crash", "c"), ("tom", "t"), ("closed hat", "h")):
            search.fill(label)
            page.wait_for_timeout(300)
            page.locator(".row").nth(2).click()
            page.locator(".row").nth(8).click(modifiers=["Shift"])
            page.keyboard.press(key)
            page.wait_for_timeout(400)
            page.keyboard.press("Escape")
        search.fill("loop")
        page.wait_for_timeout(300)
        page.locator(".row").nth(0).click()
        page.locator(".row").nth(7).click(modifiers=["Shift"])
        page.get_by_role("region", name="Selection").get_by_role("button", name="Teach").click()
        panel = page.get_by_role("dialog", name="Teach")
        panel.get_by_label("Name of the class").fill("Breaks")
        panel.get_by_role("button", name=re.compile("^From 8")).click()
        panel.get_by_role("button", name="Try what it would learn").click()
        expect(panel.get_by_role("article")).to_be_visible(timeout=120_000)
        panel.get_by_role("switch").click()
        page.wait_for_timeout(7000)
        self.take(page, "teach")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        search.fill("")

    def sort(self, page: Page) -> None:
        """The plan of a sort, and past sorts."""
        page.get_by_role("group", name="View").get_by_role("button", name="Both").click()
        page.get_by_role("button", name="Sort", exact=True).click()
        self.take(page, "sort")
        into = self.home / "Sorted"
        into.mkdir()
        panel = page.get_by_role("dialog", name="Sort into folders")
        panel.get_by_label("Into: path").fill(str(into))
        panel.get_by_role("button", name=re.compile("plan", re.IGNORECASE)).click()
        expect(panel.get_by_role("region", name="Plan")).to_be_visible(timeout=60_000)
        self.take(page, "sort-plan")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Keys and help").click()
        self.take(page, "help")
        page.keyboard.press("Escape")

    def phone(self, address: str) -> None:
        """The same on a phone."""
        page = self.open(
            address, "dark", viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2
        )
        tabs = page.get_by_role("navigation", name="Views")
        tabs.get_by_role("button", name="Map").tap()  # it begins where the desk left off
        page.get_by_role("button", name="Show all").tap()
        self.take(page, "phone-map")
        tabs.get_by_role("button", name="List").tap()
        page.locator(".row").nth(3).tap()
        self.take(page, "phone-list")
        page.locator(".mini-name").tap()
        self.take(page, "phone-detail")
        page.get_by_role("button", name="Close the details").tap()
        tabs.get_by_role("button", name=re.compile("^Filters")).tap()
        self.take(page, "phone-filters")


if __name__ == "__main__":
    main()
