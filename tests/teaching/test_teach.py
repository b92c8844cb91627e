"""Lessons: honest about what they gain, switched on and off, and lost by nothing."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drumsort import Catalog, Lesson, Teaching, check_names, classify, scan, similar
from drumsort.catalog import repair
from drumsort.catalog.classes import LONGEST
from drumsort.errors import CatalogError, DrumsortError
from drumsort.model.bundle import Bundle
from drumsort.teaching.corrections import Corrections

from ..small_library import dump, write

D = 16
FAMILIES = {"kick": ["kick"], "snare": ["snare", "rim"]}


class Made:
    """A catalog of sounds that a model of two families heard, all as kicks."""

    def __init__(self, path):
        self.catalog = Catalog(path)
        self.rng = np.random.default_rng(0)
        self.count = 0
        with self.catalog.writing() as connection:
            connection.execute(
                "INSERT INTO models (number, id, families, policies, used)"
                " VALUES (1, 'net', ?, ?, 1)",
                (json.dumps(FAMILIES), json.dumps({"balanced": 0.6})),
            )

    def add(self, kind, count, pack="Pack", label=None, spread=0.5, p=0.9, embedded=True):
        """So many sounds of a kind; all corrected to ``label`` if there is one."""
        place = np.random.default_rng(kind).standard_normal(D)
        scores = np.array([p, (1 - p) / 2, (1 - p) / 2], np.float32).tobytes()
        paths = []
        with self.catalog.writing() as connection:
            for x in place + spread * self.rng.standard_normal((count, D)):
                self.count += 1
                audio, path = self.rng.bytes(32), Path(f"/made/{pack}/{self.count}.wav")
                vector = (x / np.linalg.norm(x)).astype(np.float32).tobytes() if embedded else None
                connection.execute(
                    "INSERT INTO sounds (audio_hash, duration, rate, channels, loudness_db,"
                    " peak_db, onset_s, brightness_hz) VALUES (?, 1, 44100, 1, 0, 0, 0, 0)",
                    (audio,),
                )
                connection.execute(
                    "INSERT INTO verdicts VALUES (?, 1, 'kick', ?, ?, ?, 0, 0)",
                    (audio, p, scores, vector),
                )
                connection.execute(
                    "INSERT INTO files (path, root, pack, size, mtime_ns, file_hash, audio_hash,"
                    " format, note) VALUES (?, ?, ?, 1, 1, ?, ?, 'WAV', '')",
                    (bytes(path), b"/made", pack.encode(), audio, audio),
                )
                paths.append(path)
        if label:
            own = label not in FAMILIES
            assert Corrections(self.catalog).correct(paths, label, new=own) == {}
        return paths


@pytest.fixture
def made(tmp_path):
    library = Made(tmp_path / "made.db")
    yield library
    library.catalog.close()


def families(catalog):
    return [entry.prediction.family for entry in catalog.entries()]


def test_a_class_that_stands_apart_is_found_and_the_rest_is_kept(made):
    made.add(1, 100)
    made.add(2, 8, label="Vox")
    teaching = Teaching(made.catalog)
    lesson = teaching.learn()
    assert isinstance(lesson, Lesson)
    assert (lesson.number, lesson.model, lesson.classes, lesson.active) == (
        1,
        "net",
        ("Vox",),
        False,
    )
    assert lesson.estimate.by_class == (("Vox", 8, 0.0, 1.0),)
    assert (lesson.estimate.before, lesson.estimate.after) == (0, 1)
    teaching.use(1)
    unseen = made.add(2, 30)
    found = {e.path: e.prediction for e in made.catalog.entries()}
    assert np.mean([found[path].family == "Vox" for path in unseen]) > 0.8
    assert found[unseen[0]].reason.endswith("as you taught it")
    assert (
        np.mean([found[Path(f"/made/Pack/{n}.wav")].family == "kick" for n in range(1, 101)]) > 0.95
    )


def test_the_estimate_holds_for_sounds_still_to_come(made):
    made.add(1, 200)
    made.add(2, 12, label="snare", spread=1.2)
    unseen = made.add(2, 300, spread=1.2)
    teaching = Teaching(made.catalog)
    estimate = teaching.learn().estimate
    teaching.use(1)
    truth = {e.path: e.prediction.raw == "snare" for e in made.catalog.entries()}
    assert abs(np.mean([truth[path] for path in unseen]) - estimate.after) < 0.25


def test_labels_at_random_gain_nothing(made):
    made.add(1, 60)
    for label in ("kick", "Vox", "Noise"):
        made.add(2, 20, label=label, spread=1)
    estimate = Teaching(made.catalog).learn().estimate
    assert estimate.after < 0.5
    assert len(estimate.by_class) == 3


def test_the_same_sound_again_and_again_does_not_raise_the_estimate(made):
    for kind in range(20, 60):
        made.add(kind, 5)
    for kind in range(10, 16):  # six sounds that have nothing in common, each eight times
        made.add(kind, 8, label="Vox", spread=0.01)
    assert Teaching(made.catalog).learn().estimate.after < 0.4


def test_what_becomes_unsure_is_said(made):
    made.add(1, 300, p=0.75)
    made.add(2, 100, p=0.75)
    made.add(2, 10, label="Vox")
    teaching = Teaching(made.catalog)
    lesson = teaching.learn()
    teaching.use(lesson.number)
    entries = made.catalog.entries(company=False)  # a lesson is tried on each sound by itself
    others = [e.prediction.family for e in entries if not e.correction]
    unsure, kept = (others.count(family) / len(others) for family in ("unsure", "kick"))
    assert unsure > 0.05
    assert lesson.estimate.unsure == pytest.approx(unsure, abs=0.05)
    assert lesson.estimate.kept == pytest.approx(kept, abs=0.05)


def test_what_others_lose_is_said(made):
    made.add(1, 300)
    made.add(2, 30)
    made.add(2, 40, label="Vox")
    assert 0.85 < Teaching(made.catalog).learn().estimate.kept < 0.96
    far = Made(made.catalog.path.with_name("far.db"))
    far.add(1, 300)
    far.add(2, 40, label="Vox")
    assert Teaching(far.catalog).learn().estimate.kept > 0.99
    far.catalog.close()


def test_a_pack_is_left_out_where_others_have_the_class_too(made):
    made.add(1, 100)
    made.add(2, 6, pack="A", label="Vox")
    made.add(2, 6, pack="B", label="Vox")
    made.add(3, 6, pack="B", label="snare")
    assert Teaching(made.catalog).learn().estimate.elsewhere == (0, 1)
    Teaching(made.catalog).forget("Vox")
    assert Teaching(made.catalog).learn().estimate.elsewhere is None


def test_many_examples_are_left_out_in_parts(made):
    made.add(1, 50)
    made.add(2, 130, label="Vox")
    steps = []
    Teaching(made.catalog).learn(on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(number, 100) for number in range(1, 101)]


def test_a_class_with_few_examples_takes_no_part(made):
    made.add(1, 20)
    made.add(2, 4, label="Vox")
    made.add(3, 5, label="snare")
    teaching = Teaching(made.catalog)
    lesson = teaching.learn()
    assert lesson.classes == ()
    assert [name for name, *_ in lesson.estimate.by_class] == ["snare"]
    assert teaching.classes() == [("Vox", 4)]


def test_lessons_are_kept_and_switched(made):
    made.add(1, 50)
    made.add(2, 6, label="Vox")
    teaching = Teaching(made.catalog)
    plain = families(made.catalog)
    first = teaching.learn()
    made.add(3, 6, label="Noise")
    second = teaching.learn()
    assert [lesson.number for lesson in teaching.lessons()] == [1, 2]
    assert (first.classes, second.classes) == (("Vox",), ("Vox", "Noise"))
    assert families(made.catalog)[: len(plain)] == plain
    teaching.use(1)
    assert [lesson.active for lesson in teaching.lessons()] == [True, False]
    assert "Noise" not in families(made.catalog)
    teaching.use(2)
    assert teaching.active("net") == replace(second, active=True)
    assert {"Vox", "Noise"} <= set(families(made.catalog))
    with pytest.raises(DrumsortError, match=r"no lesson 7: run 'drumsort teach list'"):
        teaching.use(7)
    assert teaching.active("net").number == 2
    assert teaching.active("another") is None
    teaching.use(None)
    assert teaching.active("net") is None
    assert set(families(made.catalog)) == {"kick"}


def test_to_learn_the_same_again_is_no_other_lesson(made):
    made.add(1, 20)
    made.add(2, 4, label="Vox")
    teaching = Teaching(made.catalog)
    assert teaching.usable() == 0
    made.add(3, 2, label="Vox")
    assert teaching.usable() == 6
    first = teaching.learn()
    assert teaching.learn() == first
    teaching.use(1)
    assert teaching.learn() == replace(first, active=True)
    made.add(4, 1, label="Vox")
    assert teaching.learn().number == 2


def test_off_is_as_if_nothing_had_been_taught(made):
    made.add(1, 20)
    made.add(2, 6, label="Vox")
    before = list(made.catalog.entries())
    teaching = Teaching(made.catalog)
    teaching.learn()
    assert list(made.catalog.entries()) == before
    teaching.use(1)
    assert list(made.catalog.entries()) != before
    teaching.use(None)
    assert list(made.catalog.entries()) == before


def test_forgetting_a_class_takes_all_of_it(made):
    made.add(1, 20)
    paths = made.add(2, 6, label="snare")
    teaching = Teaching(made.catalog)
    teaching.add("Vox", paths)
    teaching.learn()
    teaching.use(1)
    teaching.forget("VOX")
    assert (teaching.classes(), teaching.lessons()) == ([], [])
    corrections = Corrections(made.catalog)
    assert corrections.all() == []
    corrections.undo()
    assert {one.label for one in corrections.all()} <= {"snare"}
    with pytest.raises(DrumsortError, match=r"no class 'Vox' of your own: there are none\."):
        teaching.forget("Vox")
    teaching.add("Other sounds", paths)
    for name in ("kick", "nope"):
        with pytest.raises(
            DrumsortError, match=rf"'{name}' of your own: choose one of Other so\w+\."
        ):
            teaching.forget(name)
    teaching.forget(" other\t sounds")
    assert teaching.classes() == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"),
        ("x" * (LONGEST + 1), "is longer than 40 characters"),
        ("a\x07b", "cannot be shown"),
        ("Kick", "itself uses"),
        ("UNSURE", "itself uses"),
        ("closed_hat", "itself uses"),
        ("_mine", "begins with '_'"),
        (".mine", "begins with '.'"),
        ("a/b", "contains '/'"),
        ("a:b", "contains ':'"),
        ("con", "reserved by Windows"),
        ("Vox.", "ends with a dot"),
    ],
)
def test_names_that_no_class_may_have(made, name, why):
    with pytest.raises(DrumsortError, match=f"cannot be a class of your own: it .*{why}") as raised:
        Teaching(made.catalog).add(name, [])
    assert str(raised.value).endswith(".")
    assert Teaching(made.catalog).classes() == []


def test_a_class_has_one_name_in_any_case(made):
    teaching = Teaching(made.catalog)
    paths = made.add(1, 2)
    teaching.add("  Vöx ", paths[:1])
    teaching.add("VÖX", paths[1:])
    assert teaching.classes() == [("Vöx", 2)]
    teaching.add("Field \n recordings", paths[:1])
    teaching.add("field\trecordings ", paths[1:])
    assert teaching.classes() == [("Vöx", 0), ("Field recordings", 2)]
    assert Corrections(made.catalog).correct(paths[:1], "Field  Recordings") == {}


def test_no_class_is_made_of_what_is_not_known(made, tmp_path):
    failures = Teaching(made.catalog).add("Vox", [tmp_path, tmp_path / "no.wav"])
    assert len(failures) == 2
    assert Teaching(made.catalog).classes() == []


def test_what_cannot_be_learned_is_one_sentence(made, tmp_path):
    teaching = Teaching(made.catalog)
    made.add(1, 3)
    with pytest.raises(DrumsortError, match="No sound has been corrected"):
        teaching.learn()
    made.add(2, 4, label="Vox")
    made.add(3, 1, label="snare")
    with pytest.raises(
        DrumsortError, match=r"too few .*\(4 of Vox, 1 of all other labels\): it takes 5"
    ):
        teaching.learn()
    with pytest.raises(CatalogError, match="does not know the model x: choose one of net"):
        teaching.learn("x")
    deaf = Made(tmp_path / "deaf.db")
    deaf.add(1, 6, label="snare", embedded=False)
    with pytest.raises(DrumsortError, match="The model net has no embedding"):
        Teaching(deaf.catalog).learn()
    deaf.catalog.close()
    with Catalog(tmp_path / "new.db") as empty, pytest.raises(CatalogError, match="knows no sound"):
        Teaching(empty).learn()


def test_a_damaged_lesson_is_a_damaged_catalog(made):
    made.add(1, 20)
    made.add(2, 6, label="Vox")
    teaching = Teaching(made.catalog)
    teaching.learn()
    teaching.use(1)
    with made.catalog.writing() as connection:
        connection.execute("UPDATE lessons SET head = x'00'")
    with pytest.raises(CatalogError, match="is damaged"):
        list(made.catalog.entries())


@pytest.fixture
def taught(samples, place):
    """A catalog of real files with a lesson that is on: six open hats are examples of "Seeds"."""
    for seed in range(9):
        write(samples / "Seeds" / f"{seed}.wav", "open_hat", seed)
    for label in ("kick", "closed_hat", "shaker", "tom", "crash", "ride", "clap", "cowbell"):
        for seed in (1, 2):
            write(samples / "Others" / f"{label}{seed}.wav", label, seed)
    scan(samples, catalog=place)
    with Catalog(place) as catalog:
        teaching = Teaching(catalog)
        examples = [samples / "Seeds" / f"{seed}.wav" for seed in range(6)]
        assert teaching.add("Seeds", examples) == {}
        teaching.learn()
        teaching.use(1)
    return place


def heard(catalog, samples):
    return {r.path.name: r.prediction for r in classify(samples, catalog=catalog)}


def test_all_that_shows_a_sound_goes_by_the_lesson(taught, samples):
    write(samples / "Seeds" / "snare new.wav", "open_hat", 20)  # not scanned
    with Catalog(taught) as catalog:
        results = heard(catalog, samples)
        assert results["snare new.wav"].family == "Seeds"
        assert results["snare new.wav"].reason == "as you taught it"
        assert results["0.wav"].reason == "you said so"
        assert "snare new.wav" not in {e.path.name for e in catalog.entries()}
        scan(samples, catalog=catalog)
        entries = {e.path.name: e.prediction for e in catalog.entries()}
        for name in ("snare new.wav", "7.wav", "tom.wav"):
            assert entries[name].family == results[name].family
            assert entries[name].scores == pytest.approx(results[name].scores)
        names = {
            e.path.name for e, _ in similar(samples / "Seeds/0.wav", 20, "Seeds", catalog=catalog)
        }
        assert {"1.wav", "snare new.wav"} <= names
        assert "tom.wav" not in names
        assert not any(c.heard == "Seeds" for c in check_names(catalog, policy="everything"))


def test_what_the_network_said_is_kept_as_it_was(taught, samples, tmp_path):
    write(samples / "Seeds" / "new.wav", "open_hat", 20)
    with Catalog(taught) as catalog:
        heard(catalog, samples)
    with Catalog(tmp_path / "plain.db") as other:
        heard(other, samples)
    with (
        closing(sqlite3.connect(taught)) as one,
        closing(sqlite3.connect(tmp_path / "plain.db")) as two,
    ):
        sql = "SELECT audio_hash, raw, scores, embedding FROM verdicts ORDER BY audio_hash"
        assert one.execute(sql).fetchall() == two.execute(sql).fetchall()


def test_a_lesson_outlives_a_scan_and_a_move(taught, samples):
    (samples / "elsewhere").mkdir()
    for name in ("0.wav", "8.wav"):
        shutil.move(samples / "Seeds" / name, samples / "elsewhere" / f"moved {name}")
    scan(samples, catalog=taught)
    with Catalog(taught) as catalog:
        assert Teaching(catalog).classes() == [("Seeds", 6)]
        results = heard(catalog, samples)
        assert results["moved 0.wav"].reason == "you said so"
        assert results["moved 8.wav"].family == "Seeds"


def test_a_new_model_is_taught_anew(taught, samples, tmp_path):
    other = shutil.copytree(Bundle.load().folder, tmp_path / "other")
    bundle = json.loads((other / "bundle.json").read_text())
    (other / "bundle.json").write_text(json.dumps(bundle | {"temperature": 2.0, "name": "other"}))
    scan(samples, catalog=taught, model=other)
    with Catalog(taught) as catalog:
        teaching = Teaching(catalog)
        new, old = Bundle.load(other).id, Bundle.load().id
        assert new != old
        assert (teaching.model(), teaching.active(new)) == (new, None)
        assert {e.prediction.family for e in catalog.entries()}.isdisjoint({"Seeds"})
        assert teaching.active(old).number == 1
        assert teaching.learn().model == new
        teaching.use(2)
        assert teaching.active(new).classes == ("Seeds",)
        assert "Seeds" in {e.prediction.family for e in catalog.entries()}


def test_folders_and_files_that_are_not_known(taught, samples, tmp_path):
    (tmp_path / "empty").mkdir()
    with Catalog(taught) as catalog:
        teaching = Teaching(catalog)
        failures = teaching.add(
            "Mine", [samples / "Pack A", tmp_path / "empty", tmp_path / "no.wav"]
        )
        assert teaching.classes()[-1] == ("Mine", 3)
        assert "knows no sound in" in failures[tmp_path / "empty"]
        assert "was never heard" in failures[tmp_path / "no.wav"]


def test_corrections_to_a_class_are_undone_and_carried_like_others(taught, samples, tmp_path):
    with Catalog(taught) as catalog:
        corrections = Corrections(catalog)
        assert corrections.correct([samples / "top.wav"], "seeds") == {}
        assert corrections.all()[-1].label == "Seeds"
        corrections.undo()
        assert Teaching(catalog).classes() == [("Seeds", 6)]
        corrections.write(tmp_path / "c.csv")
    with Catalog(tmp_path / "other.db") as other:
        assert Corrections(other).read(tmp_path / "c.csv") == (6, [])
        assert Teaching(other).classes() == [("Seeds", 6)]
        Teaching(other).forget("Seeds")
        assert Corrections(other).read(tmp_path / "c.csv") == (6, [])
        assert Teaching(other).classes() == [("Seeds", 6)]


def test_classes_are_rescued_from_a_damaged_catalog(taught):
    before = dump(taught)[-1]
    with closing(sqlite3.connect(taught)) as connection, connection:
        connection.execute("UPDATE verdicts SET scores = x'00'")
    repair(taught)
    assert dump(taught)[-1] == before
    with Catalog(taught) as catalog:
        assert Teaching(catalog).classes() == [("Seeds", 6)]


def test_a_catalog_that_is_only_read_goes_by_its_lesson(taught, samples, as_nobody):
    folder, drop = as_nobody
    with Catalog(taught) as catalog:
        Corrections(catalog).undo()  # it is the lesson that counts
    path = shutil.copy(taught, folder / "catalog.db")
    new = write(folder / "new.wav", "open_hat", 20)
    path.chmod(0o444)
    folder.chmod(0o555)
    drop()
    with Catalog(path) as catalog:
        assert not catalog.writable
        (result,) = classify(new, catalog=catalog)
        assert result.family == "Seeds"
        with pytest.raises(CatalogError, match="cannot be written"):
            Teaching(catalog).use(None)
