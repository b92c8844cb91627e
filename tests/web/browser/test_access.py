"""Nothing that axe holds for a serious or critical barrier, in any view, dark and light."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .looking import close_panel, similar

PHONE = {"width": 390, "height": 844}


def barriers(page):
    """What axe finds, one line each."""
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)))")
    return [
        f"{found['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_on_a_desk(shared, visit, tmp_path, scheme):
    page, found = visit(shared, color_scheme=scheme), {}
    found["both"] = barriers(page)
    page.locator(".row").first.click()
    expect(similar(page)).not_to_have_count(0)
    page.get_by_role("article").get_by_role("button", name="Correct").click()
    found["detail"] = barriers(page)
    page.keyboard.press("Control+a")
    for name in ("Map", "List"):
        page.get_by_role("group", name="View").get_by_role("button", name=name).click()
        found[name] = barriers(page)
    for name in ("Folders", "Teach", "History", "Sound and keys", "Keys and help", "Sort"):
        page.get_by_role("navigation", name="Tools").get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found[name] = barriers(page)
        if name == "Sort":
            page.get_by_label("Into: path").fill(str(tmp_path))
            page.get_by_role("button", name=re.compile("plan", re.IGNORECASE)).click()
            expect(page.get_by_role("region", name="Plan")).to_be_visible()
            found["plan"] = barriers(page)
        close_panel(page)
    page.get_by_role("navigation", name="Tools").get_by_role("button", name="Kit").click()
    found["kit"] = barriers(page)
    page.get_by_role("button", name="Save the loop").click()
    found["loop"] = barriers(page)
    assert {view: lines for view, lines in found.items() if lines} == {}


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_on_a_phone(shared, visit, scheme):
    page, found = visit(shared, color_scheme=scheme, viewport=PHONE, has_touch=True), {}
    for name in ("Map", "List"):
        page.get_by_role("navigation", name="Views").get_by_role("button", name=name).tap()
        found[name] = barriers(page)
    page.locator(".row").first.tap()
    page.locator(".mini-name").tap()
    found["detail"] = barriers(page)
    page.get_by_role("button", name="Close the details").tap()
    for name in ("Filters", "More"):
        page.get_by_role("navigation", name="Views").get_by_role("button", name=name).tap()
        found[name] = barriers(page)
        close_panel(page)
    assert {view: lines for view, lines in found.items() if lines} == {}


def test_an_empty_page(tmp_path, start, visit):
    page = visit(start(tmp_path / "catalog.db"), sounds=False)
    expect(page.get_by_role("button", name="Listen to this folder")).to_be_visible()
    assert barriers(page) == []
