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
    from drumsort.errors import DrumsortError
    from drumsort.library import Catalog, Corrections, Entry
    from drumsort.library.duplicates import duplicates
    from drumsort.library.name_evidence import check_names
    from drumsort.library.teaching import Lesson, Teaching
    from drumsort.matching import similar
    from drumsort.pipeline import classify
    from drumsort.scanning import Scan, forget, scan
    from drumsort.sorting import apply, check, history, plan, resume, undo
    from drumsort.types import Action, Plan, Prediction, Result, Run

_HOME = {
    "DrumsortError": "errors",
    "Catalog": "library",
    "Corrections": "library",
    "Entry": "library",
    "duplicates": "library.duplicates",
    "check_names": "library.name_evidence",
    "Lesson": "library.teaching",
    "Teaching": "library.teaching",
    "classify": "pipeline",
    "similar": "matching",
    "Scan": "scanning",
    "forget": "scanning",
    "scan": "scanning",
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
