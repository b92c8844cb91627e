"""What is to be seen and heard on the page."""

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ...processes import wait_until


def row(page: Page, name: str) -> Locator:
    """The line of a file in the list."""
    return page.get_by_role("row").filter(has=page.get_by_role("gridcell", name=name, exact=True))


def search(page: Page) -> Locator:
    """The field to search in."""
    return page.get_by_role("combobox", name="Search names, packs and labels")


def side(page: Page) -> Locator:
    """What narrows down what is shown, and the collections."""
    return page.get_by_role("complementary", name="What is shown")


def until(page: Page, condition: str) -> None:
    """Wait for something; Playwright's own way to do so needs ``eval``, which the page forbids."""
    wait_until(lambda: page.evaluate(condition))


def shown(page: Page) -> int:
    """How many sounds are shown."""
    return page.evaluate("__drumsort.shown()")


def played(page: Page) -> int:
    """How many sounds have been started."""
    return page.evaluate("__drumsort.latencies().length")


def wait_to_hear(page: Page, sounds: int = 1) -> None:
    """Until so many were started, and samples of them went to the loudspeaker."""
    until(page, f"__drumsort.latencies().length >= {sounds}")
    until(page, "__drumsort.audio() === 'running' && heard() > 0.01")


def press_and_hear(page: Page, key: str) -> None:
    """Press a key that starts a sound; a next key too soon would be heard in its place."""
    before = played(page)
    page.evaluate("forget()")
    page.keyboard.press(key)
    wait_to_hear(page, before + 1)


def place(page: Page, number: int) -> tuple[float, float]:
    """Where a sound is, in pixels of the window."""
    until(page, f"__drumsort.placeOf({number})")
    box = page.get_by_role("application").bounding_box()
    left, top = page.evaluate(f"__drumsort.placeOf({number})")
    return box["x"] + left, box["y"] + top


def hues(page: Page) -> np.ndarray:
    """Pixels of the map in each of twelve hues; greys do not count."""
    picture = Image.open(io.BytesIO(page.get_by_role("application").screenshot())).convert("HSV")
    hue, saturation, value = np.asarray(picture).reshape(-1, 3).T.astype(int)
    return np.bincount(hue[(saturation > 100) & (value > 100)] * 12 // 256, minlength=12)


def similar(page: Page) -> Locator:
    """The sounds that are like the one that is looked at."""
    return page.get_by_role("region", name="More like this").locator(".similar button")


def expect_outlined(element: Locator) -> None:
    """What is chosen is seen without the colours of the page."""
    expect(element).to_have_css("outline-style", "solid")


def close_panel(page: Page) -> None:
    """What lies over the page goes."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
