"""What a sort did, or would do: sentences and a tree for people, JSON for programs."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
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
MOST_NAMED = 10
"""The most files of one kind that a summary names; ``--json`` names all."""


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
                "origin": str(o.origin) if o.origin else None,
                "family": result.family,
                "label": result.label,
            }
            for o in done.checked.operations
            for result in (heard[o.heard if o.heard in heard else o.source],)
        ],
        "refiled": done.refiled,
        "already_there": done.already_there,
        "conflicts": [
            {"kind": c.kind, "outcome": c.outcome, "path": str(c.path), "message": c.message}
            for c in done.checked.conflicts
        ],
        "left": done.left,
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
    if done.run is None:
        show.out.print(f"\nDry run: {_would_do(done)}, nothing was touched.")
    else:
        show.out.print(f"\n{_did(done, done.run)}.", style="bold")
    there = "already there from an earlier sort"
    if done.checked.plan.action is Action.MOVE:
        there += "; the originals were left where they are"
    for count, what in (
        (0 if done.refiled else done.already_there, there),
        (done.renamed, "given a numbered name, because the name was taken"),
        (done.left_alone, "left alone: not a sound"),
    ):
        if count:
            show.out.print(f"{show.files(count)} {what}.")
    if done.run and done.run.done and not done.run.stopped:
        show.out.print("To take this back: drumsort undo", style="bold")
    show.complain("Left as you changed or moved it", done.left, most=MOST_NAMED)
    show.complain("Not sorted", done.failures.values())
    say_why_stopped(done.run)


def say_why_stopped(run: Run | None) -> None:
    """Say on standard error why a run ended early and how to go on, if it did."""
    if run and run.stopped:
        show.err.print(show.safe(run.stopped), style="red")


def print_refile(done: "Sorted") -> None:
    """Print where files were moved inside the output folder, and which stay."""
    if done.checked.operations:
        print_sort(done)
        return
    show.out.print(f"All {done.already_there:,} sorted files are where they belong: nothing to do.")
    show.complain("Left as you changed or moved it", done.left, most=MOST_NAMED)
    show.complain("Not sorted", done.failures.values())


def _would_do(done: "Sorted") -> str:
    action = DONE[done.checked.plan.action]
    if done.refiled:
        others = f" and {done.new:,} {action}" if done.new else ""
        return f"{show.files(done.refiled)} would be re-filed{others}"
    return f"{show.files(len(done.checked.operations))} would be {action}"


def _did(done: "Sorted", run: Run) -> str:
    if not done.refiled:
        return f"{show.files(run.done)} {DONE[done.checked.plan.action]}{_ways(run)}"
    return (
        f"{show.files(done.refiled)} re-filed, {done.new:,} new, "
        f"{done.already_there:,} already there"
    )


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


def undo_as_dict(run: Run, *, dry_run: bool) -> dict[str, Any]:
    """An undo as the fields that programs read."""
    return {
        "run": run.id,
        "action": run.action,
        "into": str(run.into),
        "dry_run": dry_run,
        "done": run.done,
        "gone": {str(path): sentence for path, sentence in run.gone.items()},
        "failures": {str(path): sentence for path, sentence in run.failures.items()},
    }


def conclude(run: Run, sentence: str, most: int | None = None) -> None:
    """Say what a resume or an undo did; exit with 1 if a file was left unchanged."""
    action, where = what_where(run.action, run.into)
    with of_what_is_done(run):
        show.out.print(f"{show.files(run.done)} {sentence} (the {action} {where}, {run.id}).")
        for why in islice(run.gone.values(), MOST_NAMED):
            show.out.print(f"  {show.safe(why)}")
        if len(run.gone) > MOST_NAMED:
            more = len(run.gone) - MOST_NAMED
            show.out.print(f"  ... and {more:,} more that you deleted, moved or renamed.")
    show.complain("Left unchanged", run.failures.values(), most=most)
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
