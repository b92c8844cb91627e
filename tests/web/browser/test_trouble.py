"""What goes wrong is one sentence, and what is hostile is text."""

import shutil

import pytest
from playwright.sync_api import expect

from drumsort import scan

from .looking import row, search, similar, wait_to_hear

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2) ${alert(3)} \"'&amp;.wav"


def demo(library, into, *names):
    """Some sounds of the library under other names, scanned."""
    sounds = sorted((library.parent / "Demo").rglob("*.wav"))
    into.mkdir(parents=True)
    for sound, name in zip(sounds, names, strict=False):
        shutil.copyfile(sound, into / name)
    scan(into.parent, catalog=into.parent.parent / "catalog.db")
    return into.parent.parent / "catalog.db"


def test_a_file_removed_since_the_scan(library, tmp_path, start, visit):
    catalog = demo(library, tmp_path / "Sounds" / "Pack", "gone.wav", "here.wav")
    page = visit(start(catalog), expected="410")
    (tmp_path / "Sounds" / "Pack" / "gone.wav").unlink()
    row(page, "gone.wav").click()
    sentence = "is gone: scan again to find out what is there."
    expect(page.get_by_text(sentence).first).to_be_visible()
    expect(page.get_by_text("There is no picture of this sound.")).to_be_visible()
    page.get_by_role("button", name="Folders").click()
    page.get_by_role("button", name="Scan again").click()
    pane = page.get_by_role("article", name="gone.wav")
    expect(pane).to_contain_text("This file was not there at the last scan.")
    expect(pane.get_by_role("img")).to_have_count(0)
    row(page, "here.wav").click()
    wait_to_hear(page)


@pytest.mark.parametrize("suffix", [".aif", ".wav", ".flac", ".ogg"])
def test_every_format_is_heard(shared, visit, suffix):
    page = visit(shared)
    name = next(name for name in shared.ids() if name.endswith(suffix))
    search(page).fill(name)
    row(page, name).click()
    wait_to_hear(page)


def test_a_hostile_name_is_text(library, tmp_path, start, visit):
    pack = "<b onclick=alert(4)>Pack"
    page = visit(start(demo(library, tmp_path / "Sounds" / pack, HOSTILE, "other.wav")))
    row(page, HOSTILE).click()
    wait_to_hear(page)
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    expect(page.locator(".row .cell-pack").first).to_have_text(pack)
    page.keyboard.press("f")
    page.keyboard.press("b")
    expect(row(page, HOSTILE)).to_contain_text("cowbell")
    assert page.locator("img, .row b[onclick], script:not([src])").count() == 0


GOT_IN = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = 1";
  document.body.append(script);
  const picture = '<img src="data:," onerror="window.ran = 2">';
  document.body.insertAdjacentHTML("beforeend", picture);
}"""


def test_a_script_that_got_in_would_not_run(shared, visit):
    page = visit(shared, expected="Content Security Policy")
    page.evaluate(GOT_IN)
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None


def test_without_the_token_there_is_one_sentence(shared, browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://{shared.host}/")
        expect(page.get_by_text("open the address that 'drumsort browse' printed")).to_be_visible()


def test_a_server_that_ends_is_missed(own, visit):
    page = visit(own, expected="net::ERR_")
    own.end()
    expect(page.get_by_role("alert")).to_contain_text(
        "drumsort is not running any more: start it again"
    )
    assert page.evaluate("__drumsort.sounds()") == 108


def test_similar_sounds_that_were_not_found_are_found_later(own, visit):
    page = visit(own, expected="net::ERR_")
    page.route("**/similar*", lambda route: route.abort())
    page.locator(".row").first.click()
    expect(page.get_by_role("region", name="More like this")).to_contain_text("is not running")
    page.unroute("**/similar*")
    own.do("/api/correct", {"ids": list(own.ids().values())[:1], "label": "ride"})
    expect(similar(page).first).to_be_visible()


def test_what_goes_wrong_over_and_over_is_one_message(library, tmp_path, start, visit):
    names = [f"{number}.wav" for number in range(5)]
    catalog = demo(library, tmp_path / "Sounds" / "Pack", *names)
    shutil.move(tmp_path / "Sounds", tmp_path / "Unplugged")
    page = visit(start(catalog), expected="410")
    for name in names:
        row(page, name).click()
        expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("if it is on a drive, plug it in")
    page.get_by_role("button", name="Teach").click()
    expect(page.get_by_role("dialog").locator(".toast")).to_have_count(0)
