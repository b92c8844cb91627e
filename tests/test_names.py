from pathlib import PurePosixPath

import pytest

from drumsort.names import FAMILY, HATS, IN_PART, TIERS, NameRules
from drumsort.taxonomy import LABELS

EXAMPLES = {
    "kick": "Kick01, KICKS, kick-drum 3, kickdrum, Kik_2, BassDrum, bassdrum, KDrum, kdrum2, BD, "
    "808bd12, KD_V3, bass kick",
    "snare": "Snare, snare_drum_04, snaredrum, Snr 7, snar2, SD_04, SD0010, SN-2, acoustic snares",
    "rim": "Rim, RimShot, rimshot, sidestick, Side Stick, crossstick, xstick, RS, SS_vl3, "
    "SnareRimshot-Softest",
    "hihat": "Hat, hats 3, HiHat, hihat, hi-hat, High Hat, highhat, HH 12, halfopenhat, "
    "Hat half-open, hi hat half open, HiHat_semi, hh semi open",
    "closed_hat": "Closed Hat, closedhat, hatclosed, closedhihat, hihatclosed, hhclosed, CH, CHH, "
    "HHC_2, hat short closed, hat close, hh_cl, clsd hat, hat cls",
    "open_hat": "Open Hat 7, openhat, hatopen, openhihat, hihatopen, HiHatOpen2, HHopen, OH, OHH3, "
    "HHO, open vintage hat, hat opn, hh op 2",
    "pedal_hat": "PedalHat, pedalhat, hatpedal, hihatpedal, foothat, HiHatPedal, PHH, HHP, "
    "hihat_foot, pedal vintage hh",
    "tom": "Tom1, toms, tomtom, HiTom, hitom, hightom, midtom, lowtom, lotom, floortom, rototom, "
    "LT, MT, HT00",
    "cymbal": "Cymbal, cymbals 2, susCymb1, Cym-3, crashride, CY0010, crash and ride",
    "crash": "Crash, Splash 8, China, CrashCymbal, CR, Cymbal Crash, Crash_OH",
    "ride": "Ride, RideBell, ridebell, RD 909, cymbal_ride",
    "clap": "Clap, handclap, Clp 1, CP, Claps",
    "snap": "Snap, fingersnap, finger snaps",
    "cowbell": "CowBell, cowbell, cow bell, CB, perc cowbell",
    "shaker": "Shaker, Shkr, shk_2, Maracas, Cabasa, cabassa, Caxixi, MA",
    "tambourine": "Tambourine, tamborine007, Tamb",
    "conga_bongo": "Conga, Bongos, Quinto, tumba, LC00, MC, HC",
    "percussion": "Percussion, Perc 4, Prc, Agogo, Cajon, Castanets, Clave, Cuica, Darbuka, "
    "Djembe, Guiro, Surdo, Tabla, Timbales, Triangle, Udu, Vibraslap, woodblock, Block, "
    "Shaker Conga",
    "loop": "Loop, drumloop, Break 3, breakbeat, synth - 140 BPM, phrase_2, Guitar Loop",
    "other": "Bass 3, Cello, Choir, Chord, Flute, Guitar, Organ, Piano, Riser, SFX, Strings, "
    "Violin, Vocals, Voice, Vox",
}


def names(label):
    return EXAMPLES[label].split(", ")


def words(table):
    return {word for listed in table.values() for word in listed.split(", ")}


@pytest.mark.parametrize(
    ("name", "label"), [(name, label) for label in EXAMPLES for name in names(label)]
)
def test_a_name_says_its_label(name, label):
    verdict = NameRules().read(PurePosixPath(f"{name}.wav"))
    assert (verdict.label, verdict.ambiguous) == (label, False), verdict.reason
    assert verdict.family == FAMILY[label]


@pytest.mark.parametrize("tier", [*TIERS, HATS], ids=["words", "short", "no drum", "hats"])
def test_every_rule_has_an_example_that_needs_it(tier):
    tables = [*TIERS, HATS]
    place = tables.index(tier)
    needed = set()
    for label, listed in tier.items():
        for word in listed.split(", "):
            kept = [one for one in listed.split(", ") if one != word]
            changed = [*tables]
            changed[place] = {**tier, label: ", ".join(kept)}
            if not kept:
                del changed[place][label]
            rules = NameRules(changed[:3], changed[3])
            for said in EXAMPLES:
                if any(
                    rules.read(PurePosixPath(f"{name}.wav")).label != said for name in names(said)
                ):
                    needed.add(word)
    assert words(tier) - needed == set()


def test_every_label_has_a_rule_and_none_is_invented():
    assert set(FAMILY) == {*LABELS, *IN_PART} == set(EXAMPLES)


@pytest.mark.parametrize(
    "name",
    ["chat", "bottom", "bride", "override", "primary", "trim", "snapshot", "clapton", "crashed",
     "crimson", "kicker", "customer", "cpu", "Brchat", "abd", "sdk", "ohio", "church"],
)  # fmt: skip
def test_a_word_inside_another_says_nothing(name):
    assert NameRules().read(PurePosixPath(f"{name}.wav")).label == ""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("kick_snare_loop.wav", ["'kick'", "'snare'", "'loop'"]),
        ("snare crash.wav", ["'snare'", "'crash'"]),
        ("ClapSnap.wav", ["'clap'", "'snap'"]),
        ("kick - 120 BPM.wav", ["'kick'", "'bpm'"]),
        ("Kicks/kick tom.wav", ["'kick'", "'tom'"]),
        ("Drum Loops/Hats/hat 3.wav", ["'hat'", "folder of loops"]),
    ],
)
def test_what_contradicts_itself_is_left_blank_with_the_reason(path, words):
    verdict = NameRules().read(PurePosixPath(path))
    assert (verdict.label, verdict.family, verdict.ambiguous) == ("", "", True)
    assert all(word in verdict.reason for word in words)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("Snares/Kick 1.wav", "kick"),
        ("Kicks/deep/01.wav", "kick"),
        ("Kicks/Snares/01.wav", "snare"),
        ("Hats/Closed/01.wav", "closed_hat"),
        ("Hi-Hats/open 3.wav", "open_hat"),
        ("Open Hats/hat 3.wav", "open_hat"),
        ("Kicks/open 3.wav", "kick"),
        ("Loops/17.wav", "loop"),
        ("808/01.wav", ""),
        ("open/01.wav", ""),
    ],
)
def test_the_file_name_goes_before_its_folders_and_the_inner_before_the_outer(path, label):
    assert NameRules().read(PurePosixPath(path)).label == label


def test_a_group_is_the_pack_whatever_its_folders_for_drums_are_called():
    group = NameRules().group
    assert group(PurePosixPath("Pack A/Kicks/1.wav")) == "Pack A"
    assert group(PurePosixPath("Snares/Pack A/1.wav")) == "Pack A"
    assert group(PurePosixPath("Pack A/Kit 3/1.wav")) == "Pack A/Kit 3"
    assert group(PurePosixPath("kick.wav")) == ""
