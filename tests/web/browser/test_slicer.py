"""A loop is taken apart in a room of its own: by the pointer, by keys, by touch; to the disk."""

import re

import pytest
import soundfile
from playwright.sync_api import expect

from drumsort import scan

from ...processes import wait_until
from ...slicing.loops import BEAT, loop, write
from .looking import close_panel, expect_outlined, row, until
from .test_access import PHONE, barriers

RATE = 44100


@pytest.fixture(scope="module")
def beat(tmp_path_factory):
    """The catalog of a loop, which lies beside it."""
    folder = tmp_path_factory.mktemp("beat")
    write(folder / "Lib" / "beat.wav", loop(BEAT))
    scan(folder / "Lib", catalog=folder / "catalog.db")
    return folder / "catalog.db"


def enter(page):
    """The room, once all hits are heard."""
    row(page, "beat.wav").click()
    page.get_by_role("article").get_by_role("button", name="Take apart").click()
    room = page.get_by_role("dialog", name="Take apart beat.wav")
    expect(room.get_by_role("status")).to_have_text(re.compile("^8 of 8 hits"))
    return room


def cut(room, number):
    """The handle of a cut."""
    return room.get_by_role("slider", name=f"Cut {number}", exact=True)


def frame(room, number):
    """The frame that a cut is at, from what a screen reader is told: thousandths of a ms."""
    return round(float(cut(room, number).get_attribute("aria-valuenow")) / 1000 * RATE)


def hit(room, number):
    """The line of a hit."""
    return room.get_by_role("list", name="Hits").get_by_role("listitem").nth(number - 1)


def drag(page, handle, by):
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, y, steps=2)
    page.mouse.move(x + by, y, steps=2)
    page.mouse.up()


def test_cuts_are_moved_heard_kept_and_taken_back(beat, start, visit, tmp_path):
    # A slice that is taken back may be about to be fetched, to be played without a wait.
    page = visit(start(beat), expected=r"410 \(Gone\)")
    room = enter(page)
    assert [hit(room, n).inner_text().split("\n")[1] for n in (1, 3)] == ["kick", "snare"]

    before, wide = frame(room, 2), room.locator(".slicer-wave").bounding_box()["width"]
    page.evaluate("forget()")
    drag(page, cut(room, 2), -40)
    wanted, pixel = before - 40 / wide * 3 * RATE, 3 * RATE / wide
    wait_until(lambda: abs(frame(room, 2) - wanted) < 2 * pixel)
    moved = frame(room, 2)
    until(page, "heard() > 0.01")
    expect(room.get_by_role("status")).to_have_text(re.compile("hit 2 is chosen"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+ArrowLeft")
    wait_until(lambda: frame(room, 2) == moved + 44 + 441 - 1)
    page.keyboard.press("Control+z")
    wait_until(lambda: frame(room, 2) == moved)
    page.keyboard.press("Control+z")
    wait_until(lambda: frame(room, 2) == before)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("o")
    wait_until(lambda: frame(room, 2) == before)
    drag(page, cut(room, 2), -30)
    wait_until(lambda: abs(frame(room, 2) - before + 30 * pixel) < 2 * pixel)

    box = room.locator(".slicer-wave").bounding_box()
    page.mouse.dblclick(box["x"] + 0.97 * wide, box["y"] + box["height"] / 2)
    expect(hit(room, 9)).to_contain_text("silent")  # the server has heard it
    expect(hit(room, 9).get_by_role("checkbox")).to_be_disabled()
    page.keyboard.press("Delete")
    expect(hit(room, 9)).to_have_count(0)
    expect(room.get_by_role("status")).to_have_text(re.compile("^8 of 8"))

    hit(room, 4).get_by_role("button", name="Play hit 4").click()
    page.keyboard.press("x")
    for number in (5, 6, 7):
        hit(room, number).get_by_role("checkbox").uncheck()
    expect(room.get_by_role("status")).to_have_text(re.compile("^4 of 8"))
    drawn = {number: frame(room, number) for number in range(1, 9)}
    room.get_by_role("button", name="Keep 4 hits…").click()
    keep = page.get_by_role("dialog", name="Keep hits")
    keep.get_by_label("Into: path").fill(str(tmp_path / "Hits"))
    keep.get_by_role("button", name="Keep 4 hits").click()
    expect(keep).to_have_count(0)
    expect(page.get_by_text(re.compile("4 slices written to")).first).to_be_visible()
    files = {int(one.name.split("_")[1]): one for one in (tmp_path / "Hits").rglob("*.wav")}
    assert sorted(files) == [1, 2, 3, 8]
    whole = soundfile.read(beat.parent / "Lib" / "beat.wav", dtype="int32")[0]
    for number, file in files.items():
        kept = soundfile.read(file, dtype="int32")[0]
        at = drawn[number]
        assert at + len(kept) <= drawn.get(number + 1, len(whole))
        assert (kept[44:-221] == whole[at + 44 : at + len(kept) - 221]).all()

    page.mouse.move(2, 2)  # over no sound, which would play when the room is left
    close_panel(page)
    until(page, "__drumsort.sounds() === 5")
    expect(row(page, files[8].name)).to_be_visible()
    page.get_by_role("button", name="History").click()
    past = page.get_by_role("dialog", name="Past sorts").get_by_role("listitem")
    expect(past).to_contain_text("Cut 4 files")
    past.get_by_role("button", name="Undo").click()
    expect(past).to_contain_text("undone")
    assert not (tmp_path / "Hits").exists()
    until(page, "__drumsort.sounds() === 1")


def test_keys_lead_everywhere_and_axe_finds_nothing(beat, start, visit):
    page = visit(start(beat), expected="500", color_scheme="light")
    room = enter(page)
    assert barriers(page) == []
    expect(cut(room, 1)).to_be_focused()
    page.evaluate("forget()")
    page.keyboard.press("ArrowDown")
    expect(cut(room, 2)).to_be_focused()
    until(page, "heard() > 0.01")
    page.keyboard.press("n")
    expect(hit(room, 9)).to_be_visible()
    expect(cut(room, 3)).to_be_focused()
    for _ in range(6):
        page.keyboard.press("+")
    expect(cut(room, 3)).to_be_in_viewport()
    page.keyboard.press("k")  # which labels a sound elsewhere
    page.keyboard.press("Tab")
    expect(hit(room, 3).get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    expect(room.get_by_role("status")).to_have_text(re.compile("^8 of 9"))
    room.get_by_role("button", name=re.compile("^Keep 8")).click()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keep hits")).to_have_count(0)
    close_panel(page)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_count(0)
    page.get_by_role("article").get_by_role("button", name="Take apart").click()
    expect(hit(room, 9)).to_be_visible()  # as it was left

    page.route("**/loop/hits", lambda sent: sent.fulfill(status=500, json={"error": "Not now."}))
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("Not now.")).to_be_visible()
    expect(room.get_by_role("status")).to_have_text(re.compile("^Listening to"))
    page.unroute("**/loop/hits")
    close_panel(page)
    page.get_by_role("article").get_by_role("button", name="Take apart").click()
    expect(room.get_by_role("status")).to_have_text(re.compile("^8 of 9"))
    page.emulate_media(forced_colors="active")
    expect_outlined(page.locator(".hit.chosen"))


def test_by_touch_on_a_phone(beat, start, visit):
    page = visit(start(beat), viewport=PHONE, has_touch=True, is_mobile=True)
    tabs = page.get_by_role("navigation", name="Views")
    tabs.get_by_role("button", name="List").tap()
    row(page, "beat.wav").tap()
    page.locator(".mini-name").tap()
    page.get_by_role("button", name="Take apart").tap()
    room = page.get_by_role("dialog", name="Take apart beat.wav")
    expect(room.get_by_role("status")).to_have_text(re.compile("^8 of 8 hits"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    hit(room, 3).get_by_role("button", name="Play hit 3").tap()
    expect(room.get_by_role("status")).to_have_text(re.compile("hit 3 is chosen"))
    before = frame(room, 3)
    room.get_by_role("button", name="Cut 1 ms later").tap()
    wait_until(lambda: frame(room, 3) == before + 44)
    box = cut(room, 3).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [x]), ("touchMove", [x + 9]), ("touchEnd", [])):
        where = [{"x": at, "y": y} for at in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})
    wait_until(lambda: frame(room, 3) > before + 1000)
    room.get_by_role("button", name="Remove", exact=True).tap()
    expect(room.get_by_role("status")).to_have_text(re.compile("^7 of 7"))
    expect(room.get_by_role("button", name="Keep 7 hits…")).to_be_in_viewport(ratio=1)
    assert barriers(page) == []
