"""Cells of CSV that every reader takes alike: spreadsheets, databases, Python.

A spreadsheet runs a cell that begins like a formula, so such a cell begins with ``'``. Bytes of a
name that are no UTF-8 are written as ``\\xe9``; so no file is refused for them, and no two names
become one.
"""

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LIKE_A_BYTE = re.compile(r"\\(?=x[0-9a-f]{2})")
_NO_TEXT = re.compile("[\udc80-\udcff]")
_BYTE = re.compile(r"\\x([0-9a-f]{2})")


def cell(text: str) -> str:
    """Text as a cell that ``meant`` turns back into it."""
    text = _LIKE_A_BYTE.sub(r"\\x5c", text)
    if not text.isascii():
        text = _NO_TEXT.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text)
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def meant(text: str) -> str:
    """The text that ``cell`` turned into this cell."""
    return _BYTE.sub(_unescaped, text.removeprefix("'"))


def line(values: Iterable[object]) -> str:
    """One line of CSV with its end, of text and numbers; ``None`` is an empty cell.

    The end is ``\\n``, and every line break within a cell is quoted, ``\\r`` alone too.
    """
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([cell(v) if isinstance(v, str) else v for v in values])
    return stream.getvalue().removesuffix("\r\n") + "\n"


def _unescaped(found: re.Match[str]) -> str:
    byte = int(found[1], 16)
    return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)
