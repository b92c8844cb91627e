"""Sounds on their way out of the page: what a browser is told of a drag, paths, an export."""

import re

from playwright.sync_api import expect

from ...processes import wait_until
from .looking import close_panel, until
from .test_access import barriers


def told(page, locator):
    """What is in the hand once something begins to be dragged."""
    data = page.evaluate_handle("new DataTransfer()")
    locator.dispatch_event("dragstart", {"dataTransfer": data})
    said = data.evaluate("(data) => data.getData('DownloadURL')")
    locator.dispatch_event("dragend", {"dataTransfer": data})
    return said


def test_a_sound_is_dragged_as_a_file_and_several_as_a_zip(shared, visit):
    page = visit(shared)
    ids, number = shared.ids(), "(data) => fetch(data).then((got) => got.arrayBuffer())"
    name = page.locator(".row .cell-name").nth(1).inner_text()
    kind, shown, address = told(page, page.locator(".row").nth(1)).split(":", 2)
    assert (kind, shown) == ("audio/flac", name)
    assert address == f"http://{shared.host}/api/sounds/{ids[name]}/file"
    size = page.evaluate(f"({number})({address!r}).then((got) => got.byteLength)")
    assert size == len(shared.get(f"/api/sounds/{ids[name]}/file").body) > 1000

    page.locator(".row").nth(1).click()
    page.locator(".row").nth(3).click(modifiers=["Shift"])
    for place in (page.locator(".row").nth(2), page.locator(".selection .grip")):
        assert re.fullmatch(
            rf"application/zip:3 sounds.zip:http://{shared.host}/api/files\?ids=\d+,\d+,\d+",
            told(page, place),
        )
    # A sound that is not selected goes alone.
    assert told(page, page.locator(".row").nth(5)).startswith("audio/")
    assert told(page, page.locator(".detail h2")).startswith("audio/")


def test_several_go_to_pads_from_the_selection_and_one_from_the_map(own, visit):
    page = visit(own)
    page.get_by_role("navigation", name="Tools").get_by_role("button", name="Kit").click()
    pads = page.locator(".pad")
    page.locator(".row").nth(0).click()
    page.locator(".row").nth(1).click(modifiers=["Shift"])
    names = page.locator(".row .cell-name").all_inner_texts()[:2]
    page.locator(".selection .grip").drag_to(page.locator(".pad[aria-label^=Kick]"))
    expect(pads.filter(has_text=names[0])).to_have_count(1)
    expect(pads.filter(has_text=names[1])).to_have_count(1)

    page.keyboard.press("Escape")
    _, columns = own.sounds()
    number = int(columns["id"][10])
    box = page.get_by_role("application").bounding_box()
    left, top = page.evaluate(f"__drumsort.placeOf({number})")
    page.keyboard.down("Control")
    page.mouse.move(box["x"] + left, box["y"] + top)
    page.mouse.down()
    snare = page.locator(".pad[aria-label^=Rim]").bounding_box()
    page.mouse.move(snare["x"] + 20, snare["y"] + 20, steps=6)
    page.mouse.up()
    page.keyboard.up("Control")
    expect(page.locator(".pad[aria-label^=Rim]")).not_to_have_accessible_name(re.compile("empty"))
    assert page.evaluate(f"__drumsort.placeOf({number})") == [left, top]  # the map stays


def test_paths_are_copied_and_the_selection_is_exported_from_its_menu(own, visit, tmp_path):
    (tmp_path / "Out").mkdir()
    page = visit(own, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".row").nth(3).click()
    page.locator(".row").nth(5).click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Selection")
    bar.get_by_role("button", name="Files").click()
    assert barriers(page) == []
    bar.get_by_role("button", name="Copy 3 paths").click()
    expect(page.get_by_text("3 paths copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    names = page.locator(".row .cell-name").all_inner_texts()[3:6]
    assert [path.rpartition("/")[2] for path in copied] == names

    def ask_to_export(name):
        bar.get_by_role("button", name="Files").click()
        bar.get_by_role("button", name="Export").click()
        dialog.get_by_label("Name", exact=True).fill(name)
        dialog.get_by_label("Into: path").fill(str(tmp_path / "Out"))

    dialog = page.get_by_role("dialog", name="Export")
    held = []
    page.route("**/api/export", lambda sent: held.append(sent))
    ask_to_export("Early")
    dialog.get_by_role("button", name="Export", exact=True).click()
    wait_until(lambda: page.wait_for_timeout(10) or held)
    close_panel(page)
    ask_to_export("Three")
    held[0].continue_()
    expect(dialog).to_contain_text(re.compile("Made .*Early"))
    expect(dialog).to_be_visible()
    page.unroute("**/api/export")
    assert barriers(page) == []
    dialog.get_by_role("button", name="Export", exact=True).click()
    until(page, "document.querySelector('dialog[open]') === null")
    assert sorted(path.name for path in (tmp_path / "Out" / "Three").iterdir()) == sorted(names)
