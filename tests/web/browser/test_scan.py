"""From an empty page to a library."""

import pytest
import soundfile
from playwright.sync_api import expect

from ...processes import wait_until
from ...synth.drums import synthesize
from .looking import hues, until, wait_to_hear

MANY = 4000
SHAPE = """e => {
  const { data } = e.getContext("2d").getImageData(0, 0, e.width, e.height);
  return data.filter((_, nth) => nth % 4 === 3).join();
}"""
"""How opaque each pixel of a picture is."""


@pytest.fixture
def many(tmp_path):
    """As many different sounds as a scan takes some seconds for."""
    kinds = ("kick", "snare", "closed_hat", "clap", "tom")
    base = [synthesize(kind, seed) for kind in kinds for seed in range(8)]
    for number in range(MANY):
        path = tmp_path / "Many" / f"Pack {number % 9}" / f"{number:04}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, base[number % 40] * (1 - number / 2 / MANY), 44100)
    return tmp_path / "Many"


def listen(page, folder):
    """Choose another folder than the one that is offered, and have it heard."""
    expect(page.get_by_label("Folder: path")).not_to_have_value("")
    page.get_by_label("Folder: path").fill(str(folder))
    page.get_by_role("button", name="Listen to this folder").click()


def test_a_first_folder_is_heard_stopped_and_gone_on_with(many, tmp_path, start, visit):
    server = start(tmp_path / "catalog.db")
    page = visit(server, sounds=False)
    expect(page.get_by_role("heading", name="Hear what you have.")).to_be_visible()
    listen(page, many)
    progress = page.get_by_role("progressbar", name="Listening")
    expect(progress).to_be_visible()
    expect(page.get_by_text(f"of {MANY:,} files")).to_be_visible()
    until(page, "__drumsort.sounds() > 30")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped; what was done stays.")).to_be_visible()
    expect(progress).to_have_count(0)
    some = wait_until(lambda: page.evaluate("__drumsort.sounds()"))
    assert 30 < some < MANY
    page.get_by_role("button", name="Folders").click()
    page.get_by_role("button", name="Scan again").click()
    expect(page.get_by_text("unchanged")).to_be_visible(timeout=60_000)
    until(page, f"__drumsort.sounds() === {MANY}")
    wait_until(lambda: (hues(page) > 100).sum() >= 2)


def test_a_folder_that_is_not_there(tmp_path, start, visit):
    page = visit(start(tmp_path / "catalog.db"), sounds=False, expected="410")
    listen(page, tmp_path / "nowhere")
    expect(page.get_by_role("paragraph").filter(has_text="nowhere")).to_be_visible()
    expect(page.get_by_role("heading", name="Hear what you have.")).to_be_visible()


def test_a_file_that_was_edited_and_scanned_again_is_heard_and_drawn_as_it_is_now(
    tmp_path, start, visit
):
    file = tmp_path / "Pack" / "edited.wav"
    file.parent.mkdir()
    hit = synthesize("kick", 0)
    soundfile.write(file, hit, 44100)
    server = start(tmp_path / "catalog.db", file.parent)
    server.wait("done")
    page = visit(server, expected="409")  # until it is scanned again, the file is another one
    page.locator(".row").click()
    wait_to_hear(page)
    wave = page.locator(".row .wave")
    wait_until(lambda: "255" in wave.evaluate(SHAPE))
    drawn = wave.evaluate(SHAPE)
    soundfile.write(file, hit[::-1][: len(hit) // 2], 44100)
    server.do("/api/scan")
    server.wait("done")
    wait_until(lambda: wave.evaluate(SHAPE) != drawn)
    page.locator(".row").click()
    until(page, f"__drumsort.playing()?.duration < {0.6 * len(hit) / 44100}")
