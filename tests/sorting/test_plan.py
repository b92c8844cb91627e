"""A plan is a pure function of what was heard."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import SortError
from drumsort.files.names import why_not_allowed
from drumsort.sorting import layout_of
from drumsort.types import Action, Analysis, Facts, Result

ROOT, OUT = Path("/Golden Kit"), Path("/sorted")


@pytest.fixture
def targets(make_result):
    """Where the files with these names, families and labels go."""

    def targets(*heard, layout=sorting.DEFAULT_LAYOUT):
        results = [make_result(ROOT, ROOT / name, *rest) for name, *rest in heard]
        plan = sorting.plan(results, OUT, layout=layout)
        return [op.target.relative_to(OUT).as_posix() for op in plan.operations]

    return targets


def test_folders_by_family(targets):
    heard = [
        ("A/a.wav", "kick"),
        ("A/b.wav", "unsure", "unsure", "rim"),
        ("A/c.wav", "unsure", "unsure", "loop"),
        ("A/d.wav", "other", "loop"),
        ("A/e.wav", "other"),
    ]
    assert targets(*heard) == [
        "kick/a.wav",
        "_unsure/snare/b.wav",
        "_unsure/loop/c.wav",
        "_loops/d.wav",
        "_not-a-drum/e.wav",
    ]


def test_layout_fields(targets):
    heard = [
        ("Gold 808/Hats/a.wav", "hat", "open_hat"),
        ("b.wav", "other", "loop"),
        ("Kicks/c.wav", "unsure", "unsure", "closed_hat"),
    ]
    assert targets(*heard, layout="all/{pack}/{family}/{label}-{name}") == [
        "all/Gold 808/hat/open_hat-a.wav",
        "all/Golden Kit/_loops/_loops-b.wav",
        "all/Golden Kit/_unsure/hat/_unsure-c.wav",
    ]
    assert targets(*heard, layout="{folder}/{guess}/{confidence} {name}") == [
        "Gold 808/Hats/hat/0.90 a.wav",
        "loop/0.90 b.wav",
        "Kicks/hat/0.90 c.wav",
    ]


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("{family}/{label}/{name}", ["hat/open_hat/a.wav", "clap/b.wav", "_unsure/tom/c.wav",
                                     "_not-a-drum/d.wav"]),
        ("{family}/{pack}/{label}/{name}", ["hat/Gold/open_hat/a.wav", "clap/Gold/b.wav",
                                            "_unsure/tom/Gold/c.wav", "_not-a-drum/Gold/d.wav"]),
        ("{label}/{name}", ["open_hat/a.wav", "clap/b.wav", "_unsure/tom/c.wav",
                            "_not-a-drum/d.wav"]),
        ("{family}/{guess}/{name}", ["hat/a.wav", "clap/b.wav", "_unsure/tom/c.wav",
                                     "_not-a-drum/other/d.wav"]),
        ("{folder}/{family}/{name}", ["Gold/clap/hat/a.wav", "Gold/clap/clap/b.wav",
                                      "Gold/clap/_unsure/tom/c.wav",
                                      "Gold/clap/_not-a-drum/d.wav"]),
    ],
)  # fmt: skip
def test_no_folder_says_again_what_one_above_it_says(targets, layout, expected):
    heard = [
        ("Gold/clap/a.wav", "hat", "open_hat"),
        ("Gold/clap/b.wav", "clap"),
        ("Gold/clap/c.wav", "unsure", "unsure", "tom"),
        ("Gold/clap/d.wav", "other"),
    ]
    assert targets(*heard, layout=layout) == expected


def test_what_is_damaged_has_a_folder_whatever_it_sounds_like(make_result):
    cut = replace(make_result(ROOT, ROOT / "a.wav"), damage="the file is cut short")
    silent = Result(ROOT / "b.wav", ROOT, error="b.wav is silent.", damage="b.wav is silent.")
    for layout, expected in (
        ("{family}/{name}", ["_damaged/a.wav", "_damaged/b.wav"]),
        ("{pack}/{label}/{guess}/{name}", ["Golden Kit/_damaged/kick/a.wav",
                                           "Golden Kit/_damaged/b.wav"]),
        ("{confidence} {name}", ["0.90 a.wav", "b.wav"]),
    ):  # fmt: skip
        made = sorting.plan([cut, silent], OUT, layout=layout)
        assert [str(op.target.relative_to(OUT)) for op in made.operations] == expected


@pytest.mark.parametrize(
    ("rename", "expected"),
    [
        ("{label} {pitch} {name}", ["kick/kick F#1 a.x.wav", "kick/kick b.wav"]),
        ("{name} - {pitch} ({length})", ["kick/a.x - F#1 (0.34s).wav", "kick/b - (0.12s).wav"]),
        ("{name}_{pitch}", ["kick/a.x_F#1.wav", "kick/b.wav"]),
        ("{name} ({pitch}) {label}", ["kick/a.x (F#1) kick.wav", "kick/b kick.wav"]),
        ("{label}", "must have {name} in it, so that every file keeps its own."),
        ("{label}/{name}", "has a slash: folders belong in --layout."),
        ("{folder} {name}", "has {folder}, which is a path: it belongs in --layout."),
    ],
)
def test_new_names(make_result, rename, expected):
    heard = [
        replace(make_result(ROOT, ROOT / name), facts=facts(pitch, length))
        for name, pitch, length in (("a.x.wav", 46.0, 0.341), ("b.wav", None, 0.12))
    ]
    if isinstance(expected, str):
        with pytest.raises(SortError, match=r"^The new name .*\.$") as error:
            sorting.plan(heard, OUT, rename=rename)
        assert expected in str(error.value)
        return
    made = sorting.plan(heard, OUT, rename=rename)
    assert [str(op.target.relative_to(OUT)) for op in made.operations] == expected


@pytest.mark.parametrize(
    ("rename", "expected"),
    [
        ("({pitch}) {name}", "a.wav"),
        ("[{pitch}] {name} [{pitch}]", "a.wav"),
        ("{name} - {pitch} - {label}", "a - hat.wav"),
        ("{name} ({pitch}]", "a (].wav"),
        ("{pitch}{name}", "a.wav"),
        ("{label} ({pitch}) ({length}) {name}", "hat (0.50s) a.wav"),
        (" {name} ", "a.wav"),
        ("{{{name}}}", "{a}.wav"),
        ("{confidence}_{guess}_{name}", "0.90_hat_a.wav"),
        ("{pack} {family} {name}", "Golden Kit hat a.wav"),
    ],
)
def test_what_is_empty_goes_with_what_stands_around_it(make_result, rename, expected):
    sound = replace(make_result(ROOT, ROOT / "a.wav", "hat"), facts=facts(46.0, 0.5))
    (op,) = sorting.plan([sound], OUT, rename=rename).operations
    assert op.target == OUT / "hat" / expected  # only tuned drums have a pitch


def test_folders_that_become_empty_are_left_out(make_result):
    sound = replace(make_result(ROOT, ROOT / "a.wav", "hat"), facts=facts(None, 0.5))
    for layout, expected in (
        ("{pitch}/{name}", "a.wav"),
        ("{family} {pitch}/{name}", "hat/a.wav"),
        ("{pitch} /{pitch}-{name}", "a.wav"),
        ("hat/{family}/{name}", "hat/hat/a.wav"),  # what a person wrote stays
        ("{family}/hat/{name}", "hat/hat/a.wav"),
        ("{family}/x/{guess}/{name}", "hat/x/a.wav"),
        ("{family}/Hat {pitch}/{name}", "hat/a.wav"),
    ):
        (op,) = sorting.plan([sound], OUT, layout=layout).operations
        assert op.target == OUT / expected, layout


def test_without_what_is_measured_its_fields_are_empty(make_result):
    (op,) = sorting.plan(
        [make_result(ROOT, ROOT / "a.wav")], OUT, "copy", "{pitch}/{length}/{name}"
    ).operations
    assert op.target == OUT / "a.wav"


def test_a_layout_says_whether_it_needs_what_is_measured():
    for layout, rename, measures in (
        ("{family}/{name}", "", False),
        ("{family}/{name}", "{name} {pitch}", True),
        ("{length}/{name}", "", True),
        ("{confidence} {name}", "{name} {label}", False),
    ):
        assert layout_of(layout, rename).measures is measures
    assert layout_of("{name}", "") is layout_of("{name}", "")


def test_what_lies_elsewhere_has_no_folder(make_result):
    for place in (Path("/other/x.wav"), ROOT / "x.wav", ROOT / "a" / ".." / "x.wav"):
        (op,) = sorting.plan([make_result(ROOT, place)], OUT, layout="{folder}/{name}").operations
        assert op.target == OUT / "x.wav"
    found = make_result(ROOT, ROOT / "a" / "b" / "x.wav")
    (op,) = sorting.plan([found], OUT, layout="{folder}/{name}").operations
    assert op.target == OUT / "a" / "b" / "x.wav"


def test_a_name_of_ones_own_stays_one_part_of_the_path(make_result):
    for label, folder in (
        ("a/b", "a_b"),
        ("a\\b", "a_b"),
        ("a\0b", "a_b"),
        ("..", "_"),
        (".", "_"),
    ):
        found = make_result(ROOT, ROOT / "x.wav", "kick", label)
        (op,) = sorting.plan([found], OUT, layout="{label}/{name}").operations
        assert op.target == OUT / folder / "x.wav"
        found = make_result(ROOT, ROOT / "x.wav", label, "kick")
        (op,) = sorting.plan([found], OUT, layout="{family}/{name}").operations
        assert op.target == OUT / folder / "x.wav"


def test_a_sound_is_sorted_once_by_what_was_heard_last(make_result):
    twice = [make_result(ROOT, ROOT / "a.wav", family) for family in ("hat", "kick")]
    elsewhere = make_result(Path("/More"), Path("/More/b.wav"), "tom")
    plan = sorting.plan([*twice, elsewhere], OUT, "move", "{family}/{name}", "{name}!")
    assert [op.target for op in plan.operations] == [OUT / "kick/a!.wav", OUT / "tom/b!.wav"]
    assert (plan.roots, plan.action) == ((ROOT, Path("/More")), Action.MOVE)
    assert (plan.terms.layout, plan.terms.rename) == ("{family}/{name}", "{name}!")
    with pytest.raises(SortError, match=r"no action 'tag': use copy, move, link, symlink\."):
        sorting.plan(twice, OUT, "tag")


def test_a_new_name_says_plainly_what_is_unsure(make_result):
    unsure = make_result(ROOT, ROOT / "_c.wav", "unsure", "unsure", "rim")
    (op,) = sorting.plan([unsure], OUT, rename="{label} {name}").operations
    assert op.target == OUT / "_unsure" / "snare" / "unsure _c.wav"


def facts(pitch, length):
    return Facts("", "", length, 44100, 1, "WAV PCM_16", "", Analysis(-20, -1, 0, 200, pitch))


def test_a_path_does_not_lead_out_of_the_output_folder(make_result):
    odd = make_result(Path("/a"), Path("/a/../b/x.wav"))
    (op,) = sorting.plan([odd], OUT, layout="{folder}/{name}").operations
    assert op.target == OUT / "x.wav"


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
    assert op.target == OUT / "_no-pack" / "a.wav"


def test_very_many_files_of_one_name(make_result):
    results = [make_result(ROOT, ROOT / f"{n}/Kick.wav") for n in range(20_000)]
    began = time.perf_counter()
    plan = sorting.plan(results, OUT)
    assert time.perf_counter() - began < 5
    assert len({op.target for op in plan.operations}) == len(results)


@pytest.mark.parametrize(
    ("layout", "complaint"),
    [
        ("x{folder}/{name}", "beside other text"),
        ("{folder}{name}", "beside other text"),
        ("a/../{name}", "'..'"),
        ("a/./{name}", "'..'"),
        ("\\\\a/{name}", "backslash"),
        ("{colour}/{name}", "unknown field {colour}"),
        ("{family.real}/{name}", "unknown field"),
        ("{}/{name}", "unknown field"),
        ("{family!r}/{name}", "plain name"),
        ("{family:>9}/{name}", "plain name"),
        ("{family/{name}", "has an unmatched brace: write {{ or }} for the brace itself."),
        ("/{family}/{name}", "is not relative: start it below the output folder."),
        ("C:/{name}", "relative"),
        ("../{name}", "has an empty part, '.' or '..': name each folder."),
        ("{family}//{name}", "empty part"),
        ("{family}\\{name}", "has a backslash: put / between folders."),
        ("{family}", "must end in {name}, so that every file keeps its own."),
        ("{name}/{family}", "must end in {name}"),
        (
            "{folder} {family}/{name}",
            "has {folder} beside other text: it is a path, put / around it.",
        ),
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
