"""The documents are complete: all commands, names, fields and pages are in them."""

import inspect
import re
import shutil

import click
import numpy as np
import pytest

import drumsort
from drumsort.cli import SECTIONS, group
from drumsort.cli.lab import COMMANDS as LAB
from drumsort.query.fields import ASKED, QUARTERS

from .documents import PAGES
from .synth.drums import synthesize

TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
PYTHON = {
    name: re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for name, text in TEXTS.items()
}


@pytest.mark.parametrize("page", [page for page, blocks in PYTHON.items() if blocks])
def test_the_python_of_a_page_runs(page, samples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    drumsort.scan(samples)
    shutil.copy(samples / "Pack A" / "kick 1.wav", "kick.wav")
    names = {"drumsort": drumsort, "samples": synthesize("snare", 1).astype(np.float32)}
    for block in PYTHON[page]:
        exec(block, names)


def test_the_table_of_commands_is_complete():
    listed = re.findall(r"^\| `drumsort ((?:lab )?[\w-]+)", TEXTS["commands.md"], re.MULTILINE)
    commands = [name for part in SECTIONS.values() for name in part if name != "lab"]
    assert sorted(listed) == sorted([*commands, *(f"lab {name}" for name in LAB)])


def test_the_page_about_python_names_all_of_the_api():
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", TEXTS["python.md"]))))
    assert set(drumsort.__all__) <= told


def test_the_page_about_python_has_the_arguments_of_each_function():
    said = dict(re.findall(r"`(\w+)\((.*?)\)`", TEXTS["python.md"].partition("| name |")[2]))
    functions = {n for n in drumsort.__all__ if inspect.isfunction(getattr(drumsort, n))}
    assert functions <= said.keys()
    for name in functions:
        named = [a.partition("=")[0].strip() for a in said[name].split(",") if a.strip(" *")]
        assert named == list(inspect.signature(getattr(drumsort, name)).parameters), name


def test_the_page_about_queries_has_all_fields_and_words():
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| `(.*)` \|$", TEXTS["find.md"], re.MULTILINE)
    assert rows == [(n, a.about, a.kind.value, a.example) for n, a in ASKED.items()]
    words = re.findall(r"^\| (\w+) \| (\w+) quarter by `(\w+)` \|$", TEXTS["find.md"], re.MULTILINE)
    assert words == [(w, ("lowest", "highest")[up], f) for w, (f, up) in QUARTERS.items()]


def test_every_page_is_in_the_list_of_pages():
    listed = set(re.findall(r"^- \[.+?\]\(([\w-]+\.md)\)", TEXTS["index.md"], re.MULTILINE))
    assert listed == set(TEXTS) - {"README.md", "index.md"}


def test_every_option_that_a_page_names_is_one_of_today():
    options = {"--help", "--version", *_options(group)}
    for name, text in TEXTS.items():
        for code in re.findall(r"`([^`\n]+)`", text):
            if not code.startswith(("pip ", "python ", "tensorboard ")):
                said = re.findall(r"(?<![\w-])--[a-z][\w-]*", code)
                assert set(said) <= options, f"{name}: `{code}`"


def _options(command):
    for param in command.params:
        yield from param.opts
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _options(command.get_command(context, name))
