"""Keys act on what is heard, a visit can undo all that it did, and it goes on after a restart."""

import re

import numpy as np
import soundfile
from playwright.sync_api import expect

from drumsort import scan

from ...synth.drums import synthesize
from .looking import close_panel, expect_outlined, place, played, row, search, shown, side, until


def label_of(server, number):
    """What a person said that a sound is."""
    return server.json(f"/api/sounds/{number}")["correction"]


def tool(page, name):
    """A button of the top bar."""
    return page.get_by_role("navigation", name="Tools").get_by_role("button", name=name)


def test_keys_act_on_what_the_pointer_is_over_and_on_nothing_hidden(own, visit):
    page = visit(own)
    (first, one), *_, (last, other) = own.ids().items()
    row(page, first).click()
    page.mouse.move(*place(page, other))
    until(page, "__drumsort.latencies().length > 1")
    page.keyboard.press("b")
    expect(page.get_by_text(f"{last} corrected to cowbell.")).to_be_visible()
    assert (label_of(own, one), label_of(own, other)) == (None, "cowbell")
    expect(page.get_by_role("article", name=last)).to_contain_text("you said so")
    page.keyboard.press("Home")
    expect(row(page, first)).to_have_attribute("aria-selected", "true")
    search(page).fill("no such sound")
    until(page, "__drumsort.shown() === 0")
    page.keyboard.press("Escape")
    search(page).fill("take 00")
    search(page).blur()
    page.keyboard.press("b")
    expect(page.get_by_text(f"The filters hide {first}, so it stays as it is.")).to_be_visible()
    assert label_of(own, one) is None


def test_the_list_plays_by_pointing_and_goes_on_after_a_label(own, visit):
    page = visit(own)
    names = page.locator(".row .cell-name").all_inner_texts()
    row(page, names[0]).click()
    before = played(page)
    page.locator(".row").nth(3).hover()
    until(page, f"__drumsort.latencies().length > {before}")
    expect(page.get_by_role("article", name=names[3])).to_be_visible()
    page.keyboard.press("b")
    page.keyboard.press("r")
    expect(row(page, names[3])).to_contain_text("cowbell")
    expect(row(page, names[4])).to_contain_text("rim")
    tool(page, "Sound and keys").click()
    page.get_by_text("Only when asked").click()
    page.get_by_text("After a label, the next sound plays").click()
    page.get_by_text("Letters and digits are keys").click()
    close_panel(page)
    row(page, names[7]).click()
    before = played(page)
    page.keyboard.press("k")
    page.locator(".row").nth(9).hover()
    page.keyboard.press("ArrowDown")
    expect(row(page, names[8])).to_have_attribute("aria-selected", "true")
    assert played(page) == before
    page.keyboard.press("Space")
    until(page, f"__drumsort.latencies().length === {before + 1}")
    ids = own.ids()
    assert [label_of(own, ids[names[nth]]) for nth in (7, 8)] == [None, None]


def test_all_that_was_done_is_undone_and_redone_in_any_tab(own, visit):
    page, second = visit(own), visit(own, fresh=False)
    names = page.locator(".row .cell-name").all_inner_texts()
    heart = row(second, names[0]).get_by_role("button", name=f"Favourite {names[0]}")
    row(page, names[0]).click()
    page.keyboard.press("f")
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+a")
    page.keyboard.press("b")
    expect(page.get_by_text("108 sounds corrected to cowbell.")).to_be_visible()
    left = side(page)
    left.get_by_role("button", name="the selection").click()
    page.keyboard.type("All")
    page.keyboard.press("Enter")
    left.get_by_role("button", name=re.compile("^All 108")).click()
    left.get_by_role("button", name="Delete").click()
    left.get_by_role("button", name="Delete it").click()
    expect(left.get_by_role("button", name=re.compile("^All"))).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(left.get_by_role("button", name=re.compile("^All 108"))).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(left.get_by_role("button", name=re.compile("^All"))).to_have_count(0)
    expect(left.get_by_role("button", name=re.compile("Corrected only 0"))).to_be_visible()
    page.keyboard.press("Control+z")
    expect(heart).to_have_attribute("aria-pressed", "false")
    for _ in range(2):
        page.keyboard.press("Control+Shift+z")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(left.get_by_role("button", name=re.compile("Corrected only 108"))).to_be_visible()


def test_escape_closes_what_is_open(shared, visit):
    page = visit(shared)
    page.locator(".row").first.click()
    page.keyboard.press("Control+a")
    bar = page.get_by_role("region", name="Selection")
    bar.get_by_role("button", name="Correct", exact=True).click()
    expect(page.get_by_role("group", name="What it is")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="What it is")).to_have_count(0)
    expect(bar).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)


def test_back_and_forward_go_through_filters_and_selections(shared, visit):
    page = visit(shared)
    legend = side(page).get_by_role("group", name="Families")
    legend.get_by_role("button", name=re.compile("^kick")).click()
    kicks = shown(page)
    page.wait_for_timeout(400)
    page.keyboard.press("Control+a")
    page.wait_for_timeout(400)
    legend.get_by_role("button", name=re.compile("^snare")).click()
    page.wait_for_timeout(400)
    assert shown(page) > kicks
    page.go_back()
    until(page, f"__drumsort.shown() === {kicks}")
    bar = page.get_by_role("region", name="Selection")
    expect(bar).to_contain_text(f"{kicks} sounds selected")
    page.go_back()
    expect(bar).to_have_count(0)
    page.go_back()
    until(page, "__drumsort.shown() === 108")
    page.go_forward()
    until(page, f"__drumsort.shown() === {kicks}")


def test_an_open_tab_goes_on_after_a_restart_and_the_next_one_begins_where_it_was(
    own, visit, start
):
    page = visit(own, expected="net::ERR_")
    search(page).fill("take 00")
    expect(page.locator(".shown")).to_contain_text("9 of 108")
    legend = side(page).get_by_role("group", name="Families")
    total = sum(int(text) for text in legend.locator("small").all_inner_texts())
    assert total == 9
    page.wait_for_timeout(1200)
    own.end()
    expect(page.get_by_role("alert")).to_contain_text("is not running any more")
    again = start(own.catalog)
    assert (again.port, again.token) == (own.port, own.token)
    expect(page.get_by_role("alert")).not_to_contain_text("is not running any more")
    row(page, page.locator(".row .cell-name").first.inner_text()).click()
    page.keyboard.press("f")
    until(page, "document.querySelectorAll('.liked').length > 0")
    later = visit(again, fresh=False)
    expect(later.locator(".shown")).to_contain_text("9 of 108")
    expect(search(later)).to_have_value("take 00")


def test_waveforms_that_failed_once_are_drawn_later(shared, visit):
    page = visit(shared, expected="Failed to load resource")
    page.route("**/api/waveforms*", lambda route: route.abort())
    page.reload()
    first = page.locator(".row .wave").first
    painted = "e => e.getContext('2d').getImageData(0, 0, e.width, e.height).data.some((v) => v)"
    page.wait_for_timeout(500)
    assert not first.evaluate(painted)
    page.unroute("**/api/waveforms*")
    for _ in range(100):
        if page.locator(".row .wave").first.evaluate(painted):
            return
        page.wait_for_timeout(100)
    raise AssertionError("still flat")


def test_all_sounds_play_equally_loud_and_never_beyond_full_scale(tmp_path, start, visit):
    samples = synthesize("snare", seed=3, rate=44100)
    samples /= np.abs(samples).max()
    folder = tmp_path / "Sounds" / "Pack"
    folder.mkdir(parents=True)
    for name, db in (("loud", 0), ("quiet", -26)):
        soundfile.write(folder / f"{name}.wav", samples * 10 ** (db / 20), 44100, subtype="FLOAT")
    scan(tmp_path / "Sounds", catalog=tmp_path / "catalog.db")
    page = visit(start(tmp_path / "catalog.db"))
    page.get_by_role("button", name="Show all").click()

    def peaks():
        found = []
        for name in ("loud.wav", "quiet.wav"):
            until(page, "(forget(), heard() < 1e-4)")  # the one before has faded
            before = played(page)
            row(page, name).hover()  # a click would strike it once more, on top of that
            until(page, f"__drumsort.latencies().length > {before}")
            page.wait_for_timeout(700)
            found.append(20 * np.log10(page.evaluate("heard()")))
        return found

    loud, quiet = peaks()
    assert abs(loud - quiet) < 1
    tool(page, "Sound and keys").click()
    page.get_by_text("All sounds equally loud").click()
    close_panel(page)
    loud, quiet = peaks()
    assert 20 < loud - quiet < 30
    assert loud <= 0


def test_a_folder_that_is_not_there_is_forgotten_once_another_is_typed(shared, visit, tmp_path):
    page = visit(shared, expected="410")
    tool(page, "Folders").click()
    panel = page.get_by_role("dialog", name="Listen to a folder")
    (tmp_path / "here" / "below").mkdir(parents=True)
    field = panel.get_by_label("Folder: path")
    field.fill(str(tmp_path / "none"))
    expect(panel).to_contain_text("cannot be listed")
    field.fill(str(tmp_path / "here"))
    expect(panel).not_to_contain_text("cannot be listed")
    expect(panel.get_by_role("button", name="below")).to_be_visible()


def test_the_map_by_keys_alone(shared, visit):
    page = visit(shared)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the list")).to_be_focused()
    page.get_by_role("button", name="Skip to the map").press("Enter")
    board = page.get_by_role("application")
    expect(board).to_be_focused()
    page.keyboard.press("ArrowRight")
    said = board.get_by_role("status")
    expect(said).to_contain_text("sure")
    number = int(page.locator(".row.current").get_attribute("id").removeprefix("row-"))
    name = next(name for name, known in shared.ids().items() if known == number)
    expect(said).to_contain_text(name)
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_role("region", name="Selection")).to_contain_text("2 sounds selected")
    for _ in range(8):
        page.keyboard.press("]")
    expect(said).to_contain_text(re.compile(r"\d+ sounds selected"))
    many = int(said.inner_text().split()[0])
    assert many > 2
    for _ in range(4):
        page.keyboard.press("[")
    assert int(said.inner_text().split()[0]) < many
    packs = side(page).get_by_role("group", name=re.compile("^Packs"))
    assert packs.locator("input[tabindex='0']").count() == 1
    packs.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(packs.locator("input").nth(1)).to_be_focused()


def test_forced_colours_keep_what_colours_say(shared, visit):
    page = visit(shared, forced_colors="active")
    page.locator(".row").first.click()
    dot = side(page).locator(".dot").first
    colour = "e => getComputedStyle(e).backgroundColor"
    assert dot.evaluate(colour) == "rgb(241, 114, 61)"
    expect(page.locator(".bar i").first).to_be_visible()
    bars = page.locator(".bar i").first.evaluate(colour)
    assert bars not in ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    page.get_by_role("button", name="Sort", exact=True).click()
    expect_outlined(page.locator(".choice input:checked + span").first)
    close_panel(page)
    search(page).fill("label:k")
    expect(page.locator(".search-below li").first).to_be_visible()
    search(page).press("ArrowDown")
    expect_outlined(page.locator(".search-below [aria-selected=true]"))
