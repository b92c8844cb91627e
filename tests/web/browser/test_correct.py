"""Saying what sounds are."""

import re

from playwright.sync_api import expect

from .looking import close_panel, row, search, shown, until


def test_one_key_corrects_and_another_takes_it_back(own, visit):
    page = visit(own)
    header, columns = own.sounds()
    nth = (columns["label"] != header["labels"].index("cowbell")).nonzero()[0][0]
    name, number = columns["names"][nth], columns["id"][nth]
    before = row(page, name).inner_text()
    row(page, name).click()
    page.keyboard.press("b")
    expect(row(page, name)).to_contain_text("cowbell")
    expect(row(page, name)).to_contain_text("✓")
    expect(page.get_by_text(f"{name} corrected to cowbell.")).to_be_visible()
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("article", name=name)).to_contain_text("you said so")
    assert own.json(f"/api/sounds/{number}")["correction"] == "cowbell"
    page.get_by_role("button", name=re.compile("Corrected only")).click()
    until(page, "__drumsort.shown() === 1")
    page.get_by_role("button", name="Clear filters").click()
    page.keyboard.press("u")
    expect(row(page, name)).not_to_contain_text("✓")
    assert row(page, name).inner_text() == before
    assert own.json(f"/api/sounds/{number}")["correction"] is None


def test_many_at_once_and_still_so_after_a_restart(own, visit, start):
    page = visit(own)
    search(page).fill("take 00")
    until(page, "__drumsort.shown() === 9")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+a")
    selection = page.get_by_role("region", name="Selection")
    expect(selection).to_contain_text("9 sounds selected")
    selection.get_by_role("button", name="Correct", exact=True).click()
    selection.get_by_role("button", name=re.compile("^shaker")).click()
    expect(page.get_by_text("9 sounds corrected to shaker.")).to_be_visible()
    page.close()
    own.end()
    page = visit(start(own.catalog))
    page.get_by_role("button", name=re.compile("Corrected only")).click()
    until(page, "__drumsort.shown() === 9")
    labels = page.locator(".row .cell-label").all_inner_texts()
    assert len(labels) == 9
    assert all("shaker" in label for label in labels)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Nothing was changed in this visit.")).to_be_visible()
    assert shown(page) == 9
    page.get_by_role("navigation", name="Tools").get_by_role("button", name="Teach").click()
    page.get_by_role("button", name="Undo the last").click()
    until(page, "__drumsort.shown() === 0")
    close_panel(page)
    page.keyboard.press("Control+z")
    until(page, "__drumsort.shown() === 9")


def test_the_next_unsure_one_is_the_next_in_the_list(own, visit):
    page = visit(own)
    page.get_by_role("button", name="Unsure only").click()
    names = page.locator(".row .cell-name").all_inner_texts()
    row(page, names[2]).click()
    page.keyboard.press("k")
    expect(row(page, names[2])).to_have_count(0)
    expect(row(page, names[3])).to_have_attribute("aria-selected", "true")


def test_keys_are_about_what_was_chosen_last(own, visit):
    page = visit(own)
    lines, selection = page.locator(".row"), page.get_by_role("region", name="Selection")
    for end in ("Home", "ArrowDown", "PageUp"):
        lines.nth(0).click()
        lines.nth(5).click(modifiers=["Shift"])
        expect(selection).to_contain_text("6 sounds selected")
        page.keyboard.press(end)
        expect(selection).to_have_count(0)
    first = lines.first.locator(".cell-name").inner_text()
    page.keyboard.press("b")
    expect(page.get_by_text(f"{first} corrected to cowbell.")).to_be_visible()


def test_what_the_filters_hide_is_not_selected(own, visit):
    page = visit(own)
    selection = page.get_by_role("region", name="Selection")
    page.keyboard.press("Control+a")
    expect(selection).to_contain_text("108 sounds selected")
    search(page).fill("take 00")
    expect(selection).to_contain_text("9 sounds selected")
    search(page).fill("")
    expect(selection).to_contain_text("9 sounds selected")
