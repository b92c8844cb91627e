"""At the width of a phone."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from ...processes import wait_until
from .looking import hues, place, shown, wait_to_hear


@pytest.fixture
def page(shared, visit):
    """The page on a phone."""
    return visit(shared, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def tab(page, name):
    """One of the tabs below."""
    tabs = page.get_by_role("navigation", name="Views")
    return tabs.get_by_role("button", name=re.compile(f"^{name}"))


def test_a_tap_on_the_map_plays_and_the_sheet_shows_the_rest(page, shared):
    wait_until(lambda: (hues(page) > 60).sum() >= 4)
    number = next(iter(shared.ids().values()))
    page.touchscreen.tap(*place(page, number))
    wait_to_hear(page)
    chosen = page.locator(".mini-name")
    expect(chosen).to_be_visible()
    chosen.tap()
    expect(page.get_by_role("region", name="More like this")).to_be_in_viewport()
    page.get_by_role("button", name="Close the details").tap()
    expect(page.get_by_role("region", name="More like this")).not_to_be_in_viewport()


def test_the_tabs_show_list_filters_and_the_rest(page):
    tab(page, "List").tap()
    expect(page.get_by_role("application")).not_to_be_visible()
    page.locator(".row").nth(2).tap()
    wait_to_hear(page)
    tab(page, "Filters").tap()
    filters = page.get_by_role("dialog", name="Filters")
    filters.get_by_role("button", name=re.compile("^kick")).tap()
    filters.get_by_role("button", name="Close").tap()
    expect(tab(page, "Filters")).to_have_text("Filters (1)")
    assert 0 < shown(page) < 108
    tab(page, "More").tap()
    page.get_by_role("dialog", name="More").get_by_role("button", name="Teach").tap()
    expect(page.get_by_role("dialog", name="Teach")).to_be_visible()
    page.get_by_role("button", name="Close").tap()
    tab(page, "Map").tap()
    expect(page.get_by_role("application")).to_be_visible()


def test_nothing_is_wider_than_the_phone(page):
    for name in ("Map", "List"):
        tab(page, name).tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_kit_is_below_the_map_and_its_parts_below_each_other(page):
    tab(page, "More").tap()
    page.get_by_role("dialog").get_by_role("button", name="Kit").tap()
    kit = page.get_by_role("region", name="Kit")
    expect(kit).to_be_visible()
    parts = [page.get_by_role("application"), kit.get_by_role("group", name="Pads")]
    parts += [kit.get_by_role("button", name="Play the beat")]
    parts += [kit.get_by_role("group", name="Steps")]
    boxes = [part.bounding_box() for part in parts]
    assert all(box["height"] > 20 for box in boxes)
    for above, below in itertools.pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 1
