"""Columns -> bytes, as the page reads them: a header in JSON, then one column after the other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from drumsort.catalog.columns import Columns
from drumsort.catalog.fields import TYPES
from drumsort.web.protocol.sounds import Column, PageHeader
from drumsort.web.response import encoded
from drumsort.web.snapshot import Snapshot

PLACES = ("x", "y", "family")
"""The columns that the map needs."""


def packed(
    sounds: Columns, snapshot: Snapshot, offset: int = 0, whole: bool | UnsetType = UNSET
) -> bytes:
    """Pack one page of sounds; see ``docs/page.md``.

    Args:
        sounds: its rows.
        snapshot: what they were taken from.
        offset: the row of the first of them.
        whole: of changes, whether these are all sounds.
    """
    values: dict[str, NDArray[Any]] = {name: sounds.values[name] for name in TYPES}
    values["names"] = np.frombuffer(b"".join(sounds.names), np.uint8)
    lengths = np.fromiter(map(len, sounds.names), np.uint32, len(sounds))
    values["name_ends"] = np.cumsum(lengths, dtype=np.uint32)
    codes = snapshot.codes
    packs, folders = list(codes.pack_names), list(codes.folder_names)
    return _packed(values, snapshot, len(sounds), packs, folders, offset, whole)


def packed_places(snapshot: Snapshot) -> bytes:
    """Pack what the map needs of all sounds: the columns ``PLACES``, without packs and folders."""
    values = {name: snapshot.sounds.values[name] for name in PLACES}
    return _packed(values, snapshot, len(snapshot.sounds))


def _packed(
    values: Mapping[str, NDArray[Any]],
    snapshot: Snapshot,
    count: int,
    packs: Sequence[str] = (),
    folders: Sequence[str] = (),
    offset: int = 0,
    whole: bool | UnsetType = UNSET,
) -> bytes:
    columns, parts, start = [], [], 0
    for name, column in values.items():
        content = np.ascontiguousarray(column, column.dtype.newbyteorder("<")).tobytes()
        columns.append(Column(name, column.dtype.name, start, len(content)))
        parts.append(_padded(content, b"\0"))
        start += len(parts[-1])
    header = PageHeader(
        version=snapshot.version,
        total=snapshot.total,
        offset=offset,
        count=count,
        families=list(snapshot.codes.families),
        labels=list(snapshot.codes.labels),
        packs=list(packs),
        folders=list(folders),
        columns=columns,
        whole=whole,
    )
    encoded_header = _padded(encoded(header), b" ")
    return b"".join([len(encoded_header).to_bytes(4, "little"), encoded_header, *parts])


def _padded(content: bytes, filling: bytes) -> bytes:
    return content + filling * (-len(content) % 4)
