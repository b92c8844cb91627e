"""What a workflow reports while it runs."""

import warnings
from enum import StrEnum


class Step(StrEnum):
    """What a workflow is doing."""

    LOOK = "look"
    CUT = "cut"
    LISTEN = "listen"
    PLACE = "place"
    TAKE_BACK = "take back"
    LEARN = "learn"
    EXPORT = "export"
    DRAW = "draw"
    INDEX = "index"


class Progress:
    """Receives the reports of a workflow; override what you want to see.

    An exception raised by ``at`` stops the workflow, as Ctrl-C does.
    """

    def at(self, step: Step, done: int, total: int | None = None) -> None:
        """Take note that ``done`` items of ``step`` are done.

        Args:
            step: what the workflow is doing; 0 items are reported when it begins.
            done: how many items are done.
            total: how many there are, or ``None`` if that is not known.
        """

    def warn(self, sentence: str) -> None:
        """Take note of a problem that did not stop the workflow; a Python warning by default."""
        warnings.warn(sentence, stacklevel=2)


QUIET = Progress()
"""Shows no progress, and turns problems into Python warnings."""
