"""The navigation is what docs/index.md lists: each heading with its list of pages.

Sphinx warns of a page that is in no list, and a strict build fails.
"""

import re

from sphinx.application import Sphinx

_SECTION = re.compile(r"^## (.+)\n(?:(?!## ).*\n?)*", re.MULTILINE)
_PAGE = re.compile(r"^- \[(.+?)\]\((\S+)\.md\)", re.MULTILINE)


def _list(app: Sphinx, name: str, source: list[str]) -> None:
    if name == app.config.root_doc:
        source[0] = _SECTION.sub(_with_tree, source[0])


def _with_tree(section: re.Match[str]) -> str:
    pages = "\n".join(f"{title} <{page}>" for title, page in _PAGE.findall(section[0]))
    if not pages:
        return section[0]
    return f"{section[0]}\n```{{toctree}}\n:hidden:\n:caption: {section[1]}\n\n{pages}\n```\n\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", _list)
    return {"parallel_read_safe": True}
