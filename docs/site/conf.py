"""How Sphinx makes a site of the documents: ``just docs``.

The root of the repository is its source, so links between documents are the same on the site and in
the repository.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "src")]

project = "drumsort"
html_title = "drumsort"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "from_code",
    "navigation",
]
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "docs/*.md",
    "benchmarks/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "src/drumsort/bundles/*/MODEL_CARD.md",
]
exclude_patterns = [".*", "build", "page", "runs", "tests"]
myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]

autodoc_member_order = "groupwise"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_display_short_literal_types = True
python_maximum_signature_line_length = 80

smartquotes_action = "D"
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_extra_path = ["start"]
html_show_search_summary = False  # it would fetch pages, which a browser refuses from a disk
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
