"""Keep what C libraries print off the terminal: libsndfile and libmpg123 complain on their own.

Python's streams write to copies of the descriptors 1 and 2, which then lead nowhere. So nothing
that a library prints is shown, and none of it can fill a pipe that nobody reads.
"""

import io
import os
import sys


def keep_libraries_quiet() -> None:
    """Separate Python's standard output and error from those of C; call it once, at the start."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        try:
            if not isinstance(stream, io.TextIOWrapper) or stream.fileno() != number:
                continue
            stream.flush()
            own = os.dup(number)
        except (OSError, ValueError):  # closed, or not a file
            continue
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
        copy = open(  # noqa: PTH123, SIM115
            own,
            "w",
            encoding=stream.encoding,
            errors=stream.errors,
            buffering=1 if stream.line_buffering else -1,
        )
        setattr(sys, name, copy)
        setattr(sys, f"__{name}__", copy)
