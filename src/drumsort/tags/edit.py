"""The bytes of a file and what to write into it -> the bytes of the same file, tagged."""

import importlib.util
import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from drumsort.audio.decode import audio_hash
from drumsort.audio.ogg import links
from drumsort.errors import AudioError, DrumsortError
from drumsort.tags.chunks import Broadcast, Form, Info, NotWhole
from drumsort.tags.owned import TagError, put
from drumsort.types import Tags

if TYPE_CHECKING:
    from mutagen import FileType

LARGEST = 1 << 28
"""Bytes of the largest file that is tagged: it is held in memory."""

_ID3V1 = 128  # bytes, at the end of an MP3


def demand_mutagen() -> None:
    """Make sure that tags can be written here.

    Raises:
        DrumsortError: mutagen is not installed.
    """
    if importlib.util.find_spec("mutagen") is None:
        raise DrumsortError(
            "Tags need mutagen, which comes with drumsort's 'tag' extra: pip install '.[tag]'."
        )


def edited(path: Path, data: bytes, tags: Tags) -> bytes:
    """The same file with ``tags``; the same bytes if it has them already.

    Args:
        path: names the file in messages; it is not opened.
        data: the whole file.
        tags: what to write.

    Raises:
        TagError: it cannot carry tags, or what it carries could not be kept.
        DrumsortError: mutagen is not installed.
    """
    demand_mutagen()
    import mutagen

    kind = data[:4], data[8:12]
    try:
        match kind:
            case (b"RIFF", b"WAVE") | (b"FORM", b"AIFF" | b"AIFC"):
                return _form(data, tags)
            case (b"fLaC" | b"OggS", _):
                return _comments(data, tags)
        if _is_mpeg(data):
            return _mpeg(data, tags)
    except NotWhole:
        raise TagError(
            f"{path} is left without tags: the sizes in its header are wrong, or a chunk lacks the "
            "byte that fills it up. Export it again."
        ) from None
    except TagError as error:
        raise TagError(f"{path} is left without tags: {error}.") from None
    except (mutagen.MutagenError, LookupError, ValueError, struct.error):  # as damage causes them
        raise TagError(
            f"{path} is left without tags: those that it has cannot be read. Export it again."
        ) from None
    raise TagError(f"{path} is left without tags: {_why_not(data)}.")


def sound_of(path: Path) -> str:
    """The audio hash of a file.

    Raises:
        TagError: it cannot be read.
    """
    try:
        return audio_hash(path)
    except AudioError as error:
        raise TagError(str(error)) from error


def _form(data: bytes, tags: Tags) -> bytes:
    from drumsort.tags.id3 import Id3

    form = Form(data)
    is_wave = data[:4] == b"RIFF"
    chunk = form.find(b"id3 ", b"ID3 ")
    tag = Id3(chunk.content if chunk else b"")
    others: list[Info | Broadcast] = []
    if is_wave:
        listed = form.info()
        info = Info(listed.content if listed else b"INFO")
        others.append(info)
        if bext := form.find(b"bext"):
            others.append(broadcast := Broadcast(bext.content))
    if not put(tags, tag, *others):
        return data
    if is_wave:
        form.write(listed, b"LIST", bytes(info))
        if bext:
            form.write(bext, b"bext", broadcast.content)
    form.write(chunk, b"id3 " if is_wave else b"ID3 ", bytes(tag))
    return bytes(form)


def _mpeg(data: bytes, tags: Tags) -> bytes:
    from drumsort.tags.id3 import Id3

    end = data[-_ID3V1:] if data[-_ID3V1:].startswith(b"TAG") else b""  # kept as it is
    tag = Id3(data[: len(data) - len(end)], padded=True, older=end)
    return bytes(tag) + end if put(tags, tag) else data


def _comments(data: bytes, tags: Tags) -> bytes:
    from drumsort.tags.vorbis import Comments

    file = _opened(data)
    comments = Comments(file)
    if not put(tags, comments):
        return data
    buffer = io.BytesIO(data)
    file.save(buffer, padding=lambda now: now.padding if now.padding >= 0 else 0)
    return buffer.getvalue()


def _opened(data: bytes) -> "FileType":
    from mutagen.flac import FLAC
    from mutagen.oggflac import OggFLAC
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    if data[:4] == b"fLaC":
        return FLAC(io.BytesIO(data))
    if len(links(io.BytesIO(data), 0, len(data))) != 1:
        raise TagError("it is a chain of several Ogg streams")
    for mark, kind in ((b"OpusHead", OggOpus), (b"\x01vorbis", OggVorbis), (b"\x7fFLAC", OggFLAC)):
        if data[:256].find(mark) >= 0:
            return kind(io.BytesIO(data))
    raise TagError("of Ogg files, only those with Vorbis, Opus or FLAC in them are tagged")


def _is_mpeg(data: bytes) -> bool:
    """Whether it begins with a frame of MPEG audio, or with an ID3 tag before one."""
    from drumsort.audio.mpeg import id3_size

    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10:
        at += 10 + id3_size(data[at : at + 10])
    head = data[at : at + 2]
    return len(head) == 2 and head[0] == 0xFF and head[1] >= 0xE0 and bool(head[1] & 0x06)


def _why_not(data: bytes) -> str:
    kinds = {b"RF64": "an RF64 file", b"BW64": "a BW64 file", b"RIFX": "a RIFX file"}
    kind = kinds.get(data[:4], "of a kind that is not tagged")
    return f"it is {kind}; WAV, AIFF, MP3, FLAC, Ogg Vorbis and Opus are"
