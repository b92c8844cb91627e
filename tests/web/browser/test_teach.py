"""A class of one's own, taught from the page."""

import re

from playwright.sync_api import expect

from ...processes import wait_until
from .looking import close_panel, expect_outlined, place, row, search, side, until


def test_a_class_of_five_sounds_is_tried_switched_on_and_changes_labels(own, visit):
    page = visit(own, expected="409|500")
    header, columns = own.sounds()
    loops = (columns["label"] == header["labels"].index("loop")).sum()
    assert loops >= 5

    search(page).fill("loop")
    until(page, f"__drumsort.shown() === {loops}")
    lines = page.locator(".row")
    lines.nth(0).click()
    lines.nth(4).click(modifiers=["Shift"])
    search(page).fill("")
    until(page, "__drumsort.shown() === 108")
    kick = columns["label"].tolist().index(header["labels"].index("kick"))
    page.mouse.move(*place(page, columns["id"][kick]))  # keys would act on this one
    expect(page.get_by_text("keys label")).to_be_visible()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Teach").click()
    panel = page.get_by_role("dialog", name="Teach")
    panel.get_by_label("Name of the class").fill("Riser")
    panel.get_by_role("button", name="From 5 selected sounds").click()
    expect(panel.get_by_role("region", name="Classes of your own")).to_contain_text("5 examples")
    panel.get_by_role("button", name="Try what it would learn").click()
    card = panel.get_by_role("article", name="Lesson 1")
    expect(card).to_contain_text("5 examples")
    expect(card.get_by_role("row").nth(1)).to_contain_text("Riser")
    before = own.sounds()[1]["confidence"]
    switch = card.get_by_role("switch", name="In use")
    assert not switch.is_checked()
    refuse = {"json": {"error": "Not now."}}
    page.route("**/api/teach/use", lambda sent: sent.fulfill(status=409, **refuse))
    switch.click()
    expect(panel.get_by_text("Not now.")).to_be_visible()
    expect(switch).not_to_be_checked()
    page.unroute("**/api/teach/use")
    page.route("**/api/teach/changes*", lambda sent: sent.fulfill(status=500, **refuse))
    card.get_by_role("button", name="Hear what would change").click()
    expect(card).to_contain_text("What would change is not known.")
    page.unroute("**/api/teach/changes*")
    card.get_by_role("button", name="Ask again").click()
    expect(card).to_contain_text("would get another label")
    page.emulate_media(forced_colors="active")
    expect_outlined(card.locator(".change[aria-selected=true]"))
    switch.click()
    expect(switch).to_be_checked()
    close_panel(page)
    # The switch is shown as on before the server has heard of it.
    wait_until(lambda: (before != own.sounds()[1]["confidence"]).any())
    after_header, after = own.sounds()
    riser = (after["label"] == after_header["labels"].index("Riser")).nonzero()[0]
    taught = [after["names"][nth] for nth in riser]
    assert len(taught) >= 5
    search(page).fill("")

    side(page).get_by_role("button", name=re.compile("^Riser")).click()
    until(page, f"__drumsort.shown() === {len(taught)}")
    expect(row(page, taught[0])).to_contain_text("Riser")

    page.get_by_role("navigation", name="Tools").get_by_role("button", name="Teach").click()
    panel.get_by_role("button", name="Remove").click()
    panel.get_by_role("button", name="Remove it").click()
    expect(panel.get_by_role("article")).to_have_count(0)
    expect(panel.get_by_role("button", name="Try what it would learn")).to_be_disabled()
    assert own.json("/api/teach")["classes"] == []
