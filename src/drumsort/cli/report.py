"""What a sort did, or would do: sentences and a tree for people, JSON for programs."""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from drumsort.cli import show
from drumsort.types import Action, Run, Way
from drumsort.workflows.progress import Step

if TYPE_CHECKING:
    from drumsort.workflows.sort import Sorted

DOING = {
    Action.COPY: "Copying",
    Action.MOVE: "Moving",
    Action.LINK: "Linking",
    Action.SYMLINK: "Linking",
    Action.RELINK: "Linking",
    Action.SLICE: "Placing",
    Action.TAG: "Tagging",
}
EXAMPLES = 3
MOST_REASONS = 5
_ALL = "--report FILE"


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
                "family": result.family if result else None,
                "label": result.label if result else None,
            }
            for o in done.checked.operations
            for result in (heard.get(o.heard) or heard.get(o.source),)
        ],
        "refiled": done.refiled,
        "already_there": done.already_there,
        "conflicts": [
            {"kind": c.kind, "outcome": c.outcome, "path": str(c.path), "message": c.message}
            for c in done.checked.conflicts
        ],
        "left": done.left,
        "left_alone": len(done.left_alone),
        "failures": {str(path): sentence for path, sentence in done.failures.items()},
    }


def print_sort(done: "Sorted") -> None:
    """Print what went where, and what happened to the other files; a dry run fits a screen."""
    if not done.results:
        where = ", ".join(map(show.safe, done.inputs))
        show.out.print(f"There are no sounds in {where}: nothing to sort.")
        return
    sentences = list(_summary(done))
    if done.run is None and show.out.is_terminal and not show.verbose():
        from drumsort.cli.screen import lines

        if done.failures:
            sentences.insert(0, f"Not sorted: {show.files(len(done.failures))}.")
        for line in lines(done, sentences, show.out.width, show.out.height):
            show.out.print(line)
        return
    show.out.print(_tree(done))
    show.out.print()
    for sentence in sentences:
        show.out.print(sentence, style="bold" if sentence is sentences[0] and done.run else "")
    show.mention("Damaged, so sorted into _damaged", done.damaged.values(), all_in=_ALL)
    if done.run and done.run.done and not done.run.stopped:
        show.out.print("To take this back: drumsort undo", style="bold")
    show.complain("Left as you changed or moved it", done.left, all_in="--json")
    show.complain("Not sorted", done.failures.values(), all_in=_ALL)
    say_why_stopped(done.run)


def say_why_stopped(run: Run | None) -> None:
    """Say on standard error why a run ended early and how to go on, if it did."""
    if run and run.stopped:
        show.err.print(show.safe(run.stopped), style="red")


def exit_code(run: Run | None, failures: Mapping[Path, str]) -> int:
    """That of a command that touches files: 1 if a file was left or the run was stopped."""
    return 1 if failures or (run and run.stopped) else 0


def print_refile(done: "Sorted") -> None:
    """Print where files were moved inside the output folder, and which stay."""
    if done.checked.operations:
        print_sort(done)
        return
    show.out.print(f"All {done.already_there:,} sorted files are where they belong: nothing to do.")
    show.complain("Left as you changed or moved it", done.left, all_in="--json")
    show.complain("Not sorted", done.failures.values())


def _would_do(done: "Sorted", action: str) -> str:
    if done.refiled:
        others = f" and {done.new:,} {action}" if done.new else ""
        return f"{show.files(done.refiled)} would be re-filed{others}"
    return f"{show.files(done.new)} would be {action}"


def _did(done: "Sorted", run: Run, action: str) -> str:
    if not done.refiled:
        return f"{show.files(done.new)} {action}{_ways(run)}"
    return (
        f"{show.files(done.refiled)} re-filed, {done.new:,} new, "
        f"{done.already_there:,} already there"
    )


def _summary(done: "Sorted") -> Iterator[str]:
    """What became of the files, a sentence each."""
    from drumsort.workflows.report import DONE

    move = done.checked.plan.action is Action.MOVE
    action = DONE[done.checked.plan.action]
    if done.run is None:
        yield f"Dry run: {_would_do(done, action)}, nothing was touched."
    else:
        yield f"{_did(done, done.run, action)}."
    there = "already there from an earlier sort"
    if move:
        there += "; the originals were left where they are"
    for count, what in (
        (
            done.sidecars,
            f"of other programs{' would be' * (done.run is None)} moved with their sounds",
        ),
        (0 if done.refiled else done.already_there, there),
        (done.renamed, "given a numbered name, because the name was taken"),
    ):
        if count:
            yield f"{show.files(count)} {what}."
    yield from _left_alone(done)
    if done.pruned:
        yield f"{show.counted(done.pruned, 'emptied folder')} removed."
    if move and any(op.origin is None for op in done.checked.operations):
        yield "Projects in a DAW hold paths, and do not find what is moved; --link keeps old paths."


def _left_alone(done: "Sorted") -> Iterator[str]:
    """How many files and folders were left alone for each kind of reason, the most first."""
    whys = Counter((_kind(one.why), one.path.is_dir()) for one in done.left_alone)
    for (why, folders), count in whys.most_common(MOST_REASONS):
        kind = "folder" if folders else "file"
        yield f"{show.counted(count, kind)} left alone: {show.safe(why)}."
    if len(whys) > MOST_REASONS:
        yield f"More was left alone for other reasons: {_ALL} names all of it."


def _kind(why: str) -> str:
    """A reason without what is true of one file only."""
    for kind in ("not a sound", "the same sound as"):
        if why.startswith(kind):
            return kind.replace(" as", " as another")
    return why


def _ways(run: Run) -> str:
    """Whether the copies share their blocks with the originals, which takes no space."""
    shared = run.ways.get(Way.REFLINK, 0)
    if not shared:
        return ""
    return f" ({'all' if shared == sum(run.ways.values()) else f'{shared:,}'} without using space)"


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
            most = len(names) if show.verbose() else EXAMPLES
            for name in names[:most]:
                node.add(Text(show.safe(name), style="dim"))
            if len(names) > most:
                node.add(Text(f"... and {len(names) - most:,} more", style="dim"))
    return tree


def what_where(action: Action | None, folder: Path | None) -> tuple[str, str]:
    """A run in words: ``copy`` and ``into Sorted``."""
    name = show.safe(folder or "?")
    if action is Action.RELINK:
        return "link of duplicates", f"in {name}"
    if action is Action.TAG:
        return "tag", f"in {name}"
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
        "stopped": run.stopped,
        "gone": {str(path): sentence for path, sentence in run.gone.items()},
        "failures": {str(path): sentence for path, sentence in run.failures.items()},
    }


def conclude(run: Run, sentence: str) -> None:
    """Say what a resume or an undo did; exit with ``exit_code``."""
    action, where = what_where(run.action, run.into)
    with of_what_is_done(run):
        show.out.print(f"{show.files(run.done)} {sentence} (the {action} {where}, {run.id}).")
        for why in islice(run.gone.values(), show.MOST_NAMED):
            show.out.print(f"  {show.safe(why)}")
        if len(run.gone) > show.MOST_NAMED:
            more = len(run.gone) - show.MOST_NAMED
            show.out.print(f"  ... and {more:,} more that you deleted, moved or renamed.")
    show.complain("Left unchanged", run.failures.values(), all_in="--json")
    say_why_stopped(run)
    sys.exit(exit_code(run, run.failures))


def _node(nodes: dict[Path, Tree], folder: Path, count: int = 0) -> Tree:
    """The tree node of ``folder``; made if missing, with its parents."""
    if folder not in nodes:
        label = Text(show.safe(folder.name) + "/", style=show.COLOURS.get(folder.name, ""))
        if count:
            label.append(f"  {count:,}", style="default")
        nodes[folder] = _node(nodes, folder.parent).add(label)
    return nodes[folder]
