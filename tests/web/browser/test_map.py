"""The map: drawn, heard, moved, chosen from."""

import pytest
from playwright.sync_api import expect

from ...processes import wait_until
from .looking import hues, place, played, press_and_hear, shown, similar, wait_to_hear


@pytest.fixture
def page(shared, visit):
    """The page of sounds that nobody changes, with its sound turned on by a click."""
    page = visit(shared)
    page.get_by_role("button", name="Show all").click()
    return page


def around(page, margin=6):
    """The corners of the map, within its edge and away from its buttons."""
    box = page.get_by_role("application").bounding_box()
    left, top = box["x"] + margin, box["y"] + margin
    right, bottom = left + box["width"] - 80, top + box["height"] - 2 * margin
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def test_it_is_drawn_in_the_colours_of_the_families(page):
    wait_until(lambda: (hues(page) > 100).sum() >= 4)


def test_without_webgl_the_list_is_still_there(shared, visit):
    page = visit(shared, sounds=False, expected="WebGL")
    page.add_init_script(
        "const make = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : make.call(this, kind, ...rest); }"
    )
    page.reload()
    expect(page.get_by_role("row")).not_to_have_count(1)
    expect(page.get_by_text("no WebGL")).to_be_visible()


def test_a_sound_is_heard_as_the_pointer_is_over_it(page, shared):
    assert (played(page), page.evaluate("heard()")) == (0, 0)
    name, number = next(iter(shared.ids().items()))
    page.mouse.move(*place(page, number))
    wait_to_hear(page)
    expect(page.locator(".map-tip")).to_contain_text(name)
    assert page.evaluate("__drumsort.decoded()") >= 1


def test_one_click_shows_what_it_is(page, shared):
    name, number = next(iter(shared.ids().items()))
    page.mouse.click(*place(page, number))
    expect(page.get_by_role("article", name=name)).to_be_visible()
    expect(page.get_by_role("region", name="What it could be")).to_be_visible()
    expect(similar(page)).not_to_have_count(0)
    expect(page.get_by_role("region", name="File")).to_contain_text(
        shared.json(f"/api/sounds/{number}")["path"]
    )


def test_arrow_keys_go_to_neighbours_and_play_them(page):
    page.get_by_role("application").focus()
    chosen = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        press_and_hear(page, key)
        chosen.append(page.evaluate("__drumsort.current()"))
    assert None not in chosen
    assert len(set(chosen)) >= 3


def test_the_map_follows_the_arrow_keys_and_names_no_other_sound(page, shared):
    number = next(iter(shared.ids().values()))
    page.mouse.click(*place(page, number))
    for _ in range(6):
        page.get_by_role("button", name="Zoom in").click()
    page.mouse.move(*place(page, number))
    box = page.get_by_role("application").bounding_box()
    page.get_by_role("application").focus()

    def is_in_view():
        left, top = place(page, page.evaluate("__drumsort.current()"))
        inside = box["x"] < left < box["x"] + box["width"]
        return inside and box["y"] < top < box["y"] + box["height"]

    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown") * 2:
        page.keyboard.press(key)
        wait_until(is_in_view)
    expect(page.locator(".map-tip")).to_have_count(0)


def test_the_wheel_zooms_and_dragging_moves(page, shared):
    one, *_, other = shared.ids().values()

    def apart():
        return place(page, one)[0] - place(page, other)[0]

    before, middle = apart(), place(page, one)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    wait_until(lambda: abs(apart()) > 1.3 * abs(before))
    assert place(page, one) == pytest.approx(middle, abs=2)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] - 40, steps=4)
    page.mouse.up()
    assert place(page, one) == pytest.approx((middle[0] + 60, middle[1] - 40), abs=2)


def test_a_lasso_selects_what_is_in_it(page):
    corners = around(page)
    page.mouse.move(*corners[0])
    page.keyboard.down("Shift")
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.get_by_role("region", name="Selection")).to_contain_text(
        f"{shown(page)} sounds selected"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Selection")).to_have_count(0)
