"""The built page is served as what it is; nothing else in the package is."""

import pytest

from drumsort.web import static_files
from drumsort.web.response import Refused
from drumsort.web.static_files import static_file


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A built page, with files beside it that must not be served."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "assets" / "app-1a2b.js").write_text("1")
    (folder / "assets" / "app-1a2b.css").write_text("a {}")
    (folder / "assets" / "font-3c.woff2").write_bytes(b"wOF2")
    (folder / "assets" / "strange.xyz").write_bytes(b"?")
    (folder / ".secret").write_text("hidden")
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    monkeypatch.setattr(static_files, "FOLDER", folder)
    return folder


@pytest.mark.parametrize(
    ("file", "kind", "kept"),
    [("", "text/html; charset=utf-8", False), ("index.html", "text/html; charset=utf-8", False),
     ("assets/app-1a2b.js", "text/javascript; charset=utf-8", True),
     ("assets/app-1a2b.css", "text/css; charset=utf-8", True),
     ("assets/font-3c.woff2", "font/woff2", True),
     ("assets/strange.xyz", "application/octet-stream", True)],
)  # fmt: skip
def test_each_file_is_what_it_is(page, file, kind, kept):
    response = static_file(file)
    assert response.body == (page / (file or "index.html")).read_bytes()
    assert response.headers["Content-Type"] == kind
    assert ("immutable" in response.headers["Cache-Control"]) == kept
    assert ("no-store" in response.headers["Cache-Control"]) != kept


@pytest.mark.parametrize(
    "file",
    [".secret", "../outside.txt", "assets/../../outside.txt", "link.txt", "/etc/passwd", "assets",
     "assets/", "./index.html", "assets//app-1a2b.js", "assets\\app-1a2b.js", "index.html\0",
     "none.html", "C:/x", "..", "~"],
)  # fmt: skip
def test_nothing_else_is_given(page, file):
    with pytest.raises(Refused) as refused:
        static_file(file)
    assert refused.value.status == 404


def test_a_page_that_is_not_built_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(static_files, "FOLDER", tmp_path)
    assert b"build it" in static_file("").body
