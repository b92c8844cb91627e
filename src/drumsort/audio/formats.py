"""What follows from a format: how many bits it keeps, how a WAV keeps them, who plays it.

A format is a container and a coding in libsndfile's terms, as the catalog keeps it: ``"FLAC
PCM_16"``.
"""

import re

_BITS = re.compile(r"(?:PCM_[SU]?|ALAC_|DWVW_)(\d+)$")  # the codings that lose nothing
_FLOATS = {"FLOAT": 32, "DOUBLE": 64}
_WAV = ("PCM_16", "PCM_24", "PCM_32", "FLOAT")  # what samplers load
_DEPTHS = {coding: coding for coding in _WAV} | {
    "DOUBLE": "FLOAT", "ALAC_20": "PCM_24", "ALAC_24": "PCM_24",
}  # fmt: skip
_UNCHANGED = _DEPTHS | {"DOUBLE": "DOUBLE", "PCM_U8": "PCM_U8", "PCM_S8": "PCM_U8"}
_MEDIA_TYPES = {
    **{
        f"{container} {coding}": "audio/wav"
        for container in ("WAV", "WAVEX")
        for coding in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT")
    },
    **{f"FLAC {coding}": "audio/flac" for coding in ("PCM_S8", "PCM_16", "PCM_24")},
    "OGG VORBIS": "audio/ogg",
    "OGG OPUS": "audio/ogg",
    "MP3 MPEG_LAYER_III": "audio/mpeg",
}


def bits(format_: str) -> int:
    """Bits per sample if the coding loses nothing, else 0."""
    coding = format_.rpartition(" ")[2]
    whole = _BITS.match(coding)
    return int(whole[1]) if whole else _FLOATS.get(coding, 0)


def media_type(format_: str) -> str | None:
    """The media type of a format that every browser plays, or ``None``."""
    return _MEDIA_TYPES.get(format_)


def is_sampler_wav(format_: str) -> bool:
    """Whether every sampler loads it: a WAV of 16, 24 or 32-bit integers or 32-bit floats."""
    container, _, coding = format_.partition(" ")
    return container in ("WAV", "WAVEX") and coding in _WAV


def wav_coding(format_: str) -> str:
    """The coding of such a WAV that keeps what the format holds, or 16 bits of it."""
    return _DEPTHS.get(format_.rpartition(" ")[2], "PCM_16")


def unchanged_coding(format_: str) -> str:
    """The coding of a WAV, whether samplers load it or not, that keeps what the format holds.

    Of a lossy format, or one with more bits than a WAV can have, 16 bits are kept.
    """
    return _UNCHANGED.get(format_.rpartition(" ")[2], "PCM_16")
