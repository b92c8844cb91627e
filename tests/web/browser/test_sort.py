"""Sorting from the page, to the disk and back."""

import os
import re
import shutil
import signal

import pytest
from playwright.sync_api import expect

from drumsort import scan
from drumsort.sorting.journal import Journal
from drumsort.types import Action, Operation

from ...processes import wait_until
from .looking import close_panel


def files(folder):
    """What lies below a folder, but for what the sort itself keeps there."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".txt")


def plan(page, into):
    """The panel, with the plan of all sounds in it."""
    page.get_by_role("button", name="Sort", exact=True).click()
    panel = page.get_by_role("dialog", name="Sort into folders")
    panel.get_by_label("Into: path").fill(str(into))
    return panel


def test_planned_copied_and_taken_back(own, visit, tmp_path):
    page, into = visit(own), tmp_path / "Sorted"
    into.mkdir()
    panel = plan(page, into)
    expect(panel.get_by_role("button", name="Show the plan")).to_be_in_viewport(ratio=1)
    panel.get_by_label("Into: path").hover()
    page.mouse.down()
    page.mouse.move(5, 5, steps=3)  # text is selected, and let go beside the panel
    page.mouse.up()
    panel.get_by_role("button", name="Show the plan").click()
    tree = panel.get_by_role("region", name="Plan")
    expect(tree).to_contain_text("108 files")
    lines = [line.split("\n") for line in tree.get_by_role("listitem").all_inner_texts()]
    folders = [(line[0], int(line[1].split()[0])) for line in lines]  # some within others
    assert {"kick", "snare", "percussion"} <= {name for name, _ in folders}
    assert files(into) == []
    panel.get_by_role("button", name="Copy 108 files").click()
    expect(panel).to_contain_text("108 files in place. To undo this, open History.")
    assert len(files(into)) == 108
    for folder, count in folders:
        assert count in [len(files(one)) for one in into.rglob(folder)]
    close_panel(page)
    page.get_by_role("button", name="History").click()
    past = page.get_by_role("dialog", name="Past sorts").get_by_role("listitem")
    expect(past).to_contain_text("Copied 108 files")
    past.get_by_role("button", name="Undo").click()
    expect(past).to_contain_text("undone")
    assert files(into) == []
    close_panel(page)

    held = []
    page.route("**/api/sort/apply", lambda sent: held.append(sent))
    plan(page, into).get_by_role("button", name="Show the plan").click()
    panel.get_by_role("button", name="Copy 108 files").click()
    wait_until(lambda: page.wait_for_timeout(10) or held)
    close_panel(page)
    page.get_by_role("button", name="Sort", exact=True).click()
    held[0].continue_()
    expect(panel.get_by_text("108 files in place")).to_be_visible()


def test_past_sorts_of_any_kind_are_shown(own, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(own.catalog.parent / "home"))
    link = Operation(tmp_path / "sound.wav", tmp_path / "Links" / "sound.wav", 8, 0)
    with Journal.create(Action.SYMLINK, tmp_path / "Links", [link], []) as journal:
        journal.add(placed={"0": ""}, finished=True)
    damaged = "20200101-000000-copy-0000"
    (own.catalog.parent / "home" / "runs" / f"{damaged}.jsonl").write_text("{")
    page = visit(own)
    page.get_by_role("button", name="History").click()
    past = page.get_by_role("dialog", name="Past sorts").get_by_role("listitem")
    expect(past).to_have_count(2)
    expect(past.first).to_contain_text("Linked 1 file")
    expect(past.last).to_have_text(f"{damaged}its record is damaged")


@pytest.fixture
def large(library, tmp_path):
    """The catalog of some thousand sounds: what sorts for long enough to be killed meanwhile."""
    sources = files(library.parent / "Demo")[:36]
    for number in range(1000):
        source = sources[number % len(sources)]
        path = tmp_path / "Large" / f"Pack {number % 7}" / f"{number:04}{source.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    scan(tmp_path / "Large", catalog=tmp_path / "catalog.db")
    return tmp_path / "catalog.db"


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_within_a_sort_nothing_is_lost_and_the_page_says_so(large, tmp_path, start, visit):
    server, into = start(large), tmp_path / "Sorted"
    page = visit(server, expected="net::ERR_")
    into.mkdir()
    panel = plan(page, into)
    panel.get_by_text("Move", exact=True).click()
    panel.get_by_role("button", name=re.compile("plan", re.IGNORECASE)).click()
    panel.get_by_role("button", name="Move 1,000 files").click()
    wait_until(lambda: next(into.rglob("*.wav"), None))
    expect(panel.get_by_role("progressbar")).to_be_visible()
    server.end(signal.SIGKILL)
    expect(page.get_by_role("alert")).to_contain_text(
        "drumsort is not running any more: start it again"
    )
    there = len(files(into))
    assert there + len(files(tmp_path / "Large")) >= 1000

    page = visit(start(large))
    expect(page.get_by_text("A sort was cut off before its end; nothing is lost.")).to_be_visible()
    page.get_by_role("button", name="Finish or undo it").click()
    past = page.get_by_role("dialog", name="Past sorts").get_by_role("listitem")
    expect(past.get_by_role("button", name="Finish it")).to_be_visible()
    past.get_by_role("button", name="Undo").click()
    expect(past).to_contain_text("undone", timeout=60_000)
    assert files(into) == []
    assert len(files(tmp_path / "Large")) == 1000
