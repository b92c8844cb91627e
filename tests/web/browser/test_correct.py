"""Saying what sounds are."""

import re

from playwright.sync_api import expect

from .looking import row, search, shown, until


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
    page.keyboard.press("Escape")
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
    until(page, "__drumsort.shown() === 0")
    assert shown(page) == 0
