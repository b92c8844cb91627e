"""Sounds from outside: compared by aspect, dropped on the page, recorded, and beat-boxed."""

import base64
import io
import re
import shutil

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from ...processes import wait_until
from ...synth.drums import synthesize
from ...synth.mouths import Mouth
from .conftest import BROWSERS, FLAGS
from .looking import row, search, similar, until
from .test_access import barriers
from .test_kit import on_pads, open_kit, pad

RATE = 48000
STEP = 60 / 100 / 4
PATTERN = [(0, "kick"), (4, "snare"), (6, "closed_hat"), (8, "kick"), (10, "kick"), (12, "snare")]
ROW = {"kick": "Kick", "snare": "Snare", "closed_hat": "Closed hat"}


def at_the_microphone(what):
    """What somebody plays or says to it."""
    if what == "a beat":
        return Mouth(2, RATE).beat([(0.5 + n * STEP, kind) for n, kind in PATTERN], 3.2)
    return np.pad(0.7 * synthesize("snare", 77, RATE), (RATE // 2, RATE))


@pytest.fixture(scope="module")
def browser(browser, request, tmp_path_factory):
    """A browser whose microphone hears a file; without a name, the browser of the other tests."""
    what = getattr(request, "param", None)
    if what is None:
        yield browser
        return
    file = tmp_path_factory.mktemp("microphone") / "heard.wav"
    soundfile.write(file, at_the_microphone(what), RATE, subtype="PCM_16")
    hears = (
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={file}%noloop",
    )
    found = next(filter(None, map(shutil.which, BROWSERS)))
    started = browser.browser_type.launch(executable_path=found, args=[*FLAGS, *hears])
    yield started
    started.close()


def names(page):
    """Of the sounds that are listed as alike."""
    return page.locator(".similar-name").all_inner_texts()


def find_panel(page):
    page.get_by_role("button", name="Find by a sound", exact=True).click()
    return page.get_by_role("dialog", name="Find by a sound")


def dropped(page, name, content):
    """Drop a file on the page, as a file manager does."""
    files = page.evaluate_handle(
        """([name, content]) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], name));
            return files;
        }""",
        [name, base64.b64encode(content).decode()],
    )
    page.dispatch_event(".list", "drop", {"dataTransfer": files})


def record(page, dialog, button, seconds):
    """Record at least for so many seconds."""
    dialog.get_by_role("button", name=button).click()
    expect(dialog.get_by_role("meter")).to_be_visible()
    until(
        page,
        "parseFloat(document.querySelector('.recording')?.textContent.match(/[0-9.]+ s/)) > "
        f"{seconds}",
    )
    dialog.get_by_role("button", name=re.compile("^Stop")).click()


def label_of(server, name):
    header, columns = server.sounds()
    return header["labels"][columns["label"][columns["names"].index(name)]]


def test_the_aspects_that_count_are_chosen_said_and_kept(shared, visit):
    header, columns = shared.sounds()
    label = header["labels"].index("kick")
    name = columns["names"][columns["label"].tolist().index(label)]
    known = {number: name for name, number in shared.ids().items()}
    number = shared.ids()[name]

    def by_server(by):
        found = shared.json(f"/api/sounds/{number}/similar?n=20&by={by}")
        return [known[one["id"]] for one in found]

    page = visit(shared, expected="400")
    row(page, name).click()
    expect(similar(page)).to_have_count(20)
    wait_until(lambda: names(page) == by_server(""))
    region = page.get_by_role("region", name="More like this")
    expect(region.get_by_role("status")).to_have_text("Compared as a whole.")
    aspects = region.get_by_role("group", name="Compare by")
    aspects.get_by_role("button", name="Length").click()
    aspects.get_by_role("button", name="Pitch").press("Enter")
    expect(region.get_by_role("status")).to_have_text("Compared by pitch and length alone.")
    expected = by_server("pitch,length")
    assert expected != by_server("")
    wait_until(lambda: names(page) == expected)  # by length alone, the first may be the same
    wait_until(lambda: "pitch,length" in shared.json("/api/settings")["settings"])
    page.reload()
    expect(aspects.get_by_role("button", name="Pitch")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".similar-name").first).to_have_text(expected[0])

    aspects.get_by_role("button", name="Length").click()
    hat = columns["names"][columns["label"].tolist().index(header["labels"].index("closed_hat"))]
    search(page).fill(hat)
    row(page, hat).click()
    expect(region).to_contain_text("No pitch is heard in this sound")


def test_a_file_from_outside_is_heard_and_not_kept(shared, visit):
    header, columns = shared.sounds()
    label = header["labels"].index("snare")
    wavs = [name for name in columns["names"] if name.endswith(".wav")]
    snare = next(n for n in wavs if columns["label"][columns["names"].index(n)] == label)
    audio = shared.get(f"/api/sounds/{shared.ids()[snare]}/audio").body
    samples, rate = soundfile.read(io.BytesIO(audio))
    file = io.BytesIO()
    soundfile.write(file, 0.8 * samples, rate, format="FLAC", subtype="PCM_24")

    page = visit(shared, expected="400")
    dropped(page, "found.flac", file.getvalue())
    dialog = page.get_by_role("dialog", name="Find by a sound")
    expect(dialog.locator(".similar-name").first).to_have_text(snare)
    expect(dialog.get_by_role("region", name="Like this sound")).to_contain_text("found.flac")
    expect(dialog).to_contain_text(re.compile("snare", re.IGNORECASE))
    page.evaluate("forget()")
    dialog.get_by_role("button", name="Play found.flac").click()
    until(page, "heard() > 0.01")
    dialog.get_by_role("button", name="Brightness").click()
    expect(dialog).to_contain_text("Compared by brightness alone.")
    assert barriers(page) == []

    dropped(page, "notes.txt", b"not a sound")
    expect(dialog.get_by_role("alert").first).to_contain_text("notes.txt is damaged or of a kind")
    # What the browser says of a file chooser that is left.
    dialog.get_by_label("A sound file").dispatch_event("cancel", {"bubbles": True})
    with page.expect_file_chooser() as choosing:
        dialog.get_by_role("button", name="Choose a file").click()
    long = io.BytesIO()
    soundfile.write(long, np.zeros(31 * 8000), 8000, format="FLAC")
    choosing.value.set_files(
        {"name": "long.flac", "mimeType": "audio/flac", "buffer": long.getvalue()}
    )
    expect(dialog.get_by_role("alert").first).to_contain_text("long.flac is longer than 30 seconds")
    dropped(page, "found.flac", file.getvalue())
    dialog.get_by_role("button", name="Brightness").click()
    expect(dialog.locator(".similar-name").first).to_have_text(snare)
    dialog.locator(".similar button").first.click()
    expect(page.get_by_role("article", name=snare)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(shared.ids()) == len(columns["names"])


@pytest.mark.parametrize("browser", ["a snare"], indirect=True)
def test_a_recording_finds_its_like(shared, visit):
    page = visit(shared, permissions=["microphone"])
    dialog = find_panel(page)
    record(page, dialog, "Record", 1.2)
    region = dialog.get_by_role("region", name="Like this sound")
    expect(region).to_contain_text(re.compile("the recording.*snare", re.IGNORECASE))
    expect(region.locator(".similar-name")).to_have_count(20)
    assert "snare" in {label_of(shared, name) for name in names(page)[:5]}
    page.evaluate("forget()")
    dialog.get_by_role("button", name="Play the recording").click()
    until(page, "heard() > 0.01")
    assert page.evaluate("__drumsort.audio()") == "running"
    dialog.get_by_role("button", name="Select all").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("20 sounds selected")).to_be_visible()


@pytest.mark.parametrize("browser", ["a beat"], indirect=True)
def test_a_beat_of_the_mouth_fills_pads_and_steps(shared, visit):
    page = visit(shared, permissions=["microphone"])
    kit = open_kit(page)
    kit.get_by_label("Start from").select_option("House")
    before = on_pads(kit)
    kit.get_by_role("button", name="Fill from a beat").click()
    dialog = page.get_by_role("dialog", name="Fill from a beat")
    record(page, dialog, "Record a beat", 3.3)
    expect(dialog).to_have_count(0)
    # A busy system loses some of what comes from a microphone, so not all of it can be told here:
    # tests/workflows/test_by_ear.py looks at each hit.
    told = re.compile(r"^[5-7] hits on 3 pads, at (9[5-9]|10[0-5]) beats a minute\.$")
    expect(page.get_by_text(told)).to_be_visible()
    steps = kit.get_by_role("group", name="Steps")
    for kind, step in (("Kick", 1), ("Snare", 5), ("Kick", 9)):
        name = re.compile(f"^{kind}, step {step}: (hard|soft)$")
        expect(steps.get_by_role("button", name=name)).to_be_visible()
    expect(steps.get_by_role("button", name="Clap, step 5: none")).to_be_visible()
    for kind, name in ROW.items():
        sound = pad(kit, name).get_attribute("aria-label").partition(": ")[2]
        label = label_of(shared, sound)
        assert label == kind or (kind == "closed_hat" and label.endswith("hat"))
    after = on_pads(kit)
    untouched = [nth for nth, name in enumerate(before) if name == after[nth]]
    assert len(untouched) >= 13
    pad(kit, "Kick").focus()
    page.keyboard.press("ArrowRight")
    expect(pad(kit, "Kick")).not_to_have_accessible_name(re.compile(re.escape(after[12])))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: pad Kick swapped.")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Undone: the kit filled from a beat.")).to_be_visible()
    assert on_pads(kit) == before
    expect(steps.get_by_role("button", name="Clap, step 5: hard")).to_be_visible()


@pytest.mark.parametrize("browser", ["a snare"], indirect=True)
def test_a_microphone_that_is_not_allowed_is_one_sentence(shared, visit):
    page = visit(shared)
    dialog = find_panel(page)
    dialog.get_by_role("button", name="Record").click()
    expect(dialog.get_by_role("alert").first).to_contain_text(
        "The browser does not let this page use the microphone: allow it beside the address"
    )
    assert barriers(page) == []


def test_no_microphone_is_one_sentence(shared, visit):
    page = visit(shared)
    open_kit(page).get_by_role("button", name="Fill from a beat").click()
    dialog = page.get_by_role("dialog", name="Fill from a beat")
    dialog.get_by_role("button", name="Record a beat").click()
    alert = dialog.get_by_role("alert").first
    expect(alert).to_contain_text("There is no microphone: plug one in")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = undefined; }")
    dialog.get_by_role("button", name="Record a beat").click()
    expect(alert).to_contain_text("This browser lets no page use a microphone.")
    expect(dialog.get_by_role("button", name="Record a beat")).to_be_enabled()
    assert barriers(page) == []
