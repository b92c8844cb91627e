"""A real browser at the real server, on real sounds.

Whatever a test looks at, it fails if the page says anything on the console that it should not: an
error, a refusal by the content security policy, a dialog that a script opened.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from drumsort import scan

from ...synth.packs import write_packs
from ..conftest import Server
from .looking import until

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
EARS = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    to.context.ear ??= new AnalyserNode(to.context, { fftSize: 32768 });
    connect.call(this, to.context.ear);
    window.ear = to.context.ear;
  }
  return connect.call(this, to, ...rest);
};
let loudest = 0;
const listen = () => {
  if (!window.ear) return;
  const samples = new Float32Array(window.ear.fftSize);
  window.ear.getFloatTimeDomainData(samples);
  loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), loudest);
};
setInterval(listen, 100); // an ear holds 0.7 s
window.heard = () => (listen(), loudest);
window.forget = () => { loudest = 0; };
"""
"""Listens to all that goes to the loudspeaker: ``heard()`` is the peak since ``forget()``."""

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium: install Debian's package 'chromium', or Google Chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    """The catalog of 108 sounds in three packs and all formats."""
    folder = tmp_path_factory.mktemp("library")
    write_packs(folder / "Demo")
    scan(folder / "Demo", catalog=folder / "catalog.db")
    return folder / "catalog.db"


@pytest.fixture(scope="session")
def shared(library, tmp_path_factory) -> Iterator[Server]:
    """A server of a copy of that catalog, for tests that change nothing."""
    server = Server(Path(shutil.copy(library, tmp_path_factory.mktemp("shared"))))
    yield server
    assert "Traceback" not in server.end()


@pytest.fixture
def own(library, tmp_path, start):
    """A server of another copy, to change; the sounds are shared, so no test may touch them."""
    return start(Path(shutil.copy(library, tmp_path)))


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Page]]:
    """Opens the page of a server in a window of its own, and watches what it complains of.

    ``expected`` is a pattern of what a test provokes on the console; a page that is not ``fresh``
    begins as the one before it ended.
    """
    contexts, troubles, keeping = [], [], set()

    def keeps_settings(sent: Request) -> bool:
        return sent.method == "POST" and sent.url.endswith("/api/settings")

    def leave(page: Page) -> None:
        """Lets the page keep its settings now: one kept late would be those of the next test."""
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        end = time.monotonic() + 15
        while keeping and time.monotonic() < end:
            page.wait_for_timeout(10)
        assert not keeping, "the page did not end to keep its settings"

    def go(
        server: Server, expected: str = "$^", sounds: bool = True, fresh: bool = True, **options
    ) -> Page:
        def complained(text: str) -> None:
            if not re.search(expected, text):
                troubles.append(text)

        if fresh:
            server.keep_settings()
        options = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark", **options}
        contexts.append(browser.new_context(**options))
        contexts[-1].on("request", lambda sent: keeps_settings(sent) and keeping.add(sent))
        for end in ("requestfinished", "requestfailed"):
            contexts[-1].on(end, lambda sent: keeps_settings(sent) and keeping.discard(sent))
        page = contexts[-1].new_page()
        page.on("close", lambda _: keeping.clear())  # what it asks then is never told to have ended
        page.set_default_timeout(15_000)
        page.add_init_script(EARS)
        page.on("pageerror", lambda error: complained(f"uncaught: {error}"))
        page.on(
            "console",
            lambda said: said.type == "error" and complained(f"{said.text} {said.location['url']}"),
        )
        page.on(
            "dialog", lambda dialog: (complained(f"dialog: {dialog.message}"), dialog.dismiss())
        )
        page.goto(server.address)
        if sounds:
            until(page, "window.__drumsort?.frames().length && __drumsort.sounds() > 0")
        return page

    yield go
    for context in contexts:
        for page in context.pages:
            leave(page)
        context.close()
    assert troubles == []
