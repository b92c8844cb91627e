"""The pictures of docs/slice.md: a beat of the demo's sounds, sliced and drawn, and on the page.

    python benchmarks/slice_picture.py --into docs/pictures/slice.png [--beat beat.wav]
        [--page docs/pictures/page-slicer.png]

Plays two bars at 104 beats a minute with sounds in the public domain, draws what ``drumsort slice``
makes of them, and takes a picture of the drawing in the system's browser (Chromium or Chrome).
"""

import argparse
import io
import os
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from drumsort import scan
from drumsort.workflows.demo import demo
from drumsort.workflows.slice import slice_sounds
from drumsort.workflows.slice_picture import write_picture
from screenshots import BROWSERS, DESK, FLAGS, fewer, served

RATE = 44_100
STEP = 15 / 104  # s
SWING = 0.2
VOICES = {  # a sound of the demo, its level in dB, and the steps that it is hit at, of 32
    "uzu-drumkit/bd/10_bd_switchangel.ogg": (0, (0, 7, 10, 16, 26)),
    "uzu-drumkit/sd/10_sd_switchangel-bounce-2.ogg": (-3, (4, 12, 20, 28)),
    "uzu-drumkit/hh/10_hh_switchangel.ogg": (-10, (2, 6, 8, 14, 18, 22, 24)),
    "uzu-drumkit/oh/13_oh_switchangel.ogg": (-9, (30,)),
    "uzu-drumkit/ht/10_ht_mot4i.ogg": (-5, (13, 15)),
}


def beat(samples: Path, path: Path) -> None:
    """Write a beat as 24-bit WAV."""
    out = np.zeros(round((32 * STEP + 0.8) * RATE), np.float32)
    for name, (level, steps) in VOICES.items():
        sound, rate = soundfile.read(samples / name, dtype="float32", always_2d=True)
        mono = soxr.resample(sound.mean(axis=1), rate, RATE)
        mono = mono[int((np.abs(mono) > 0.1 * np.abs(mono).max()).argmax()) :]
        mono *= 10 ** (level / 20) / np.abs(mono).max()
        for step in steps:
            part = out[round((step + SWING * (step % 2)) * STEP * RATE) :]
            part[: len(mono)] += mono[: len(part)]
    soundfile.write(path, out * (0.9 / np.abs(out).max()), RATE, subtype="PCM_24")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--into", type=Path, required=True, help="the picture: a PNG")
    parser.add_argument("--beat", type=Path, help="keep the beat, too: a WAV")
    parser.add_argument("--page", type=Path, help="the picture of the beat on the page: a PNG")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        demo(folder / "Samples")
        beat(folder / "Samples", folder / "beat.wav")
        if args.beat:
            shutil.copyfile(folder / "beat.wav", args.beat)
        done = slice_sounds([folder / "beat.wav"], folder / "Hits", catalog=False, dry_run=True)
        write_picture(done, folder / "beat.svg")
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        flags = [*FLAGS, *(["--no-sandbox"] if root else [])]
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        page = browser.new_page(device_scale_factor=1.5, viewport={"width": 1280, "height": 400})
        page.goto((folder / "beat.svg").as_uri())
        page.locator("svg").screenshot(path=args.into)
        if args.page:
            on_page(browser, folder, args.page)
        browser.close()


def on_page(browser: Browser, folder: Path, into: Path) -> None:
    """Take the beat apart on the page, some of its hits not to be kept, and take a picture."""
    os.environ["DRUMSORT_HOME"] = str(folder / "home")
    (folder / "Loops").mkdir()
    shutil.copyfile(folder / "beat.wav", folder / "Loops" / "beat.wav")
    scan(folder / "Loops", catalog=folder / "catalog.db")
    with served(folder / "catalog.db") as address:
        page = browser.new_page(viewport=DESK, color_scheme="dark")
        page.goto(address)
        page.locator(".row").first.click()
        page.get_by_role("button", name="Take apart").click()
        room = page.get_by_role("dialog", name="Take apart beat.wav")
        expect(room.get_by_role("status")).to_have_text(re.compile("^19 of 19"))
        for number in (7, 10, 14):
            room.get_by_role("button", name=f"Play hit {number}:").click()
            page.keyboard.press("x")
        room.get_by_role("button", name="Play hit 5:").click()
        page.wait_for_timeout(1000)
        fewer(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).save(into, optimize=True)


if __name__ == "__main__":
    main()
