"""``drumsort teach``, as it is typed: a folder of one's own is what comes of it."""

import json

import pytest
import soundfile

from ..synth.drums import synthesize

OTHERS = ("kick", "snare", "closed_hat", "shaker", "tom", "crash", "ride", "clap", "cowbell")


@pytest.fixture
def scanned(drumsort_here, samples):
    sounds = [("Seeds", "open_hat", seed) for seed in range(10)]
    sounds += [("Others", label, seed) for label in OTHERS for seed in (1, 2)]
    for folder, label, seed in sounds:
        path = samples / folder / f"{'' if label == 'open_hat' else label}{seed}.wav"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, synthesize(label, seed), 44100)
    assert drumsort_here("scan", samples).returncode == 0
    return samples


def ok(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_from_examples_to_a_folder(drumsort_here, scanned, tmp_path):
    examples = [scanned / "Seeds" / f"{seed}.wav" for seed in range(6)]
    said = ok(drumsort_here("teach", "class", "My seeds", *examples))
    assert "My seeds has 6 examples.\nNow try: drumsort teach try" in said
    shown = ok(drumsort_here("teach", "try"))
    assert "right before" in shown
    assert "stay in their family" in shown
    assert shown.endswith("To switch it on: drumsort teach on\n")
    ok(drumsort_here("sort", scanned, "--into", "Before"))
    assert len(list((tmp_path / "Before" / "My seeds").iterdir())) == 6
    said = ok(drumsort_here("teach", "on", "--dry-run"))
    assert "-> My seeds" in said
    assert said.endswith(" would have another label with lesson 1.\n")
    told = json.loads(ok(drumsort_here("teach", "on", "--dry-run", "--json")))
    assert set(told[0]) == {"path", "before", "after", "confidence_before", "confidence_after"}
    assert "Lesson 1 is on." in ok(drumsort_here("teach", "on"))
    found = ok(drumsort_here("find", "label:My seeds", "corrected:no")).splitlines()
    assert sorted(one["path"] for one in told if one["after"] == "My seeds") == found
    ok(drumsort_here("sort", scanned, "--into", "After"))
    assert len(list((tmp_path / "After" / "My seeds").iterdir())) > 6
    shown = ok(drumsort_here("teach", "list"))
    assert "My seeds: 6 examples" in shown
    assert "on" in shown.splitlines()[-1].split()
    assert "My seeds" in ok(drumsort_here("similar", examples[0], "--family", "My seeds"))
    assert "My seeds" in ok(drumsort_here("classify", scanned))
    assert "No lesson is on." in ok(drumsort_here("teach", "off"))
    ok(drumsort_here("sort", scanned, "--into", "Off"))
    assert len(list((tmp_path / "Off" / "My seeds").iterdir())) == 6
    gone = ok(drumsort_here("teach", "forget", "my seeds"))
    assert "Gone with it: lesson 1." in gone
    ok(drumsort_here("sort", scanned, "--into", "Gone"))
    assert not (tmp_path / "Gone" / "My seeds").exists()


def test_everything_speaks_json(drumsort_here, scanned):
    added = json.loads(ok(drumsort_here("teach", "class", "Seeds", scanned / "Seeds", "--json")))
    assert added == {"class": "Seeds", "examples": 10, "taken_from": {}, "failures": {}}
    ok(drumsort_here("teach", "class", "Few", scanned / "Pack B"))
    tried = json.loads(ok(drumsort_here("teach", "try", "--json")))
    assert (tried["number"], tried["classes"], tried["active"]) == (1, ["Seeds"], False)
    assert tried["left_out"] == {"Few": 1}
    assert [row["label"] for row in tried["estimate"]["by_class"]] == ["Seeds"]
    assert json.loads(ok(drumsort_here("teach", "on", "1", "--json")))["active"]
    listed = json.loads(ok(drumsort_here("teach", "list", "--json")))
    assert listed["classes"] == {"Seeds": 10, "Few": 1}
    assert [lesson["active"] for lesson in listed["lessons"]] == [True]
    assert json.loads(ok(drumsort_here("teach", "off", "--json"))) == {"active": None}
    forgotten = json.loads(ok(drumsort_here("teach", "forget", "Seeds", "--json")))
    assert forgotten == {"forgotten": "Seeds", "lessons": [1]}


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (("try",), 2, "No sound has been corrected"),
        (("on",), 2, "There is no lesson yet"),
        (("on", "3"), 2, "There is no lesson 3"),
        (("forget", "Vox"), 2, "There is no class 'Vox' of your own"),
        (("class", "kick", "new.wav"), 2, "'kick' cannot be a class of your own"),
        (("class", "Vox", "new.wav"), 2, "new.wav does not exist"),
        (("class", "Vox"), 2, "Missing argument 'PATH...'"),
        (("list", "--catalog", "none.db"), 2, "There is no catalog"),
    ],
)
def test_what_cannot_be_done_is_said(drumsort_here, scanned, args, code, sentence):
    done = drumsort_here("teach", *args)
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_class_has_one_name_and_no_class_is_empty(drumsort_here, scanned):
    said = ok(drumsort_here("teach", "class", "Field \n recordings", scanned / "Seeds"))
    assert said.startswith("Field recordings has 10 examples.")
    done = drumsort_here("teach", "class", "Vox", "nope")
    assert (done.returncode, done.stdout) == (
        2,
        "No example was found, so no class was made.\n",
    )
    assert json.loads(ok(drumsort_here("teach", "list", "--json")))["classes"] == {
        "Field recordings": 10
    }


def test_what_another_class_loses_is_said(drumsort_here, scanned):
    ok(drumsort_here("teach", "class", "Seeds", scanned / "Seeds"))
    said = ok(
        drumsort_here("teach", "class", "Vox", *(scanned / "Seeds" / f"{n}.wav" for n in (0, 1)))
    )
    assert said.startswith("It takes 2 examples from Seeds, which has 8 left.\nVox has 2 examples.")
    added = ok(drumsort_here("teach", "class", "Vox", scanned / "Seeds" / "2.wav", "--json"))
    assert json.loads(added)["taken_from"] == {"Seeds": 1}
