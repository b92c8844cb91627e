"""Mutation testing of ``sorting/``: small changes of its code, and whether a test notices each.

``python -m tests.faults.mutants --sample 100 --seed 1`` draws mutants at random over the whole
room, runs for each the tests that reach its line, quick ones first, and prints what none noticed.
``pip install mutmut`` brings most of the operators. Its runner is not used: it leaves out decorated
functions, and does not see which tests reach a line in a process of their own.
"""

import argparse
import ast
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "drumsort"
ROOM = "sorting"
SCRATCH = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
TESTS = (
    "tests/sorting",
    "tests/tags/test_edit.py",
    "tests/workflows/test_apply.py",
    "tests/workflows/test_refile.py",
)
LEFT_OUT = (
    "tests/sorting/test_kill.py",  # each is a hundred kills: they come too late to help
    "tests/sorting/test_copying.py::test_by_clone",  # a disk stays mounted if they are killed
    "tests/sorting/test_copying.py::test_from_a_disk_that_clones_to_another",
)

Reached = Mapping[str, tuple[float, Sequence[str]]]
"""For each test, the seconds of processor time that it takes, and ``file:line`` that it reaches."""


def _negated(node: Any) -> Iterator[libcst.CSTNode]:
    yield node.with_changes(test=libcst.UnaryOperation(libcst.Not(), _in_brackets(node.test)))


def _one_side(node: libcst.BooleanOperation) -> Iterator[libcst.CSTNode]:
    yield _in_brackets(node.left)
    yield _in_brackets(node.right)


def _in_brackets(node: libcst.BaseExpression) -> libcst.BaseExpression:
    return node.with_changes(lpar=[libcst.LeftParen()], rpar=[libcst.RightParen()])


def _no_value(node: libcst.Return) -> Iterator[libcst.CSTNode]:
    if node.value is not None and not node.value.deep_equals(libcst.Name("None")):
        yield node.with_changes(value=libcst.Name("None"))


def _left_out(node: libcst.SimpleStatementLine) -> Iterator[libcst.CSTNode]:
    match node.body[0]:
        case libcst.Raise() | libcst.Expr(libcst.Call()):
            yield node.with_changes(body=[libcst.Pass()])


OPERATORS = (
    *mutation_operators,
    ((libcst.If, libcst.While, libcst.CompIf), _negated),
    (libcst.BooleanOperation, _one_side),
    (libcst.Return, _no_value),
    (libcst.SimpleStatementLine, _left_out),
)
_LEFT_ALONE = (libcst.Annotation, libcst.Decorator, libcst.Import, libcst.ImportFrom)


class Change:
    """One change of one module.

    Attributes:
        file: the module's.
        line: where the change begins.
        function: the qualified name of the outermost function whose body it lies in, or ``""``.
    """

    def __init__(
        self, path: Path, wrapper: MetadataWrapper, function: str, was: Any, now: Any
    ) -> None:
        self.file, self.function = path.name, function
        self._wrapper, self._was, self._now = wrapper, was, now
        self.line = wrapper.resolve(PositionProvider)[was].start.line

    def trial(self, number: int) -> dict[str, Any]:
        """All that it takes to try it."""
        code = self._wrapper.module.code_for_node
        return {
            "number": number,
            "file": self.file,
            "line": self.line,
            "function": self.function,
            "was": code(self._was).strip(),
            "now": code(self._now).strip(),
            "source": self._wrapper.module.deep_replace(self._was, self._now).code,
        }


def changes() -> list[Change]:
    """Every mutant of the room, in one order."""
    found: list[Change] = []

    def walk(node: libcst.CSTNode, within: tuple[str, ...], function: str) -> None:
        if isinstance(node, _LEFT_ALONE):
            return
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                found.extend(Change(path, wrapper, function, node, now) for now in operator(node))
        if isinstance(node, libcst.FunctionDef | libcst.ClassDef):
            within = (*within, node.name.value)
        for child in node.children:
            body = isinstance(node, libcst.FunctionDef) and child is node.body
            walk(child, within, function or (".".join(within) if body else ""))

    for path in sorted((PACKAGE / ROOM).glob("*.py")):
        if path.name != "__init__.py":
            wrapper = MetadataWrapper(libcst.parse_module(path.read_text()))
            walk(wrapper.module, (), "")
    return found


class _Marks(ast.NodeTransformer):
    """Marks each statement of a function as it runs; ``lines`` are those of the marks."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.lines: list[int] = []

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and not isinstance(node, ast.Module | ast.ClassDef):
                marked = [one for statement in block for one in (self._mark(statement), statement)]
                setattr(node, name, marked)
        return node

    def _mark(self, statement: ast.stmt) -> ast.stmt:
        self.lines.append(statement.lineno)
        return ast.parse(f"_marks[{self.first + len(self.lines) - 1}] = 1").body[0]


_OPENING = """
import mmap as _mmap, os as _os
with open(_os.environ["MARKS"], "r+b") as _file:
    _marks = _mmap.mmap(_file.fileno(), 0)
"""


def with_marks(source: str, first: int) -> tuple[str, list[int]]:
    """A module that marks the statements it runs, also when it is killed; the lines, by mark."""
    marks = _Marks(first)
    tree = marks.visit(ast.parse(source))
    return _OPENING + ast.unparse(ast.fix_missing_locations(tree)), marks.lines


def copy_of_package(top: Path) -> Path:
    """A package whose room may be changed; the others are links."""
    package = top / "src" / PACKAGE.name
    package.mkdir(parents=True)
    for path in PACKAGE.iterdir():
        if path.name == ROOM:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, package / ROOM, ignore=ignored)
        elif path.name != "__pycache__":
            (package / path.name).symlink_to(path)
    return package / ROOM


def run_pytest(top: Path, **settings: str) -> None:
    """Run the tests with the package in ``top`` and the plugin, which ``settings`` are for."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "tests.faults.trials"]
    command += ["-p", "no:cacheprovider", f"--basetemp={top}/tests", *TESTS]
    command += [f"--deselect={test}" for test in LEFT_OUT]
    environment = {**os.environ, "PYTHONPATH": str(top / "src"), "TMPDIR": str(top)} | settings
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "DRUMSORT_DATA": ""}
    with (top / "log").open("w") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    if done.returncode:
        sys.exit(
            f"{(top / 'log').read_text()[-3000:]}\nThe tests must pass before code is changed."
        )


def reached(top: Path) -> Reached:
    """What each test reaches."""
    room = copy_of_package(top)
    marks: list[str] = []
    for path in sorted(room.glob("*.py")):
        source, lines = with_marks(path.read_text(), len(marks))
        path.write_text(source)
        marks += [f"{path.name}:{line}" for line in lines]
    (top / "marks").write_bytes(bytes(len(marks)))
    run_pytest(top, MARKS=str(top / "marks"), REACHED=str(top / "reached"))
    tests = [json.loads(line) for line in (top / "reached").read_text().splitlines()]
    return {
        test["id"]: (test["seconds"], sorted({marks[mark] for mark in test["marks"]}))
        for test in tests
    }


def tests_for(trial: Mapping[str, Any], known: Reached, budget: float) -> dict[str, float]:
    """The tests that reach a change, the quick ones first, as many as ``budget`` seconds allow.

    Each with its seconds. A change outside of functions is reached by all that reach the module.
    """
    file, line = trial["file"], trial["line"]
    tree = ast.parse((PACKAGE / ROOM / file).read_text())
    around = (
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line)
    )
    at = f"{file}:{max(around) if trial['function'] else ''}"
    chosen: dict[str, float] = {}
    for test, (seconds, lines) in sorted(known.items(), key=lambda item: item[1][0]):
        reaches = at in lines if trial["function"] else any(one.startswith(at) for one in lines)
        if reaches and sum(chosen.values()) + seconds <= budget:
            chosen[test] = seconds
    return chosen


def tried(trials: Sequence[Mapping[str, Any]], top: Path, jobs: int) -> list[dict[str, Any]]:
    """What came of each: the test that noticed it, ``"a test"``, ``"time"``, or ``""``."""

    def work(nth: int) -> list[dict[str, Any]]:
        own = top / str(nth)
        room = copy_of_package(own)
        (own / "trials").write_text(json.dumps(trials[nth::jobs]))
        results = own / "results"
        run_pytest(own, TRIALS=str(own / "trials"), RESULTS=str(results), ROOM=str(room))
        return [json.loads(line) for line in results.read_text().splitlines()]

    with ThreadPoolExecutor(jobs) as pool:
        done = [one for some in pool.map(work, range(jobs)) for one in some]
    return sorted(done, key=lambda one: int(one["number"]))


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval of a share, at 95 %."""
    z, share = 1.96, part / whole
    middle = share + z * z / (2 * whole)
    width = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return (middle - width) / (1 + z * z / whole), (middle + width) / (1 + z * z / whole)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description=__doc__)
    options.add_argument("--sample", type=int, default=100, help="how many mutants; 0 for all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--budget", type=float, default=20.0, help="seconds of tests for each")
    options.add_argument("--only", type=int, nargs="*", help="these mutants, by their numbers")
    options.add_argument("--reached", type=Path, help="keep here what each test reaches")
    options.add_argument("--log", type=Path, help="write here what came of each mutant")
    chosen = options.parse_args()
    everything = changes()
    numbers = chosen.only or range(len(everything))
    if chosen.sample and not chosen.only:
        numbers = random.Random(chosen.seed).sample(numbers, chosen.sample)
    with tempfile.TemporaryDirectory(dir=SCRATCH, prefix="mutants-") as name:
        top = Path(name)
        top.chmod(0o755)  # some tests become somebody else
        if chosen.reached and chosen.reached.exists():
            known = json.loads(chosen.reached.read_text())
        else:
            known = reached(top / "reached")
            if chosen.reached:
                chosen.reached.write_text(json.dumps(known))
        trials = [everything[number].trial(number) for number in numbers]
        for trial in trials:
            trial["tests"] = tests_for(trial, known, chosen.budget)
        done = tried(trials, top, chosen.jobs)
        if chosen.log:
            chosen.log.write_text("".join(json.dumps(one) + "\n" for one in done))
    for one in done:
        if not one["killed"]:
            reach = f"{len(one['tests'])} tests" if one["tests"] else "no test"
            print(f"{one['number']} sorting/{one['file']}:{one['line']} ({reach})")
            print(f"    - {one['was']}\n    + {one['now']}".replace("\n", "\n      "))
    killed = sum(bool(one["killed"]) for one in done)
    low, high = interval(killed, len(done))
    print(f"{killed} of {len(done)} mutants killed, of {len(everything)} in all: ", end="")
    print(f"{killed / len(done):.1%} ({low:.1%} to {high:.1%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
