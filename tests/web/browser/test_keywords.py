"""Keywords, what is hidden, what was opened last, and what a lesson would change."""

import re

from playwright.sync_api import expect

from ...processes import wait_until
from .looking import close_panel, played, row, search, shown, side, until, wait_to_hear
from .test_access import barriers


def test_keywords_are_given_filtered_by_asked_for_and_undone(own, visit):
    page = visit(own)
    lines, left = page.locator(".row"), side(page)
    first = lines.nth(0).locator(".cell-name").inner_text()
    lines.nth(0).click()
    page.keyboard.press("#")
    panel = page.get_by_role("dialog", name="Keywords")
    expect(panel.get_by_label("Keyword", exact=True)).to_be_focused()
    page.keyboard.type("dusty")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="dusty")).to_have_attribute("aria-pressed", "true")
    assert barriers(page) == []
    close_panel(page)
    article = page.get_by_role("article", name=first)
    expect(article.get_by_role("button", name="Remove the keyword dusty")).to_be_visible()

    lines.nth(2).click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Selection")
    bar.get_by_role("button", name="Keywords").click()
    menu = bar.get_by_role("group", name="Keywords")
    dusty = menu.get_by_role("button", name=re.compile("^dusty"))
    expect(dusty).to_have_attribute("aria-pressed", "mixed")
    dusty.click()
    expect(dusty).to_have_attribute("aria-pressed", "true")
    menu.get_by_label("Keyword", exact=True).fill("for live set")
    page.keyboard.press("Enter")
    chip = left.get_by_role("button", name=re.compile("^for live set"))
    expect(chip).to_contain_text("3")
    page.keyboard.press("Escape")

    chip.click()
    until(page, "__drumsort.shown() === 3")
    page.get_by_role("button", name="Remove the filter #for live set").click()
    search(page).fill("keyword:dus")
    until(page, "__drumsort.shown() === 3")
    search(page).fill("live")
    until(page, "__drumsort.shown() === 3")
    search(page).fill("")
    lines.nth(0).click()
    article.get_by_role("button", name="Remove the keyword dusty").click()
    expect(article.get_by_role("button", name="Remove the keyword dusty")).to_have_count(0)
    article.get_by_label("Another keyword").fill("wet")
    page.keyboard.press("Enter")
    expect(left.get_by_role("button", name=re.compile("^wet"))).to_contain_text("1")
    lines.nth(0).click()
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(article.get_by_role("button", name="Remove the keyword dusty")).to_be_visible()
    expect(left.get_by_role("button", name=re.compile("^wet"))).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(article.get_by_role("button", name="Remove the keyword dusty")).to_have_count(0)


def test_what_is_hidden_is_nowhere_until_it_is_asked_for(own, visit):
    page = visit(own)
    names = page.locator(".row .cell-name").all_inner_texts()
    number = own.ids()[names[1]]
    row(page, names[1]).click()
    page.keyboard.press("Delete")
    expect(row(page, names[1])).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text=re.compile("^107 sounds$"))).to_be_visible()
    assert page.evaluate(f"__drumsort.placeOf({number})") is None
    page.keyboard.press("ArrowDown")
    expect(row(page, names[2])).to_have_attribute("aria-selected", "true")

    article = page.get_by_role("article")
    article.get_by_role("button", name="Hide its pack").click()
    link = page.get_by_role("button", name=re.compile(r"^\d+ hidden$"))
    expect(link).not_to_have_text("1 hidden")
    pack = page.evaluate("__drumsort.shown()")
    assert 0 < pack < 107
    expect(side(page).get_by_role("group", name="Hidden packs")).to_be_visible()
    search(page).fill("length+")  # the server's answer, too
    until(page, f"__drumsort.shown() === {pack}")
    search(page).fill("hidden:yes")
    until(page, f"__drumsort.shown() === {108 - pack}")
    search(page).fill("")
    link.click()
    until(page, f"__drumsort.shown() === {108 - pack}")
    assert barriers(page) == []
    row(page, names[1]).click()
    expect(article.get_by_role("button", name="Show it again")).to_be_visible()
    page.keyboard.press("Control+a")
    bar = page.get_by_role("region", name="Selection")
    bar.get_by_role("button", name="Show again").click()
    until(page, "__drumsort.shown() === 0")
    page.get_by_role("button", name="Remove the filter hidden only").click()
    until(page, "__drumsort.shown() === 108")
    for left in (pack, 107):
        page.keyboard.press("Control+z")
        until(page, f"__drumsort.shown() === {left}")
    page.keyboard.press("Control+z")
    until(page, "__drumsort.shown() === 108")


def test_what_was_opened_last_is_there_after_a_restart(own, visit):
    page = visit(own)
    names = page.locator(".row .cell-name").all_inner_texts()
    opened = side(page).get_by_role("button", name=re.compile("^Opened last"))
    for count, nth in enumerate((4, 2, 0), 1):
        row(page, names[nth]).click()
        expect(opened).to_contain_text(str(count))
    wait_until(lambda: f"[{own.ids()[names[0]]}," in own.json("/api/settings")["settings"])
    page.close()
    page = visit(own, fresh=False)
    side(page).get_by_role("button", name=re.compile("^Opened last")).click()
    until(page, "__drumsort.shown() === 3")
    shown_now = page.locator(".row .cell-name").all_inner_texts()
    assert shown_now == [names[0], names[2], names[4]]
    row(page, names[4]).click()  # the list stays as it is meanwhile
    assert page.locator(".row .cell-name").all_inner_texts() == shown_now
    side(page).get_by_role("button", name=re.compile("^Opened last")).click()
    side(page).get_by_role("button", name="Newest first").click()
    expect(page.get_by_role("button", name="Remove the filter “added-”")).to_be_visible()
    assert shown(page) == 108


def test_what_a_lesson_would_change_is_heard_before_it_is_on(own, visit):
    header, columns = own.sounds()
    loops = columns["id"][columns["label"] == header["labels"].index("loop")].tolist()
    own.do("/api/teach/classes", {"name": "Riser", "ids": loops[:5]})
    own.do("/api/teach/try")
    own.wait("done")
    own.do("/api/corrections/undo")  # so that the lesson would change the examples, too
    told = own.json("/api/teach/changes?number=1")["sounds"]
    assert len(told) > 1
    page = visit(own)
    page.get_by_role("navigation", name="Tools").get_by_role("button", name="Teach").click()
    panel = page.get_by_role("dialog", name="Teach")
    panel.get_by_role("button", name="Hear what would change").click()
    listed = panel.get_by_role("listbox", name="Sounds that would change")
    expect(listed.get_by_role("option")).to_have_count(len(told))
    expect(listed.get_by_role("option").nth(0)).to_contain_text(told[0]["after"].replace("_", " "))
    assert barriers(page) == []
    listed.focus()
    page.keyboard.press("ArrowDown")
    expect(listed.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    wait_to_hear(page)
    until(page, f"__drumsort.current() === {told[1]['id']}")
    before = played(page)
    page.keyboard.press("Space")
    until(page, f"__drumsort.latencies().length > {before}")
    page.keyboard.press("b")
    expect(listed.get_by_role("option").nth(1)).to_contain_text("you said so")
    assert own.json(f"/api/sounds/{told[1]['id']}")["correction"] == "cowbell"
    page.keyboard.press("Control+z")
    expect(listed.get_by_role("option").nth(1)).not_to_contain_text("you said so")
    panel.get_by_role("switch", name="In use").click()
    expect(panel.get_by_role("button", name="Hear what would change")).to_have_count(0)
