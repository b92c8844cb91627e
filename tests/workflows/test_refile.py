"""Sort, look, correct, sort again: each sound lies where it belongs, once, and undo walks back."""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumsort import Catalog, undo
from drumsort.catalog import default_path
from drumsort.errors import SortError
from drumsort.types import Action, Terms
from drumsort.workflows.correct import correct
from drumsort.workflows.refile import refile
from drumsort.workflows.sort import sort

from ..small_library import SOUNDS, write


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A home with an empty catalog."""
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    Catalog(default_path()).close()


def found(folder):
    """Each file below a folder and its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def out(own, samples, tmp_path):
    """The samples, copied into class folders."""
    into = tmp_path / "Sorted"
    assert sort(samples, into).new == len(SOUNDS)
    return into


def other_family(path):
    return "tom" if path.parent.name != "tom" else "snare"


def test_what_was_corrected_in_the_output_moves_there_and_back(out, samples, heard):
    before = found(out)
    (copy,) = out.rglob("hat.wav")
    label = other_family(copy)
    correct([copy], label)
    done = sort(samples, out)
    assert (done.refiled, done.new, done.already_there) == (1, 0, len(SOUNDS) - 1)
    assert heard == []  # the copy is known by its bytes
    assert (out / label / "hat.wav").exists() and not copy.exists()
    assert sorted(found(out).values()) == sorted(before.values())
    assert (undo().refiled, found(out)) == (1, before)
    undo()
    assert not out.exists()


def test_what_a_person_changed_or_moved_is_left_and_named(out, samples):
    (changed,), (moved,) = out.rglob("hat.wav"), out.rglob("tom.wav")
    (deleted,), (renamed,) = out.rglob("top.wav"), out.rglob("snare.wav")
    changed.write_bytes(b"edited")
    mine = moved.rename(out / "mine.wav")
    deleted.unlink()
    new_name = renamed.rename(renamed.with_name("best.wav"))
    for path in ("Pack A/deep/hat.wav", "Pack B/tom.wav", "Pack B/snare.wav"):
        correct([samples / path], "cowbell")
    done = sort(samples, out)
    assert (done.refiled, done.new) == (0, 1)
    assert deleted.exists()
    assert len(done.left) == 3 and not done.failures
    for path in (changed, mine, new_name):
        assert any(str(path) in sentence for sentence in done.left)
    assert (changed.read_bytes(), len(found(out))) == (b"edited", len(SOUNDS))
    assert {str(p) for p in (changed, mine, new_name)} <= {
        word.rstrip(":,") for s in refile(out).left for word in s.split()
    }


@pytest.mark.parametrize("action", [Action.MOVE, Action.SYMLINK])
def test_an_output_is_refiled_without_its_input(own, samples, tmp_path, action):
    out, before = tmp_path / "Sorted", found(samples)
    sort(samples, out, action, layout="{pack}/{family}/{name}", policy="everything")
    placed = found(out)
    (copy,) = out.rglob("hat.wav")
    label = other_family(copy)
    correct([copy], label)
    planned = refile(out, dry_run=True)
    assert (planned.refiled, found(out)) == (1, placed)
    done = refile(out)
    assert (done.refiled, done.already_there, done.left) == (1, len(SOUNDS) - 1, [])
    assert (out / "Pack A" / label / "hat.wav").is_symlink() is (action is Action.SYMLINK)
    assert not copy.parent.exists()  # drumsort made it, and it is empty
    assert refile(out).refiled == 0
    moved = refile(out, Terms(layout="{label}/{name}"))
    assert moved.new == 0 and (out / label / "hat.wav").exists()
    assert refile(out).refiled == 0  # the new layout is remembered
    for _ in range(2):
        undo()
    assert found(out) == placed
    undo()
    assert (found(samples), out.exists()) == (before, False)


def test_a_folder_that_drumsort_did_not_fill_is_not_refiled(own, samples):
    with pytest.raises(SortError, match=r"No sort put anything into .*Samples"):
        refile(samples)


def test_an_original_that_was_renamed_takes_its_copy_along(out, samples):
    (samples / "Pack B" / "tom.wav").rename(samples / "Pack B" / "low.wav")
    assert sort(samples, out).refiled == 1
    assert Counter(found(out).values()) == Counter(
        path.read_bytes() for path in samples.rglob("*.wav")
    )


steps = st.lists(
    st.one_of(
        st.tuples(st.just("correct"), st.integers(0, 3), st.sampled_from(["rim", "tom", "clap"])),
        st.tuples(st.just("sort"), st.sampled_from(["careful", "balanced", "everything"])),
        st.just(("undo",)),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_one_does_a_sort_ends_where_a_fresh_one_does(steps):
    """With the real ear, a real catalog, and what people do."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        samples, out = folder / "Samples", folder / "Sorted"
        for number, label in enumerate(("kick", "closed_hat", "snare", "cowbell")):
            write(samples / f"Pack {number % 2}" / f"{number}.wav", label, number)
        files, before, runs = sorted(samples.rglob("*.wav")), found(samples), 0
        with patch.dict(os.environ, DRUMSORT_HOME=str(folder / "home")):
            Catalog(default_path()).close()
            for step in [*steps, ("sort", "balanced")]:
                if step[0] == "correct":
                    correct([files[step[1]]], step[2])
                elif step[0] == "sort":
                    runs += bool(sort(samples, out, policy=step[1]).run.id)
                elif runs:
                    assert undo().failures == {}
                    runs -= 1
            shutil.copytree(folder / "home", folder / "other home")
        with patch.dict(os.environ, DRUMSORT_HOME=str(folder / "other home")):
            sort(samples, folder / "Fresh", policy="balanced")
        assert found(out) == found(folder / "Fresh")
        with patch.dict(os.environ, DRUMSORT_HOME=str(folder / "home")):
            for _ in range(runs):
                assert undo().failures == {}
        assert (found(samples), out.exists()) == (before, False)


def test_sidecars_go_with_what_is_refiled_and_come_back(own, samples, tmp_path):
    (samples / "Pack A" / "deep" / "hat.wav.asd").write_bytes(b"live")
    out = tmp_path / "Sorted"
    assert sort(samples, out, "move").sidecars == 1
    (hat,), (tom,) = out.rglob("hat.wav"), out.rglob("tom.wav")
    tom.with_name("tom.wav.reapeaks").write_bytes(b"peaks")
    before = found(out)
    labels = {path: other_family(path) for path in (hat, tom)}
    for path, label in labels.items():
        correct([path], label)
    assert refile(out, dry_run=True).sidecars == 2
    done = refile(out)
    assert (done.refiled, done.new, done.sidecars, done.left) == (2, 0, 2, [])
    assert (out / labels[hat] / "hat.wav.asd").read_bytes() == b"live"
    assert (out / labels[tom] / "tom.wav.reapeaks").read_bytes() == b"peaks"
    assert refile(out).refiled == 0
    assert (undo().refiled, found(out)) == (2, before)


def test_a_second_sort_takes_the_sidecars_of_copies_along(out, samples):
    (hat,) = out.rglob("hat.wav")
    hat.with_name("hat.wav.asd").write_bytes(b"live")
    before, label = found(out), other_family(hat)
    correct([hat], label)
    assert (done := sort(samples, out)).refiled == 1
    assert (done.sidecars, done.new) == (1, 0)
    assert (out / label / "hat.wav.asd").exists()
    assert (undo().refiled, found(out)) == (1, before)


def test_what_is_asked_for_otherwise_is_remembered(out):
    done = refile(out, Terms(rename="{label} {name}", company=False, ear="quick"))
    assert done.refiled == len(SOUNDS)
    names = {path.name for path in out.rglob("*.wav")}
    assert names.isdisjoint(Path(name).name for name in SOUNDS)
    assert refile(out).refiled == 0
    refile(out, Terms(rename="", ear="second", company=True))
    assert {path.name for path in out.rglob("*.wav")} == {Path(name).name for name in SOUNDS}
