"""What can go wrong, as one tree; a room may refine one of these for itself.

    DrumsortError          every error that drumsort raises on purpose
    ├── AudioError         a file that cannot be heard; in a batch it becomes ``Result.error``
    ├── BundleError        a model folder that cannot be used
    ├── CatalogError       a catalog of sounds that cannot be opened, read or written
    ├── DataError          training data or a training run that cannot be used
    └── SortError          files that cannot be planned, checked, applied or undone
        ├── PlanRefused    the check found something that stops the whole run
        └── JournalError   a run that cannot be found, read, resumed or undone

Each message is one sentence for the person at the keyboard: it names the file and what to do.
A bad file in a batch is a value, never an exception; a bad setup raises.
"""


class DrumsortError(Exception):
    """Base of all errors that drumsort raises on purpose."""


class AudioError(DrumsortError):
    """A file that cannot be heard: unreadable, empty, silent or not finite."""


class BundleError(DrumsortError):
    """A model folder that is missing, incomplete, damaged or of a newer format."""


class CatalogError(DrumsortError):
    """A catalog that is damaged, in use, of a newer format, or cannot be read or written."""


class DataError(DrumsortError):
    """Training data or a training run that cannot be used."""


class SortError(DrumsortError):
    """Files that cannot be planned, checked, applied or undone."""


class PlanRefused(SortError):  # noqa: N818  (it names what happened to the plan)
    """The check found something that stops the whole run before the first file is touched."""


class JournalError(SortError):
    """A run that cannot be found, read, resumed or undone."""
