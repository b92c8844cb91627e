"""The list and what narrows it down."""

import re

import pytest
from playwright.sync_api import expect

from .looking import hues, row, search, shown, side, wait_to_hear


@pytest.fixture
def page(shared, visit):
    """The page of sounds that nobody changes."""
    return visit(shared)


def names(page):
    """The names in the list that are drawn, from the top."""
    return page.locator(".row .cell-name").all_inner_texts()


def test_the_legend_narrows_list_and_map(page, shared):

    header, columns = shared.sounds()
    wanted = (columns["family"] == header["families"].index("kick")).sum()
    before = hues(page)
    legend = side(page).get_by_role("group", name="Families")
    legend.get_by_role("button", name=re.compile("^kick")).click()
    expect(page.locator(".shown")).to_have_text(f"{wanted} of 108 sounds")
    assert shown(page) == wanted == len(names(page))
    page.mouse.move(5, 5)
    page.wait_for_timeout(100)
    assert (hues(page) > 60).sum() < (before > 60).sum()
    legend.get_by_role("button", name=re.compile("^snare")).click()
    assert shown(page) > wanted
    page.get_by_role("button", name="Clear filters").click()
    assert shown(page) == 108


def test_search_narrows_and_is_kept_by_a_reload(page, shared):
    page.keyboard.press("/")
    page.keyboard.type("take 00")
    expect(page.locator(".shown")).to_contain_text("9 of 108")
    assert all(name.startswith("take 00") for name in names(page))
    page.reload()
    expect(page.locator(".shown")).to_contain_text("9 of 108")
    search(page).fill("no such sound")
    expect(page.locator(".shown")).to_contain_text("0 of 108")
    expect(page.get_by_role("region", name="List")).to_contain_text("No sound fits these filters.")


def test_a_head_sorts_up_then_down_then_not(page):
    by_path = names(page)
    head = page.get_by_role("columnheader", name="Length")
    orders = []
    for state in ("ascending", "descending", "none"):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", state)
        page.wait_for_timeout(50)
        orders.append(names(page))
    assert orders[2] == by_path
    assert orders[0][0] != orders[1][0]


def test_by_keys_alone(page, shared):
    field = search(page)
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("PRT_")
    page.keyboard.press("ArrowDown")
    expect(field).not_to_be_focused()
    first = sorted(name for name in shared.ids() if name.startswith("PRT_"))[0]
    expect(row(page, first)).to_have_attribute("aria-selected", "true")
    wait_to_hear(page, 1)
    page.keyboard.press("ArrowDown")
    wait_to_hear(page, 2)
    expect(row(page, first)).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    wait_to_hear(page, 3)
    page.keyboard.press("Space")
    wait_to_hear(page, 4)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("region", name="Selection")).to_contain_text("3 sounds selected")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Selection")).to_have_count(0)
    page.keyboard.press("End")
    wait_to_hear(page, 7)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_control_is_reached_with_tab(page):
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        )
    assert {"Teach", "Sort", "History", "Folders", "Keys and help"} <= seen
    assert any("Map of all sounds" in name for name in seen)
    assert any(name.startswith("kick") for name in seen)
    assert "Confidence, at least" in seen
