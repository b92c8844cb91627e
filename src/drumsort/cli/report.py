"""What a sort did, or would do: as sentences and a tree for people, as JSON for programs."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text
from rich.tree import Tree

from drumsort.cli import show
from drumsort.types import Action, CheckedPlan, ConflictKind, Outcome, Result, Run

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


@dataclass(frozen=True)
class Summary:
    """A sort from the first file heard to the last file placed.

    Attributes:
        folder: what was to be sorted.
        results: of every sound.
        left_alone: how many files were not sounds.
        checked: what was planned and what stood in the way.
        run: what was done, or ``None`` after a dry run.
    """

    folder: Path
    results: Sequence[Result]
    left_alone: int
    checked: CheckedPlan
    run: Run | None

    @property
    def failures(self) -> Mapping[Path, str]:
        """Path to one sentence for each file that could not be handled."""
        unheard = {r.path: r.error for r in self.results if r.error is not None}
        blocked = {c.path: c.message for c in self.checked.conflicts if c.outcome is Outcome.FAILED}
        return unheard | blocked | dict(self.run.failures if self.run else {})

    @property
    def already_there(self) -> int:
        """How many files an earlier sort had put in place."""
        return sum(c.kind is ConflictKind.ALREADY_THERE for c in self.checked.conflicts)

    @property
    def renamed(self) -> int:
        """How many files got a numbered name, in the plan or by what was on the disk."""
        return sum(not o.target.name.endswith(o.source.name) for o in self.checked.operations)

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        heard = {result.path: result for result in self.results}
        return {
            "into": str(self.checked.plan.into),
            "action": str(self.checked.plan.action),
            "run": (self.run.id if self.run else None) or None,
            "done": self.run.done if self.run else 0,
            "ways": self.run.ways if self.run else {},
            "operations": [
                {
                    "source": str(o.source),
                    "target": str(o.target),
                    "family": heard[o.source].family,
                    "label": heard[o.source].label,
                }
                for o in self.checked.operations
            ],
            "conflicts": [
                {"kind": c.kind, "outcome": c.outcome, "path": str(c.path), "message": c.message}
                for c in self.checked.conflicts
            ],
            "left_alone": self.left_alone,
            "failures": {str(path): sentence for path, sentence in self.failures.items()},
        }

    def show(self) -> None:
        """Print a tree of the folders and what else there is to say."""
        if not self.results:
            folder = show.safe(self.folder)
            show.out.print(f"There are no sounds in {folder}: nothing to sort.")
            return
        show.out.print(self._tree())
        action = DONE[self.checked.plan.action]
        if self.run is None:
            show.out.print(
                f"\nDry run: {show.files(len(self.checked.operations))} would be {action}, "
                "nothing was touched."
            )
        else:
            show.out.print(f"\n{show.files(self.run.done)} {action}{self._ways()}.", style="bold")
        there = "already there from an earlier sort"
        if self.checked.plan.action is Action.MOVE:
            there += "; the originals were left where they are"
        for count, what in (
            (self.already_there, there),
            (self.renamed, "given a numbered name, because the name was taken"),
            (self.left_alone, "left alone: not a sound"),
        ):
            if count:
                show.out.print(f"{show.files(count)} {what}.")
        if self.run and self.run.done:
            show.out.print("To take this back: drumsort undo", style="bold")
        show.complain("Not sorted", self.failures.values())

    def _ways(self) -> str:
        """How the bytes got there: the one way, or how many files went each."""
        ways = self.run.ways if self.run else {}
        if len(ways) > 1:
            return f" ({', '.join(f'{count:,} by {way}' for way, count in ways.items())})"
        return "".join(f" ({way})" for way in ways)

    def _tree(self) -> Tree:
        into = self.checked.plan.into
        folders: dict[Path, list[str]] = defaultdict(list)
        for operation in self.checked.operations:
            target = operation.target.relative_to(into)
            folders[target.parent].append(target.name)
        tree = Tree(Text(show.safe(into), style="bold"), guide_style="dim")
        nodes = {Path(): tree}
        for folder in sorted(folders):
            names = folders[folder]
            node = _node(nodes, folder, len(names))
            if self.run is None:
                for name in names[:EXAMPLES]:
                    node.add(Text(show.safe(name), style="dim"))
                if len(names) > EXAMPLES:
                    node.add(Text(f"... and {len(names) - EXAMPLES:,} more", style="dim"))
        return tree


def what_where(action: Action | None, folder: Path | None) -> tuple[str, str]:
    """A run in words: ``copy`` and ``into Sorted``."""
    place = show.safe(folder or "?")
    if action is Action.RELINK:
        return "link of duplicates", f"in {place}"
    return str(action or "?"), f"into {place}"


@contextmanager
def of_what_is_done(run: Run | None) -> Iterator[None]:
    """Where this cannot be printed, say at least that ``run`` is done."""
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
            f"drumsort: the output could not be written ({error.strerror}), but it is done: "
            f"'drumsort history' lists the run {run.id}."
        )
        sys.exit(1)


def conclude(run: Run, sentence: str) -> None:
    """Say what a resume or an undo did; exit with 1 where a file was left as it is."""
    action, place = what_where(run.action, run.into)
    with of_what_is_done(run):
        show.out.print(f"{show.files(run.done)} {sentence} (the {action} {place}, {run.id}).")
    show.complain("Left as they are", run.failures.values())
    if run.failures:
        sys.exit(1)


def _node(nodes: dict[Path, Tree], folder: Path, count: int = 0) -> Tree:
    """The tree node of ``folder``, made with its parents where there is none yet."""
    if folder not in nodes:
        label = Text(show.safe(folder.name) + "/", style=show.COLOURS.get(folder.name, ""))
        if count:
            label.append(f"  {count:,}", style="default")
        nodes[folder] = _node(nodes, folder.parent).add(label)
    return nodes[folder]
