"""drumsort listens to one-shot drum sounds and sorts a sample library by what each file is.

    import drumsort

    results = list(drumsort.classify("Samples/"))
    plan = drumsort.plan(results, into="Sorted/")  # copies; action="move" moves
    run = drumsort.apply(plan)  # the first step that touches anything
    drumsort.undo(run)

As on the command line, the user's catalog, if there is one, follows a move. ``catalog=`` names
another catalog; ``catalog=False`` uses none.

These names are the whole public API; everything else may change.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__: str

if TYPE_CHECKING:
    from drumsort.catalog import Catalog, Entry
    from drumsort.errors import DrumsortError, QueryError
    from drumsort.packs import pack_of
    from drumsort.sorting import check, plan
    from drumsort.teaching.corrections import Corrections
    from drumsort.teaching.teach import Lesson, Teaching
    from drumsort.types import Action, Plan, Prediction, Result, Run
    from drumsort.workflows.apply import apply
    from drumsort.workflows.check_names import check_names
    from drumsort.workflows.classify import classify
    from drumsort.workflows.deduplicate import duplicates
    from drumsort.workflows.embed import Embeddings, embed
    from drumsort.workflows.find import Found, find
    from drumsort.workflows.progress import Progress, Step
    from drumsort.workflows.scan import Scan, forget, scan
    from drumsort.workflows.similar import similar
    from drumsort.workflows.undo import history, resume, undo

_HOME = {
    "DrumsortError": "errors",
    "QueryError": "errors",
    "Catalog": "catalog",
    "Corrections": "teaching.corrections",
    "Entry": "catalog",
    "duplicates": "workflows.deduplicate",
    "check_names": "workflows.check_names",
    "Lesson": "teaching.teach",
    "Teaching": "teaching.teach",
    "classify": "workflows.classify",
    "Embeddings": "workflows.embed",
    "embed": "workflows.embed",
    "pack_of": "packs",
    "similar": "workflows.similar",
    "Found": "workflows.find",
    "find": "workflows.find",
    "Scan": "workflows.scan",
    "forget": "workflows.scan",
    "scan": "workflows.scan",
    "Progress": "workflows.progress",
    "Step": "workflows.progress",
    "apply": "workflows.apply",
    "history": "workflows.undo",
    "resume": "workflows.undo",
    "undo": "workflows.undo",
    "check": "sorting",
    "plan": "sorting",
    "Action": "types",
    "Plan": "types",
    "Prediction": "types",
    "Result": "types",
    "Run": "types",
}

__all__ = [
    "Action",
    "Catalog",
    "Corrections",
    "DrumsortError",
    "Embeddings",
    "Entry",
    "Found",
    "Lesson",
    "Plan",
    "Prediction",
    "Progress",
    "QueryError",
    "Result",
    "Run",
    "Scan",
    "Step",
    "Teaching",
    "apply",
    "check",
    "check_names",
    "classify",
    "duplicates",
    "embed",
    "find",
    "forget",
    "history",
    "pack_of",
    "plan",
    "resume",
    "scan",
    "similar",
    "undo",
]


def __getattr__(name: str) -> Any:
    """Import a public name on its first use, so that ``drumsort --help`` answers at once."""
    if name == "__version__":
        from importlib.metadata import version

        return version("drumsort")
    if name not in _HOME:
        raise AttributeError(f"module 'drumsort' has no attribute {name!r}")
    return getattr(import_module(f"drumsort.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
