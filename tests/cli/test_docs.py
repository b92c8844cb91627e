"""Every command that the documents show runs, and prints what they say that it prints.

``DRUMSORT_WRITE_DOCS=1 pytest tests/cli/test_docs.py`` writes into the documents what it prints.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import numpy as np
import pytest
import soundfile

from drumsort.cli import group
from drumsort.workflows.demo import demo
from drumsort.workflows.scan import scan

from ..documents import PAGES, shown
from ..synth.drums import synthesize

HOME = ".local/share/drumsort"
RATE = 44100

FROM_NOTHING = ("README.md", "first-half-hour.md")
"""Pages that begin with a computer without sounds. All others have the demo's sounds in ~/Samples,
scanned, and a loop in ~/Loops."""

NOT_RUN = {
    "drumsort browse": "serves a page until Ctrl-C; tests/web runs it",
    "drumsort lab": "needs the labelled data and hours; tests/lab runs it",
    "drumsort watch": "goes on until Ctrl-C; tests/cli/test_watch.py runs it",
    "://": "needs the network",
    "--model runs/": "needs a network that somebody trained",
}
"""Which lines are only held against the real command line, and why."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Where a user's folder is to be, and a folder to copy there."""
    folder = tmp_path_factory.mktemp("docs")
    you, copy = folder / "you", folder / "copy"
    demo(you / "Samples")
    scan(you / "Samples", catalog=you / HOME / "catalog.db")
    (you / "Loops").mkdir()
    soundfile.write(
        you / "Loops" / "break.wav", loop("kick", "closed_hat", "snare", "open_hat"), RATE
    )
    shutil.copytree(you, copy)
    return you, copy


@pytest.fixture
def you(prepared, drumsort_here, monkeypatch, request):
    """The user's folder, as a page finds it."""
    you, copy = prepared
    shutil.rmtree(you, ignore_errors=True)
    if request.param in FROM_NOTHING:
        you.mkdir()
    else:
        shutil.copytree(copy, you)
    monkeypatch.setenv("HOME", str(you))
    monkeypatch.setenv("DRUMSORT_HOME", str(you / HOME))
    monkeypatch.chdir(you)
    return you


@pytest.mark.parametrize(
    ("page", "you"), [(p, p.name) for p in PAGES if shown(p.read_text(encoding="utf-8"))],
    indirect=["you"], ids=lambda value: value.name if isinstance(value, Path) else "",
)  # fmt: skip
def test_every_command_of_a_page_does_what_the_page_says(page, you, drumsort_here):
    text = page.read_text(encoding="utf-8")
    played, upto = "", 0
    for command in shown(text):
        words = shlex.split(command.line, comments=True)
        if any(part in command.line for part in NOT_RUN):
            parse(words[1:])
            continue
        if command.needs_a_shell:
            done = in_a_shell(command.line, you)
        else:
            asks = words[1] == "correct" and "--find" in words  # and nobody is here to answer
            done = drumsort_here(*expanded(words[1:]), *(["--yes"] if asks else []))
        printed = done.stdout + done.stderr
        refused = command.output is not None and command.output.startswith("drumsort: ")
        assert bool(done.returncode) == refused, f"{command.line}\n{printed}"
        if command.output is not None:
            played += text[upto : command.start] + as_yours(printed, you)
            upto = command.end
    played += text[upto:]
    if os.environ.get("DRUMSORT_WRITE_DOCS") and timeless(played) != timeless(text):
        page.write_text(played, encoding="utf-8")
    else:
        assert timeless(played) == timeless(text)


def test_every_example_of_the_help_is_a_command_of_today():
    lines = [line for command in commands(group) for line in examples(command)]
    assert len(lines) > 60
    for line in lines:
        for part in re.split(r" \| (?:xargs -0 )?", line):
            if part.startswith("drumsort "):
                parse(shlex.split(re.sub(r" [><] \S+|  +.*", "", part))[1:])


def loop(*labels):
    """Two bars of synthesized hits at 120 beats a minute."""
    bar = np.zeros(RATE * 2)
    for beat, label in enumerate(labels):
        hit = synthesize(label, 1, RATE)[: RATE // 2]
        bar[beat * RATE // 2 :][: len(hit)] += hit
    return np.tile(bar, 2) / abs(bar).max()


def parse(words):
    """What click makes of the words before a command begins; it knows every option among them."""
    context = click.Context(group, info_name="drumsort")
    command = group
    while isinstance(command, click.Group):
        if words[0] == "--help":
            return
        _, command, words = command.resolve_command(context, list(words))
    try:
        command.make_context(command.name, list(words))
    except click.BadParameter as problem:
        if "does not exist" not in problem.format_message():
            raise


def expanded(words):
    """Words as a shell hands them over: ~ and * stand for what is there."""
    for word in words:
        word = str(Path(word).expanduser()) if word.startswith("~/") else word
        found = sorted(map(str, Path().glob(word))) if "*" in word else []
        yield from found or [word]


def in_a_shell(line, you):
    """Run a line in a shell that finds drumsort."""
    tools = you.parent / "bin"
    tools.mkdir(exist_ok=True)
    tool = tools / "drumsort"
    tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m drumsort "$@"\n')
    tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=you,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def as_yours(printed, you):
    """What a command printed, as a user of the documents sees it."""
    printed = printed.replace(" (all without using space)", "")  # it depends on the disk
    return "".join(
        f"{line.rstrip()}\n" for line in printed.replace(str(you), "/home/you").splitlines()
    )


def timeless(text):
    """A text without when it was written: numbers of runs, times."""
    text = re.sub(r"\b\d{8}-\d{6}-(\w+)-\w{4}\b", r"RUN-\1", text)
    return re.sub(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b", "TIME", text)


def commands(command):
    """A command and all below it."""
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name))


def examples(command):
    """The lines of drumsort that the help of a command shows."""
    for paragraph in (command.help or "").split("\n\n"):
        if "\b" in paragraph:
            yield from (x.strip() for x in paragraph.splitlines() if "drumsort " in x)
