"""The search box takes queries, suggests, says what is wrong, and what it finds can be saved."""

import re

import pytest
from playwright.sync_api import expect

from drumsort import find

from .looking import row, search, shown, side, until
from .test_access import barriers


@pytest.fixture
def page(shared, visit):
    """The page of sounds that nobody changes."""
    return visit(shared)


def below(page):
    """What is suggested."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def chips(page):
    """The filters that are on, above the list."""
    return page.get_by_role("group", name="Filters that are on")


def listed(page):
    """The names in the list that are drawn, from the top."""
    return page.locator(".row .cell-name").all_inner_texts()


def ready(page):
    """Suggestions come with a moment's delay the first time."""
    search(page).click()
    search(page).fill("lengt")
    expect(below(page)).to_have_count(1)
    search(page).fill("")


def test_a_query_finds_what_the_command_finds_in_its_order(page, shared):
    search(page).fill("label:kick , hat loudness-")
    found = find("label:kick , hat loudness-", catalog=shared.catalog)
    assert 8 < len(found) < 108
    until(page, f"__drumsort.shown() === {len(found)}")
    names = [path.name for path in found.paths]
    assert listed(page)[:8] == names[:8]
    head = page.get_by_role("columnheader", name="Name")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert listed(page)[0] == min(names, key=str.casefold)
    expect(page).to_have_url(re.compile(r"q=label%3Akick"))
    families = side(page).get_by_role("group", name="Families")
    families.get_by_role("button", name=re.compile("^kick")).click()
    kicks = len(find("label:kick", catalog=shared.catalog))
    until(page, f"__drumsort.shown() === {kicks}")
    expect(page).to_have_url(re.compile("family=kick"))  # a quarter of a second later
    page.reload()
    until(page, f"window.__drumsort?.shown() === {kicks}")
    expect(search(page)).to_have_value("label:kick , hat loudness-")


def test_a_query_is_typed_with_the_arrow_keys(page):
    ready(page)
    page.keyboard.type("clo")
    expect(below(page)).to_contain_text(["label:closed_hat"])
    expect(search(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = below(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    chosen = search(page).get_attribute("aria-activedescendant")
    assert chosen == first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(search(page)).to_have_value("label:closed_hat ")
    expect(below(page)).to_have_count(0)
    until(page, "__drumsort.shown() > 0 && __drumsort.shown() < 30")
    page.keyboard.type("leng")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(search(page)).to_have_value("label:closed_hat length:")
    expect(below(page)).to_contain_text(["length:..300ms"])
    below(page).first.click()
    expect(search(page)).to_have_value("label:closed_hat length:..300ms ")
    expect(search(page)).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(below(page)).to_contain_text(["path:", "name:", "folder:"])
    page.keyboard.press("Escape")
    expect(below(page)).to_have_count(0)
    expect(search(page)).to_have_value("label:closed_hat length:..300ms ")
    page.keyboard.press("ArrowDown")  # nothing is open: on to the list
    expect(page.locator(".row.current")).to_have_count(1)


def test_a_wrong_query_is_marked_and_shows_what_was_found_before(page):
    search(page).fill("label:kick")
    until(page, "__drumsort.shown() < 108")
    kicks = shown(page)
    search(page).fill("label:kick pich:C1..")
    box = search(page)
    expect(box).to_have_attribute("aria-invalid", "true")
    problem = page.locator("#search-problem")
    expect(problem).to_contain_text("There is no field 'pich': try pitch:")
    expect(problem.locator("mark")).to_have_text("pich")
    assert box.get_attribute("aria-describedby") == "search-problem"
    assert shown(page) == kicks
    expect(page.get_by_role("button", name="Save as collection")).to_have_count(0)
    box.fill("label:kick pitch:C1..")
    expect(problem).to_have_count(0)
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_filters_are_chips_that_go_one_by_one(page):
    left = side(page)
    families = left.get_by_role("group", name="Families")
    for name in ("kick", "snare"):
        families.get_by_role("button", name=re.compile(f"^{name}")).click()
    least = left.get_by_label("Confidence, at least")
    least.press("ArrowRight")
    track = left.locator(".range-track").first
    track.click(position={"x": track.bounding_box()["width"] / 4, "y": 12})
    assert 20 < int(least.input_value()) < 30
    search(page).fill("take")
    expect(chips(page).get_by_role("button")).to_contain_text(
        ["“take”", "kick", "snare", "sure", "Clear all"]
    )
    before = shown(page)
    chips(page).get_by_role("button", name="Remove the filter snare").focus()
    page.keyboard.press("Enter")
    expect(chips(page).get_by_role("button", name=re.compile("the filter sure"))).to_be_focused()
    assert shown(page) < before
    expect(families.get_by_role("button", name=re.compile("^snare"))).to_have_attribute(
        "aria-pressed", "false"
    )
    chips(page).get_by_role("button", name="Clear all").click()
    expect(chips(page)).to_have_count(0)
    expect(page.get_by_role("grid")).to_be_focused()
    assert shown(page) == 108


def test_a_query_is_saved_followed_edited_and_undone(own, visit):
    page = visit(own)
    search(page).fill("corrected:yes length-")
    until(page, "__drumsort.shown() === 0")
    page.get_by_role("button", name="Save as collection").click()
    page.get_by_label("Name of the smart collection").fill("Mine")
    page.keyboard.press("Enter")
    smart = side(page).get_by_role("group", name="Smart collections")
    mine = smart.get_by_role("button", name=re.compile("^Mine"))
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(mine).to_contain_text("0")
    expect(search(page)).to_have_value("")
    ids = list(own.ids().values())[:3]
    own.do("/api/correct", {"ids": ids, "label": "rim"})
    expect(mine).to_contain_text("3")
    until(page, "__drumsort.shown() === 3")
    inside = own.json(f"/api/collections/{own.json('/api/state')['collections'][1]['number']}")
    by_id = {number: name for name, number in own.ids().items()}
    assert listed(page) == [by_id[number] for number in inside["ids"]]
    mine.click()
    until(page, "__drumsort.shown() === 108")
    row(page, listed(page)[0]).click(modifiers=["Control"])
    page.get_by_role("button", name="Add to…").click()
    menu = page.get_by_role("region", name="Selection").get_by_role("group", name="Collections")
    expect(menu.get_by_role("button", name="Make")).to_be_visible()
    expect(menu.get_by_role("button", name="Mine")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    mine.click()
    smart.get_by_role("button", name="Edit").click()
    expect(search(page)).to_have_value("corrected:yes length-")
    search(page).fill("label:rim")
    until(page, "__drumsort.shown() >= 3")
    page.get_by_role("button", name="Save as collection").click()
    expect(page.get_by_label("Name of the smart collection")).to_have_value("Mine")
    page.keyboard.press("Enter")
    expect(smart.locator("code")).to_have_text("label:rim")
    expect(mine).to_have_attribute("aria-pressed", "true")
    page.locator(".row").first.click()
    page.keyboard.press("Control+z")
    expect(smart.locator("code")).to_have_text("corrected:yes length-")
    page.keyboard.press("Control+z")
    expect(smart).to_have_count(0)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_has_no_barriers(shared, visit, scheme):
    page, found = visit(shared, color_scheme=scheme), {}
    ready(page)
    page.keyboard.type("l")
    page.keyboard.press("ArrowDown")
    expect(below(page)).not_to_have_count(0)
    found["suggestions"] = barriers(page)
    search(page).fill("kick lenght:1")
    expect(page.locator("#search-problem")).to_be_visible()
    found["problem"] = barriers(page)
    search(page).fill("long -kick")
    until(page, "__drumsort.shown() < 108")
    page.get_by_role("button", name="Save as collection").click()
    found["naming"] = barriers(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("navigation", name="Views").get_by_role("button", name="List").click()
    found["phone"] = barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert {view: lines for view, lines in found.items() if lines} == {}
