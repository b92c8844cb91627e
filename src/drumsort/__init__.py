"""drumsort listens to one-shot drum sounds and sorts a sample library by what each file is.

    import drumsort

    results = list(drumsort.classify("Samples/"))
    plan = drumsort.plan(results, into="Sorted/")  # to copy; action="move" is to move
    run = drumsort.apply(plan)  # until here nothing was touched
    drumsort.undo(run)

These names are the whole public API; everything else may change.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drumsort.alike.duplicates import duplicates
    from drumsort.catalog import Catalog, Entry
    from drumsort.errors import DrumsortError
    from drumsort.sorting import apply, check, history, plan, resume, undo
    from drumsort.teaching.corrections import Corrections
    from drumsort.teaching.teach import Lesson, Teaching
    from drumsort.types import Action, Plan, Prediction, Result, Run
    from drumsort.workflows.check_names import check_names
    from drumsort.workflows.classify import classify
    from drumsort.workflows.scan import Scan, forget, scan
    from drumsort.workflows.similar import similar

_HOME = {
    "DrumsortError": "errors",
    "Catalog": "catalog",
    "Corrections": "teaching.corrections",
    "Entry": "catalog",
    "duplicates": "alike.duplicates",
    "check_names": "workflows.check_names",
    "Lesson": "teaching.teach",
    "Teaching": "teaching.teach",
    "classify": "workflows.classify",
    "similar": "workflows.similar",
    "Scan": "workflows.scan",
    "forget": "workflows.scan",
    "scan": "workflows.scan",
    "apply": "sorting",
    "check": "sorting",
    "history": "sorting",
    "plan": "sorting",
    "resume": "sorting",
    "undo": "sorting",
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
    "Entry",
    "Lesson",
    "Plan",
    "Prediction",
    "Result",
    "Run",
    "Scan",
    "Teaching",
    "apply",
    "check",
    "check_names",
    "classify",
    "duplicates",
    "forget",
    "history",
    "plan",
    "resume",
    "scan",
    "similar",
    "undo",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``drumsort --help`` answers at once."""
    if name not in _HOME:
        raise AttributeError(f"module 'drumsort' has no attribute {name!r}")
    return getattr(import_module(f"drumsort.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
