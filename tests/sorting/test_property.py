"""Whatever the tree: nothing is lost, and undo is the inverse of apply."""

import os
import tempfile
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from drumsort import sorting
from drumsort.files.names import unnumbered
from drumsort.sorting.plan import WAYS_TO_SORT
from drumsort.types import Action, Outcome

names = st.sampled_from(["Kick.wav", "kick.wav", "KICK.WAV", "Kick (2).wav", "Hat", "é.wav", ".w"])
folders = st.sampled_from(["", "A/", "B/", "A/kick/", "B/hat/"])
contents = st.sampled_from([b"", b"1", b"2", b"3", b"12"])
inputs = st.dictionaries(st.builds("in/{}{}".format, folders, names), contents, max_size=9)
outputs = st.dictionaries(
    st.builds("out/{}{}".format, st.sampled_from(["kick/", "hat/", "A/kick/"]), names),
    contents,
    max_size=5,
)
families = st.sampled_from(["kick", "hat", "unsure", "other"])
layouts = st.sampled_from(
    ["{family}/{name}", "{pack}/{family}/{name}", "{name}", "x/{label}-{name}"]
)


@settings(max_examples=150, deadline=None)
@given(inputs, outputs, st.sampled_from(WAYS_TO_SORT), layouts, st.data())
def test_apply_loses_nothing_and_undo_is_its_inverse(
    make_tree, files, others, action, layout, data
):
    heard = {name: data.draw(families) for name in files}
    with tempfile.TemporaryDirectory() as folder:
        tree = make_tree(Path(folder) / "tree")
        tree.make(files)
        tree.make(others)
        before = tree.read(), tree.stamps()
        checked = tree.check(action, heard, layout)
        assert not checked.refused
        run = sorting.apply(checked)
        after = tree.read()

        assert run.failures == {}
        assert after.items() >= others.items()
        if action is not Action.MOVE:
            assert after.items() >= files.items()
        assert len(after) == len(before[0]) + (0 if action is Action.MOVE else run.done)
        for op in checked.operations:
            name = f"out/{op.target.relative_to(tree.out).as_posix()}"
            source = f"in/{op.source.relative_to(tree.root).as_posix()}"
            assert tree.path(name).read_bytes() == files[source]
            assert name not in others
        skipped = [c for c in checked.conflicts if c.outcome is Outcome.SKIPPED]
        assert run.done + len(skipped) == len(files)

        if run.id:
            assert sorting.undo(run).failures == {}
        assert (tree.read(), tree.stamps()) == before


STAYING = [way for way in WAYS_TO_SORT if way is not Action.MOVE]
steps = st.lists(st.sampled_from(["sort", "sort", "hear otherwise", "undo"]), max_size=8)


def places(tree):
    """How often each content lies in the output under a name, whatever its numbers.

    A file that came as ``Kick (2).wav`` is ``Kick (2) (2).wav`` where that name is taken.
    """
    found = Counter()
    for name, content in tree.read().items():
        if name.startswith("out/"):
            path = Path(name)
            plain = unnumbered(unnumbered(path.name))
            found[f"{path.parent.as_posix()}/{plain}".casefold(), content] += 1
    return found


@settings(max_examples=60, deadline=None)
@given(inputs, st.sampled_from(STAYING), steps, st.data())
def test_however_often_one_sorts_all_lies_where_a_fresh_sort_puts_it(
    make_tree, files, action, steps, data
):
    """Corrections, lessons and policies all come down to another family for some sounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree, fresh = make_tree(folder / "tree"), make_tree(folder / "tree", out=folder / "fresh")
        tree.make(files)
        before = tree.read(), tree.stamps()
        sounds = sorted(set(files.values()))  # equal sounds have one verdict
        verdicts = {sound: data.draw(families) for sound in sounds}
        layout, runs = sorting.DEFAULT_LAYOUT, 0

        def sort(tree):
            heard = {name: verdicts[content] for name, content in files.items()}
            run = sorting.apply(tree.check(action, heard, layout))
            assert run.failures == {}
            return bool(run.id)

        with patch.dict(os.environ, DRUMSORT_HOME=str(folder / "home")):
            for step in [*steps, "sort"]:
                if step == "hear otherwise" and sounds:
                    verdicts[data.draw(st.sampled_from(sounds))] = data.draw(families)
                    layout = data.draw(layouts)
                elif step == "undo" and runs:
                    assert sorting.undo().failures == {}
                    runs -= 1
                elif step == "sort":
                    runs += sort(tree)
        with patch.dict(os.environ, DRUMSORT_HOME=str(folder / "other home")):
            sort(fresh)
        assert places(tree) == places(fresh)
        with patch.dict(os.environ, DRUMSORT_HOME=str(folder / "home")):
            for _ in range(runs):
                assert sorting.undo().failures == {}
        assert (tree.read(), tree.stamps()) == before
