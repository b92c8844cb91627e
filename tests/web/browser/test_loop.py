"""The beat leaves the page, as samples and as notes, and MIDI comes in."""

import io
import re

import mido
import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from .looking import close_panel, until
from .test_heard import tool
from .test_kit import open_kit, pad

RATE = 44100
STEP = 4410  # samples: 150 beats a minute
SWING = 735  # of every second step: half of a third of it
KICK, CLOSED, OPEN = 0, 4, 6
FADE = 0.004


def beat(strikes, **changes):
    """A beat with strikes of (pad, step, velocity)."""
    hits = [[0.0] * 64 for _ in range(16)]
    for pad_, step, velocity in strikes:
        hits[pad_][step] = velocity
    return {"length": 16, "tempo": 150, "swing": 0.5, "hits": hits, **changes}


def with_kit(server, visit, pads, beat, **settings):
    """The page of a server as it was left with this kit."""
    kit = {"pads": [pads.get(pad) for pad in range(16)], "beat": beat, "open": True}
    server.keep_settings(kit=kit, **settings)
    return visit(server, fresh=False)


def save(page, button):
    """The bytes of the download behind a button of the panel, and its name."""
    with page.expect_download() as waiting:
        page.get_by_role("dialog", name="Save the loop").get_by_role("button", name=button).click()
    return waiting.value.path().read_bytes(), waiting.value.suggested_filename


def choose(page, *options):
    """Open the panel of the loop and choose in it."""
    page.get_by_role("button", name="Save the loop").click()
    for option in options:
        page.get_by_role("dialog").get_by_text(option).click()


def sounds_of(server):
    """Id to samples, of sounds that need no resampling."""
    found = {}
    for name, number in server.ids().items():
        data = server.get(f"/api/sounds/{number}/audio").body
        try:
            samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            continue
        if rate == RATE and name.endswith(".wav"):
            found[number] = samples
    return found


def mixed(pads, strikes, sounds, rounds):
    """What the pads play, by a mixer of our own; shape ``(samples, 2)``."""
    out = np.zeros((rounds * 16 * STEP + 30 * RATE, 2))
    ends = {}  # pad to where its last voice was put, its samples
    voices = []
    for nth in range(rounds):
        for pad_, step, velocity in sorted(strikes, key=lambda strike: strike[1]):
            at = (nth * 16 + step) * STEP + (SWING if step % 2 else 0)
            for other in {pad_} | ({CLOSED, OPEN} if pad_ in (CLOSED, OPEN) else set()):
                if other in ends:
                    ends.pop(other)["cut"] = at
            ends[pad_] = {"at": at, "sound": sounds[pads[pad_]], "level": 0.7 * velocity**2}
            voices.append(ends[pad_])
    for voice in voices:
        samples = voice["sound"] * voice["level"]
        if (cut := voice.get("cut")) is not None:
            since = np.arange(len(samples)) - (cut - voice["at"])
            fade = np.exp(-np.maximum(since, 0) / (FADE / 3 * RATE))
            samples = (samples.T * np.where(since < 3 * FADE * RATE, fade, 0)).T
        out[voice["at"] : voice["at"] + len(samples)] += samples
    return out


def test_the_loop_is_what_plays(shared, visit):
    sounds = sounds_of(shared)
    long = sorted(sounds, key=lambda number: -len(sounds[number]))
    assert len(sounds[long[0]]) > 3 * STEP
    pads = {KICK: long[3], CLOSED: long[1], OPEN: long[0]}
    strikes = [(KICK, 0, 0.5), (KICK, 4, 0.5), (CLOSED, 1, 0.4), (OPEN, 2, 0.5), (CLOSED, 5, 0.4)]
    strikes += [(OPEN, 15, 0.5)]  # rings on over the end
    page = with_kit(shared, visit, pads, beat(strikes), matched=False)
    choose(page, "44.1 kHz", "24 bits", "Onto the first bar")
    data, name = save(page, "Loop as WAV")
    assert name == "drumsort loop 150 bpm.wav"
    assert soundfile.info(io.BytesIO(data)).subtype == "PCM_24"
    loop, rate = soundfile.read(io.BytesIO(data))
    assert (rate, loop.shape) == (RATE, (16 * STEP, 2))
    expected = mixed(pads, strikes, sounds, rounds=3)[16 * STEP : 32 * STEP]
    assert np.abs(expected).max() > 0.02
    assert np.abs(loop - expected).max() < 1e-4

    page.get_by_role("dialog").get_by_text("Behind the last bar").click()
    page.get_by_role("dialog").get_by_text("16 bits").click()
    data, _ = save(page, "Loop as WAV")
    assert soundfile.info(io.BytesIO(data)).subtype == "PCM_16"
    kept, _ = soundfile.read(io.BytesIO(data))
    assert 16 * STEP < len(kept) <= (15 * STEP + SWING) + len(sounds[pads[OPEN]])
    expected = mixed(pads, strikes, sounds, rounds=1)[: len(kept)]
    assert np.abs(kept - expected).max() < 3 / 2**15


def test_a_loud_loop_stays_below_full_scale_at_either_rate(shared, visit):
    page = visit(shared)
    kit = open_kit(page)
    kit.get_by_label("Start from").select_option("Nothing")
    steps = kit.get_by_role("group", name="Steps")
    for first in steps.get_by_role("button", name=re.compile(", step 1: ")).all():
        first.click()
    kit.get_by_role("combobox", name="Steps").select_option("32")
    choose(page, "48 kHz")
    data, _ = save(page, "Loop as WAV")
    loop, rate = soundfile.read(io.BytesIO(data))
    assert (rate, len(loop)) == (48000, round(32 * 60 / 110 / 4 * 48000))
    assert 0.8 < np.abs(loop).max() <= 10 ** (-1 / 20)
    page.reload()
    page.get_by_role("button", name="Save the loop").click()
    expect(page.get_by_role("dialog").get_by_label("48 kHz")).to_be_checked()


def test_a_parser_of_others_reads_the_notes(shared, visit):
    strikes = [(KICK, 0, 1), (CLOSED, 1, 0.5), (OPEN, 2, 1), (CLOSED, 15, 1), (13, 31, 0.25)]
    page = with_kit(shared, visit, {}, beat(strikes, length=32, tempo=93, swing=0.55))
    page.get_by_role("button", name="Save the loop").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Loop as WAV").click()
    expect(dialog.get_by_text("The beat is silent: put sounds on pads")).to_be_visible()
    data, name = save(page, "Loop as MIDI")
    assert name == "drumsort loop 93 bpm.mid"
    file = mido.MidiFile(file=io.BytesIO(data))
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (0, 480, 1)
    now, notes, metas = 0, [], {}
    for message in file.tracks[0]:
        now += message.time
        if message.is_meta:
            metas[message.type] = (now, message)
        elif message.type == "note_on":
            assert message.channel == 9
            notes.append((now, message.note, message.velocity))
    late = round(0.55 * 120 / 3)
    assert notes == [
        (0, 36, 127),
        (120 + late, 42, 64),
        (240, 46, 127),
        (15 * 120 + late, 42, 127),
        (31 * 120 + late, 54, 32),
    ]
    assert mido.tempo2bpm(metas["set_tempo"][1].tempo) == pytest.approx(93, abs=0.001)
    signature = metas["time_signature"][1]
    assert (signature.numerator, signature.denominator) == (4, 4)
    assert metas["end_of_track"][0] == 32 * 120
    assert file.length == pytest.approx(32 * 60 / 93 / 4, abs=0.001)


KEYBOARD = """
window.asked = 0;
const input = { name: "LPD8", state: "connected" };
navigator.requestMIDIAccess = async () => {
  window.asked++;
  return { inputs: new Map([["1", input]]) };
};
window.press = (...bytes) =>
  input.onmidimessage?.(new MIDIMessageEvent("midimessage", { data: Uint8Array.from(bytes) }));
"""
"""Stands in for a keyboard: no system for tests has one. What the page makes of it is real."""


def test_midi_is_asked_for_once_it_is_switched_on_and_strikes_pads_as_hard_as_keys(shared, visit):
    page = visit(shared, permissions=["midi"])
    page.evaluate(f"() => {{{KEYBOARD}}}")
    kit = open_kit(page)
    midi = kit.get_by_role("button", name="MIDI", exact=True)
    expect(midi).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("asked") == 0
    midi.click()
    expect(kit.get_by_role("status")).to_have_text("MIDI from LPD8")
    expect(midi).to_have_attribute("aria-pressed", "true")

    def peak(velocity):
        until(page, "(forget(), heard() < 1e-4)")
        page.evaluate(f"press(0x99, 36, {velocity})")
        page.wait_for_timeout(700)
        return page.evaluate("heard()")

    hard, soft = peak(127), peak(64)
    assert page.evaluate("__drumsort.strikes().length") == 2
    assert 20 * np.log10(hard / soft) == pytest.approx(12, abs=1.5)
    page.evaluate("press(0x99, 40, 100)")
    expect(pad(kit, "Snare")).to_have_attribute("aria-pressed", "true")
    midi.click()
    expect(kit.get_by_role("status")).to_have_text("")
    page.evaluate("press(0x99, 36, 127)")
    assert page.evaluate("asked") == 1
    assert page.evaluate("__drumsort.strikes().length") == 3


def test_why_there_is_no_midi_is_said(shared, visit):
    page = visit(shared)
    kit = open_kit(page)
    midi = kit.get_by_role("button", name="MIDI", exact=True)
    midi.click()  # this browser asks nobody and refuses
    expect(kit.get_by_role("status")).to_contain_text("The browser does not let this page use MIDI")
    page.evaluate("() => { navigator.requestMIDIAccess = undefined; }")
    midi.click()
    expect(kit.get_by_role("status")).to_contain_text("This browser has no Web MIDI")
    expect(midi).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(600)  # its settings are kept by then
    # A visit that begins with the setting on asks for nothing that was not allowed before.
    shared.keep_settings(midi=True, kit={"open": True})
    later = visit(shared, fresh=False)
    kit = later.get_by_role("region", name="Kit")
    expect(kit.get_by_role("status")).to_contain_text("The browser asks again")
    expect(kit.get_by_role("button", name="MIDI", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )


def test_sounds_alone_begin_later_go_faster_and_to_another_output(shared, visit):
    shared.keep_settings(output="unplugged since")
    page = visit(shared, fresh=False)
    page.locator(".row").first.click()
    expect(page.get_by_text("The chosen output is not there")).to_be_visible()
    until(page, "heard() > 0.01")
    tool(page, "Sound and keys").click()
    panel = page.get_by_role("dialog", name="Sound and keys")
    panel.get_by_label("Pitch").fill("12")
    panel.get_by_label("Begins after").fill("20")
    expect(panel).to_contain_text("+12 semitones")
    panel.get_by_text("1 s", exact=True).click()
    expect(panel.get_by_label("Fade at its end")).to_be_visible()
    panel.get_by_role("button", name="Choose the output").click()
    expect(panel.get_by_label("Output")).to_have_value("")
    expect(panel).to_contain_text("The browser names outputs only to a page")
    close_panel(page)
    page.locator(".row").first.click()
    until(page, "__drumsort.playing()?.speed === 2 && __drumsort.playing().from === 0.02")
