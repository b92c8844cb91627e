"""Columns -> bytes, as the page reads them: a header in JSON, then one column after the other."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import Columns
from drumsort.catalog.fields import TYPES
from drumsort.web.answers import encoded


def packed(sounds: Columns, codes: Codes, facts: Mapping[str, Any]) -> bytes:
    """One page of sounds; see ``docs/page.md``.

    Args:
        sounds: its rows.
        codes: what the numbers in columns mean.
        facts: what else is to stand in the header.
    """
    columns: dict[str, NDArray[Any]] = {name: sounds.values[name] for name in TYPES}
    columns["names"] = np.frombuffer(b"".join(sounds.names), np.uint8)
    columns["name_ends"] = np.cumsum([len(name) for name in sounds.names], dtype=np.uint32)
    places, parts, at = [], [], 0
    for name, values in columns.items():
        content = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
        place = {"name": name, "type": values.dtype.name, "start": at, "length": len(content)}
        places.append(place)
        parts.append(_padded(content, b"\0"))
        at += len(parts[-1])
    header = _padded(
        encoded(
            {
                **facts,
                "count": len(sounds),
                "families": list(codes.families),
                "labels": codes.labels,
                "packs": codes.pack_names,
                "folders": codes.folder_names,
                "columns": places,
            }
        ),
        b" ",
    )
    return b"".join([len(header).to_bytes(4, "little"), header, *parts])


def _padded(content: bytes, filling: bytes) -> bytes:
    return content + filling * (-len(content) % 4)
