"""What a sort did, or would do: sentences and a tree for people, JSON for programs."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from drumsort.cli import show
from drumsort.types import Action, Run
from drumsort.workflows.progress import Step

if TYPE_CHECKING:
    from drumsort.workflows.sort import Sorted

DOING = {
    Action.COPY: "Copying",
    Action.MOVE: "Moving",
    Action.LINK: "Linking",
    Action.SYMLINK: "Linking",
    Action.RELINK: "Linking",
}
DONE = {
    Action.COPY: "copied",
    Action.MOVE: "moved",
    Action.LINK: "linked",
    Action.SYMLINK: "linked",
    Action.RELINK: "linked",
}
EXAMPLES = 3


def as_dict(done: "Sorted") -> dict[str, Any]:
    """A sort as the fields that programs read."""
    heard = {result.path: result for result in done.results}
    return {
        "into": str(done.checked.plan.into),
        "action": str(done.checked.plan.action),
        "run": (done.run.id if done.run else None) or None,
        "done": done.run.done if done.run else 0,
        "ways": done.run.ways if done.run else {},
        "stopped": done.run.stopped if done.run else "",
        "operations": [
            {
                "source": str(o.source),
                "target": str(o.target),
                "family": heard[o.source].family,
                "label": heard[o.source].label,
            }
            for o in done.checked.operations
        ],
        "conflicts": [
            {"kind": c.kind, "outcome": c.outcome, "path": str(c.path), "message": c.message}
            for c in done.checked.conflicts
        ],
        "left_alone": done.left_alone,
        "failures": {str(path): sentence for path, sentence in done.failures.items()},
    }


def print_sort(done: "Sorted") -> None:
    """Print a tree of the output folder, and what happened to the other files."""
    if not done.results:
        folder = show.safe(done.folder)
        show.out.print(f"There are no sounds in {folder}: nothing to sort.")
        return
    show.out.print(_tree(done))
    action = DONE[done.checked.plan.action]
    if done.run is None:
        show.out.print(
            f"\nDry run: {show.files(len(done.checked.operations))} would be {action}, "
            "nothing was touched."
        )
    else:
        show.out.print(f"\n{show.files(done.run.done)} {action}{_ways(done.run)}.", style="bold")
    there = "already there from an earlier sort"
    if done.checked.plan.action is Action.MOVE:
        there += "; the originals were left where they are"
    for count, what in (
        (done.already_there, there),
        (done.renamed, "given a numbered name, because the name was taken"),
        (done.left_alone, "left alone: not a sound"),
    ):
        if count:
            show.out.print(f"{show.files(count)} {what}.")
    if done.run and done.run.done and not done.run.stopped:
        show.out.print("To take this back: drumsort undo", style="bold")
    show.complain("Not sorted", done.failures.values())
    say_why_stopped(done.run)


def say_why_stopped(run: Run | None) -> None:
    """Say on standard error why a run ended early and how to go on, if it did."""
    if run and run.stopped:
        show.err.print(show.safe(run.stopped), style="red")


def _ways(run: Run) -> str:
    """How the bytes were copied: the one way, or how many files each way."""
    if len(run.ways) > 1:
        return f" ({', '.join(f'{count:,} by {way}' for way, count in run.ways.items())})"
    return "".join(f" ({way})" for way in run.ways)


def _tree(done: "Sorted") -> Tree:
    into = done.checked.plan.into
    folders: dict[Path, list[str]] = defaultdict(list)
    for operation in done.checked.operations:
        target = operation.target.relative_to(into)
        folders[target.parent].append(target.name)
    tree = Tree(Text(show.safe(into), style="bold"), guide_style="dim")
    nodes = {Path(): tree}
    for folder in sorted(folders):
        names = folders[folder]
        node = _node(nodes, folder, len(names))
        if done.run is None:
            for name in names[:EXAMPLES]:
                node.add(Text(show.safe(name), style="dim"))
            if len(names) > EXAMPLES:
                node.add(Text(f"... and {len(names) - EXAMPLES:,} more", style="dim"))
    return tree


def what_where(action: Action | None, folder: Path | None) -> tuple[str, str]:
    """A run in words: ``copy`` and ``into Sorted``."""
    name = show.safe(folder or "?")
    if action is Action.RELINK:
        return "link of duplicates", f"in {name}"
    return str(action or "?"), f"into {name}"


@contextmanager
def how_to_continue(command: str, run_id: str | None) -> Iterator[None]:
    """If the user stops ``command``, say that the same command continues it."""
    try:
        yield
    except KeyboardInterrupt:
        again = " ".join(filter(None, ("drumsort", command, run_id)))
        show.err.print(f"'{again}' continues it.")
        raise


@contextmanager
def how_to_end(steps: show.Steps, before: str = "") -> Iterator[None]:
    """If the user stops a command that touches files, say how to finish or undo it.

    Args:
        steps: where the command reports its steps.
        before: what to say instead if no file was touched yet.
    """
    try:
        yield
    except KeyboardInterrupt:
        if steps.step is Step.PLACE:
            show.err.print("'drumsort resume' finishes this sort, 'drumsort undo' takes it back.")
        elif before:
            show.err.print(before)
        raise


@contextmanager
def of_what_is_done(run: Run | None) -> Iterator[None]:
    """If the output cannot be written, say on standard error that ``run`` was done."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if run is None or not run.id:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        show.err.print(
            f"drumsort: the output could not be written ({error.strerror}), but the work is done: "
            f"'drumsort history' lists the run {run.id}."
        )
        sys.exit(1)


def conclude(run: Run, sentence: str) -> None:
    """Say what a resume or an undo did; exit with 1 if a file was left unchanged."""
    action, where = what_where(run.action, run.into)
    with of_what_is_done(run):
        show.out.print(f"{show.files(run.done)} {sentence} (the {action} {where}, {run.id}).")
    show.complain("Left unchanged", run.failures.values())
    say_why_stopped(run)
    if run.failures or run.stopped:
        sys.exit(1)


def _node(nodes: dict[Path, Tree], folder: Path, count: int = 0) -> Tree:
    """The tree node of ``folder``; made if missing, with its parents."""
    if folder not in nodes:
        label = Text(show.safe(folder.name) + "/", style=show.COLOURS.get(folder.name, ""))
        if count:
            label.append(f"  {count:,}", style="default")
        nodes[folder] = _node(nodes, folder.parent).add(label)
    return nodes[folder]
