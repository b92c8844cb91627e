"""All errors, as one tree; a room may define subclasses of its own.

    DrumsortError          every error that drumsort raises on purpose
    ├── AudioError         a sound file that cannot be used; in a batch it becomes ``Result.error``
    │   └── DamagedError   one that can be read, but holds nothing to judge
    ├── BundleError        a model folder that cannot be used
    ├── CatalogError       a catalog that cannot be opened, read or written
    ├── QueryError         a query that is not understood
    ├── DataError          training data or a training run that cannot be used
    └── SortError          files that cannot be planned, checked, applied or undone
        ├── PlanRefused    the check found something that stops the whole run
        └── JournalError   a run that cannot be found, read, resumed or undone

Each message is one sentence for the user: it names the file and says what to do. That of a
``QueryError`` ends with the query and marks the place. In a batch, a bad file is a value and never
an exception; a bad setup raises.
"""


class DrumsortError(Exception):
    """Base of all errors that drumsort raises on purpose."""


class AudioError(DrumsortError):
    """A sound file that cannot be used: unreadable, empty, silent or not finite."""


class DamagedError(AudioError):
    """A sound file that can be read, but holds nothing to judge: no samples, or only silence."""


class BundleError(DrumsortError):
    """A model folder that is missing, incomplete, damaged or of a newer format."""


class CatalogError(DrumsortError):
    """A catalog that is damaged, in use, of a newer format, or cannot be read or written."""


class QueryError(DrumsortError):
    """A query that is not understood; the message shows the place.

    Attributes:
        sentence: what is wrong, and what would be right, without a full stop.
        query: as it was typed.
        at: where the wrong part begins in it.
        length: how many characters that part has.
    """

    def __init__(self, sentence: str, query: str, at: int, length: int) -> None:
        self.sentence, self.query, self.at, self.length = sentence, query, at, length
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in query)
        super().__init__(f"{sentence}.\n  {shown}\n  {' ' * at}{'^' * max(1, length)}")


class DataError(DrumsortError):
    """Training data or a training run that cannot be used."""


class SortError(DrumsortError):
    """Files that cannot be planned, checked, applied or undone."""


class PlanRefused(SortError):  # noqa: N818  (it names what happened to the plan)
    """The check found something that stops the whole run before the first file is touched."""


class JournalError(SortError):
    """A run that cannot be found, read, resumed or undone."""


def in_words(error: OSError) -> str:
    """An error of the system as a sentence that names the file and says what to do."""
    why = error.strerror or str(error) or type(error).__name__
    where = f" at {error.filename}" if error.filename is not None else ""
    return f"The system reports an error{where} ({why}): see to that, then run the same again."
