"""Values as people write them -> numbers in the catalog's units, and what they mean."""

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from drumsort.query.fields import Kind

_UNITS: Mapping[Kind, Mapping[str, float]] = {
    Kind.SECONDS: {"": 1, "s": 1, "ms": 0.001, "min": 60},
    Kind.HERTZ: {"": 1, "hz": 1, "khz": 1000},
    Kind.NOTE: {"": 1, "hz": 1, "khz": 1000},
    Kind.DECIBEL: {"": 1, "db": 1, "lufs": 1, "dbtp": 1},
    Kind.BYTES: {"": 1, "b": 1, "bytes": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9},
    Kind.SHARE: {"": 1, "%": 0.01},
    Kind.COUNT: {"": 1},
}
_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.(\d*))?|\.(\d+)))\s*([a-z%]*)", re.IGNORECASE)
_NOTE = re.compile(r"([a-g])([#b]?)(-?\d)", re.IGNORECASE)
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_AGO = re.compile(r"(\d{1,5})([dw])", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_RANGE = re.compile(r"(.*?)\.\.(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` up to ``high``: with both ends if it was written as a range; a single value
    stands for all that round to it, so its upper end does not belong to it."""

    low: float
    high: float
    closed: bool = True


def range_of(text: str, kind: Kind) -> Range:
    """``0.1..0.3``, ``..300ms``, ``C1..``, or a single value.

    The unit of the upper end holds for the lower one, too, if that has none: ``100..300ms``.

    Raises:
        ValueError: it is none of these; the message says why.
    """
    parts = _RANGE.fullmatch(text)
    if kind is Kind.DAY:
        return _days(text, parts)
    if parts is None:
        low, high = _about(text, kind)
        return Range(low, high, closed=False)
    below, above = parts[1].strip(), parts[2].strip()
    if not below and not above:
        raise ValueError("a range needs one end at least")
    unit = _NUMBER.fullmatch(above)
    if unit and unit[4] and (bare := _NUMBER.fullmatch(below)) and not bare[4]:
        below += unit[4]
    found = Range(
        _exactly(below, kind) if below else -math.inf, _exactly(above, kind) if above else math.inf
    )
    if found.low > found.high:
        raise ValueError(f"this range runs backwards: write {parts[2]}..{parts[1]}")
    return found


def _days(text: str, parts: re.Match[str] | None) -> Range:
    """A range of Unix time: whole days, or from so long ago on."""
    if parts is None:
        low, high = _day(text)
        return Range(low, high, closed=False)
    below, above = parts[1].strip(), parts[2].strip()
    if not below and not above:
        raise ValueError("a range needs one end at least")
    low = _day(below)[0] if below else -math.inf
    if above:
        first, last = _day(above)
        high = first if last == math.inf else last
    else:
        high = math.inf
    if low > high:
        raise ValueError(f"this range runs backwards: write {above}..{below}")
    return Range(low, high, closed=False)


def _day(text: str) -> tuple[float, float]:
    """Where a day, a month or a year begins and ends; or when it was so long ago, up to now."""
    if ago := _AGO.fullmatch(text):
        days = int(ago[1]) * {"d": 1, "w": 7}[ago[2].lower()]
        return time.time() - 86_400 * days, math.inf
    today = date.today()
    spoken = {"today": today, "yesterday": today - timedelta(1)}
    if day := spoken.get(text.lower()):
        first, after = day, day + timedelta(1)
    elif known := _DATE.fullmatch(text):
        year, month, number = int(known[1]), int(known[2] or 1), int(known[3] or 1)
        first = date(year, month, number)
        if known[3]:
            after = first + timedelta(1)
        elif known[2]:
            after = date(year + month // 12, month % 12 + 1, 1)
        else:
            after = date(year + 1, 1, 1)
    else:
        raise ValueError(f"{text!r} is no date" if text else "the date is missing")
    return _midnight(first), _midnight(after)


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()


def _exactly(text: str, kind: Kind) -> float:
    low, high = _about(text, kind)
    return math.sqrt(low * high) if _is_note(text, kind) else (low + high) / 2


def _about(text: str, kind: Kind) -> tuple[float, float]:
    """The values that round to what is written: ``0.30`` is 0.295 to 0.305."""
    if note := _is_note(text, kind):
        letter, sign, octave = note.groups()
        number = _STEPS[letter.lower()] + {"": 0, "#": 1, "b": -1}[sign.lower()]
        hz = 440 * 2 ** ((number + 12 * (int(octave) + 1) - 69) / 12)
        return hz * 2 ** (-1 / 24), hz * 2 ** (1 / 24)
    number_and_unit = _NUMBER.fullmatch(text)
    if number_and_unit is None:
        raise ValueError(f"{text!r} is no value" if text else "the value is missing")
    digits = len(number_and_unit[2] or number_and_unit[3] or "")
    units, unit = _UNITS[kind], number_and_unit[4]
    if unit.lower() not in units:
        raise ValueError(f"{unit!r} is no unit of it")
    factor = units[unit.lower()]
    value, half = float(number_and_unit[1]) * factor, 0.5 * 10**-digits * factor
    return value - half, value + half


def _is_note(text: str, kind: Kind) -> re.Match[str] | None:
    return _NOTE.fullmatch(text) if kind is Kind.NOTE else None
