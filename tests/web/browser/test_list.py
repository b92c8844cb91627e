"""The list and what narrows it down."""

import re

import pytest
from playwright.sync_api import expect

from ...processes import wait_until
from .looking import hues, press_and_hear, row, search, shown, side, until


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
    wait_until(lambda: (hues(page) > 60).sum() < (before > 60).sum())
    legend.get_by_role("button", name=re.compile("^snare")).click()
    assert shown(page) > wanted
    page.get_by_role("button", name="Clear filters").click()
    assert shown(page) == 108


def test_search_narrows_and_is_kept_by_a_reload(page, shared):
    page.keyboard.press("/")
    page.keyboard.type("take 00")
    expect(page.locator(".shown")).to_contain_text("9 of 108")
    assert all(name.startswith("take 00") for name in names(page))
    expect(page).to_have_url(re.compile(r"q=take\+00"))  # a quarter of a second later
    page.reload()
    expect(page.locator(".shown")).to_contain_text("9 of 108")
    search(page).fill("no such sound")
    expect(page.locator(".shown")).to_contain_text("0 of 108")
    expect(page.get_by_role("region", name="List")).to_contain_text("No sound fits these filters.")


def test_escape_empties_the_search_and_slash_selects_it(page):
    page.keyboard.press("/")
    page.keyboard.type("take 00")
    page.keyboard.press("Tab")
    page.locator(".row").first.click()
    page.keyboard.press("/")
    page.keyboard.type("prt_")
    expect(search(page)).to_have_value("prt_")
    page.keyboard.press("Escape")
    expect(search(page)).to_have_value("")
    expect(search(page)).not_to_be_focused()
    assert shown(page) == 108


def test_a_head_sorts_up_then_down_then_not(page, shared):
    head = page.get_by_role("columnheader", name="Length")
    columns = shared.sounds()[1]
    by_path = list(columns["names"])  # whatever order an earlier visit left
    shortest, longest = columns["duration"].argmin(), columns["duration"].argmax()
    firsts = columns["names"][shortest], columns["names"][longest], by_path[0]
    for state, first in zip(("ascending", "descending", "none"), firsts, strict=True):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", state)
        expect(page.locator(".row .cell-name").first).to_have_text(first)
    shown = names(page)
    assert shown == by_path[: len(shown)]


def test_by_keys_alone(page, shared):
    field = search(page)
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("PRT_")
    press_and_hear(page, "ArrowDown")
    expect(field).not_to_be_focused()
    first = sorted(name for name in shared.ids() if name.startswith("PRT_"))[0]
    expect(row(page, first)).to_have_attribute("aria-selected", "true")
    press_and_hear(page, "ArrowDown")
    expect(row(page, first)).to_have_attribute("aria-selected", "false")
    press_and_hear(page, "ArrowUp")
    press_and_hear(page, "Space")
    press_and_hear(page, "Shift+ArrowDown")
    press_and_hear(page, "Shift+ArrowDown")
    selection = page.get_by_role("region", name="Selection")
    expect(selection).to_contain_text("3 sounds selected")
    press_and_hear(page, "Shift+ArrowUp")
    expect(selection).to_contain_text("2 sounds selected")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Selection")).to_have_count(0)
    press_and_hear(page, "End")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_second_one_is_selected_with_the_first(page):
    lines, selection = page.locator(".row"), page.get_by_role("region", name="Selection")
    lines.nth(1).click()
    lines.nth(3).click(modifiers=["Control"])
    expect(selection).to_contain_text("2 sounds selected")
    lines.nth(5).click(modifiers=["Shift"])
    expect(selection).to_contain_text("3 sounds selected")
    assert page.evaluate("getSelection().toString()") == ""


def test_the_bar_of_the_selection_leaves_the_last_line_clear(page):
    page.locator(".row").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    last, bar = page.locator(".row.current"), page.get_by_role("region", name="Selection")
    expect(bar).to_be_visible()
    page.get_by_role("grid").evaluate("list => { list.scrollTop = list.scrollHeight; }")
    box = last.bounding_box()
    assert box["y"] + box["height"] <= bar.bounding_box()["y"]


def test_a_new_order_begins_at_the_top_and_a_reload_where_one_was(page):
    grid = page.get_by_role("grid")
    page.locator(".row").first.click()
    first = page.evaluate("__drumsort.current()")
    page.keyboard.press("End")
    until(page, f"__drumsort.current() !== {first}")
    expect(page).to_have_url(re.compile(f"id={page.evaluate('__drumsort.current()')}$"))
    page.reload()
    until(page, "window.__drumsort?.sounds() > 0")
    expect(page.locator(".row.current")).to_be_in_viewport()
    assert grid.evaluate("list => list.scrollTop") > 0
    page.get_by_role("columnheader", name="Length").get_by_role("button").click()
    wait_until(lambda: grid.evaluate("list => list.scrollTop") == 0)


def test_thumbs_that_met_come_apart_and_leave_the_keys_to_the_page(page):
    least, most = (page.get_by_label(f"Confidence, at {end}") for end in ("least", "most"))
    box = least.bounding_box()

    def drag(start, end):
        left, width = box["x"] + 7, box["width"] - 14
        middle = box["y"] + box["height"] / 2
        page.mouse.move(left + width * start / 100, middle)
        page.mouse.down()
        page.mouse.move(left + width * end / 100, middle, steps=5)
        page.mouse.up()
        return int(least.input_value()), int(most.input_value())

    assert drag(100, 60) == pytest.approx((0, 60), abs=2)
    low, high = drag(0, 80)
    assert low == high
    low, high = drag(high, 20)
    assert (low, high) == pytest.approx((20, 60), abs=3)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".row.current")).to_have_count(1)
    assert int(least.input_value()) == low


@pytest.mark.parametrize("width", [820, 980, 1024, 1100, 1200, 1280])
def test_nothing_lies_over_the_details_at_any_width(page, width):
    page.set_viewport_size({"width": width, "height": 860})
    search(page).fill("r")  # the count of sounds is longest while a filter is on
    page.locator(".row").first.click()
    details = page.get_by_role("complementary", name="Sound").bounding_box()
    for name in ("Map", "List"):
        box = page.get_by_role("region", name=name).bounding_box()
        assert (
            box["x"] + box["width"] <= details["x"] or details["x"] + details["width"] <= box["x"]
        )
    assert page.locator(".row .cell-name").first.bounding_box()["width"] > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    count = page.locator(".shown")
    assert count.evaluate("it => it.scrollWidth <= it.clientWidth"), "all of it is read"


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
