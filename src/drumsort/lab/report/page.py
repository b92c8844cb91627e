"""Self-contained HTML pages: template, facts and plots -> one file without external links."""

import io
from typing import Any

import matplotlib as mpl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

mpl.rcParams.update({
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e5e7eb",
    "axes.axisbelow": True,
    "figure.constrained_layout.use": True,
    "text.parse_math": False,  # a $ in a name stays a $
    "svg.hashsalt": "drumsort",  # the same picture gives the same file
})  # fmt: skip

COLOUR = "#2563eb"
SECOND = "#d97706"


def figure(width: float = 6.4, height: float = 3.6) -> Figure:
    """An empty figure; ``width`` and ``height`` are in inches."""
    return Figure((width, height), layout="constrained")


def svg(drawn: Figure) -> Markup:
    """A figure as SVG, for a page."""
    out = io.StringIO()
    drawn.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return Markup(text[text.index("<svg") :])


def page(template: str, **facts: Any) -> str:
    """Fill a template of this package; everything but figures is escaped."""
    pages = Environment(
        loader=PackageLoader("drumsort.lab.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template(template).render(**facts)
