"""Favourites, collections, and what is made of them."""

import re
import zipfile

from playwright.sync_api import expect

from .looking import row, side, until


def test_favourites_with_one_key(own, visit):
    page = visit(own)
    first, second = list(own.ids())[:2]
    for name in (first, second):
        row(page, name).click()
        page.keyboard.press("f")
        heart = row(page, name).get_by_role("button", name=f"Favourite {name}")
        expect(heart).to_have_attribute("aria-pressed", "true")
    left = side(page)
    left.get_by_role("button", name=re.compile("^Favourites")).click()
    until(page, "__drumsort.shown() === 2")
    row(page, second).click()
    page.keyboard.press("f")
    until(page, "__drumsort.shown() === 1")
    assert len(own.json("/api/collections/1")["ids"]) == 1


def test_a_collection_is_made_renamed_exported_in_every_form_and_deleted(own, visit, tmp_path):
    page = visit(own)
    left = side(page)
    lines = page.locator(".row")
    lines.nth(0).click()
    lines.nth(3).click(modifiers=["Shift"])
    left.get_by_role("button", name="the selection").click()
    expect(left.get_by_label("Name of the new collection")).to_be_focused()
    page.keyboard.type("Dark kit")
    page.keyboard.press("Enter")
    kit = left.get_by_role("button", name=re.compile("^Dark kit"))
    expect(kit).to_contain_text("4")
    kit.click()
    until(page, "__drumsort.shown() === 4")
    for kind, made in {
        "Folder": "Dark kit", "Zip file": "Dark kit.zip", "SFZ instrument": "Dark kit*/*.sfz",
        "Hydrogen drumkit": "*.h2drumkit",
    }.items():  # fmt: skip
        into = tmp_path / kind
        into.mkdir()
        left.get_by_role("button", name="Export").click()
        panel = page.get_by_role("dialog", name="Export")
        panel.get_by_text(kind, exact=True).click()
        panel.get_by_label("Into: path").fill(str(into))
        panel.get_by_role("button", name="Export").click()
        expect(panel).to_have_count(0)
        assert list(into.glob(made)), (kind, list(into.rglob("*")))
    assert len(list((tmp_path / "Folder" / "Dark kit").iterdir())) == 4
    assert len(zipfile.ZipFile(tmp_path / "Zip file" / "Dark kit.zip").namelist()) == 4
    left.get_by_role("button", name="Rename").click()
    expect(left.get_by_label("New name of Dark kit")).to_be_focused()
    page.keyboard.type("Night kit")
    page.keyboard.press("Enter")
    expect(left.get_by_role("button", name=re.compile("^Night kit"))).to_be_visible()
    left.get_by_role("button", name="Delete").click()
    left.get_by_role("button", name="Delete it").click()
    until(page, "__drumsort.shown() === 108")
    expect(left.get_by_role("button", name=re.compile("^Night kit"))).to_have_count(0)


def test_sounds_are_put_in_from_where_they_are_chosen_and_taken_out(own, visit):
    page = visit(own)
    lines, bar = page.locator(".row"), page.get_by_role("region", name="Selection")
    lines.nth(0).click()
    lines.nth(2).click(modifiers=["Shift"])
    bar.get_by_role("button", name="Add to…").click()
    bar.get_by_label("Name of a new collection").fill("Dusty")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 sounds added: Dusty has 3.")).to_be_visible()
    last = lines.nth(2).locator(".cell-name").inner_text()
    chip = page.get_by_role("article", name=last).get_by_role("button", name="Dusty")
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.click()
    expect(page.get_by_text(f"{last} taken out: Dusty has 2.")).to_be_visible()
    expect(chip).to_have_attribute("aria-pressed", "false")
    bar.get_by_role("button", name="Add to…").click()
    bar.get_by_role("button", name="Dusty").click()
    expect(page.get_by_text("1 of 3 sounds added, the others were in it")).to_be_visible()
    assert len(own.json("/api/collections/2")["ids"]) == 3
