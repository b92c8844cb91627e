"""Where drumsort keeps its own files: journals of runs, locks, the catalog, caches."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """``$DRUMSORT_HOME`` if set, else the user's data folder."""
    named = os.environ.get("DRUMSORT_HOME")
    return Path(named) if named else platformdirs.user_data_path("drumsort")


def runs_folder() -> Path:
    """The folder for journals of runs."""
    return home() / "runs"


def cache_folder() -> Path:
    """The folder for what can be computed again: ``DRUMSORT_CACHE``, or the user's cache folder."""
    named = os.environ.get("DRUMSORT_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("drumsort", appauthor=False)
