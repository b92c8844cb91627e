"""A plan is a pure function of what was heard."""

import time
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import SortError
from drumsort.files.names import why_not_allowed
from drumsort.types import Action, Result

ROOT, OUT = Path("/library"), Path("/sorted")


@pytest.fixture
def targets(make_result):
    """Where the files with these names, families and labels go."""

    def targets(*heard, layout=sorting.DEFAULT_LAYOUT):
        results = [make_result(ROOT, ROOT / name, *rest) for name, *rest in heard]
        plan = sorting.plan(results, OUT, layout=layout)
        return [op.target.relative_to(OUT).as_posix() for op in plan.operations]

    return targets


def test_folders_by_family(targets):
    heard = [("A/a.wav", "kick"), ("A/b.wav", "unsure"), ("A/c.wav", "other", "loop")]
    assert targets(*heard) == ["kick/a.wav", "_unsure/b.wav", "_not-a-drum/c.wav"]


def test_layout_fields(targets):
    heard = [
        ("A/x/a.wav", "hat", "open_hat"),
        ("b.wav", "other", "loop"),
        ("c.wav", "hat", "unsure"),
    ]
    assert targets(*heard, layout="all/{pack}/{family}/{label}-{name}") == [
        "all/A/hat/open_hat-a.wav",
        "all/library/_not-a-drum/_not-a-drum-b.wav",
        "all/library/hat/_unsure-c.wav",
    ]


def test_what_is_unsure_or_no_drum_has_one_folder(targets):
    heard = [
        ("a.wav", "hat", "open_hat"),
        ("b.wav", "unsure", "unsure"),
        ("c.wav", "other", "loop"),
    ]
    assert targets(*heard, layout="{family}/{label}/{name}") == [
        "hat/open_hat/a.wav",
        "_unsure/b.wav",
        "_not-a-drum/c.wav",
    ]


def test_files_with_an_error_stay(make_result):
    good, bad = ROOT / "a.wav", ROOT / "b.wav"
    plan = sorting.plan([make_result(ROOT, good), Result(bad, ROOT, error="It is silent.")], OUT)
    assert [op.source for op in plan.operations] == [good]
    assert (plan.roots, plan.into, plan.action) == ((ROOT,), OUT, Action.COPY)


def test_same_names_are_numbered(targets):
    heard = [("A/Kick.wav",), ("B/Kick.wav",), ("C/Kick.wav",)]
    assert targets(*heard) == ["kick/Kick.wav", "kick/Kick (2).wav", "kick/Kick (3).wav"]


def test_names_that_differ_in_case_or_composition_are_numbered(targets):
    assert targets(("A/Kick.wav",), ("B/KICK.WAV",)) == ["kick/Kick.wav", "kick/KICK (2).WAV"]
    assert targets(("A/\u00e9.wav",), ("B/e\u0301.wav",))[1] == "kick/e\u0301 (2).wav"


def test_a_file_that_is_really_called_so_keeps_its_name(targets):
    heard = [("A/Kick.wav",), ("B/Kick.wav",), ("C/Kick (2).wav",), ("D/kick (2).wav",)]
    assert targets(*heard) == [
        "kick/Kick.wav",
        "kick/Kick (3).wav",
        "kick/Kick (2).wav",
        "kick/kick (2) (2).wav",
    ]


def test_a_pack_name_stays_one_part_of_the_path(make_result):
    found = make_result(Path("/"), Path("/a.wav"))
    (op,) = sorting.plan([found], OUT, layout="{pack}/{name}").operations
    assert op.target == OUT / "_" / "a.wav"


def test_very_many_files_of_one_name(make_result):
    results = [make_result(ROOT, ROOT / f"{n}/Kick.wav") for n in range(20_000)]
    began = time.perf_counter()
    plan = sorting.plan(results, OUT)
    assert time.perf_counter() - began < 5
    assert len({op.target for op in plan.operations}) == len(results)


@pytest.mark.parametrize(
    ("layout", "complaint"),
    [
        ("{colour}/{name}", "unknown field {colour}"),
        ("{family.real}/{name}", "unknown field"),
        ("{}/{name}", "unknown field"),
        ("{family!r}/{name}", "plain name"),
        ("{family:>9}/{name}", "plain name"),
        ("{family/{name}", "brace"),
        ("/{family}/{name}", "relative"),
        ("C:/{name}", "relative"),
        ("../{name}", "'..'"),
        ("{family}//{name}", "empty part"),
        ("{family}\\{name}", "backslash"),
        ("{family}", "must end in {name}"),
        ("{name}/{family}", "must end in {name}"),
    ],
)
def test_layouts_that_are_not_understood(layout, complaint):
    with pytest.raises(SortError, match=r"^The layout .*\.$") as error:
        sorting.plan([], OUT, layout=layout)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("name", "windows", "complaint"),
    [
        ("k" * 256, False, "256 long"),
        ("\u00e9" * 128, False, "256 long"),
        ("\u00e9" * 128, True, ""),
        ("a:b.wav", False, ""),
        ("a:b.wav", True, "':'"),
        ("Con.wav", True, "reserved by Windows"),
        ("kick.", True, "dot or a space"),
        ("k\udcff.wav", False, ""),
        ("k\udcff.wav", True, ""),
    ],
)
def test_names_a_disk_would_not_take(name, windows, complaint):
    assert complaint in why_not_allowed(name, 255, windows)
    assert bool(complaint) == bool(why_not_allowed(name, 255, windows))
