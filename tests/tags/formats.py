"""A short sound in each format that carries tags, as bytes."""

import io
import shutil
import struct
import subprocess
from functools import cache

import numpy as np
import soundfile

RATE = 44_100
FORMATS = {
    "16.wav": ("WAV", "PCM_16", 1),
    "24 odd.wav": ("WAV", "PCM_24", 1),
    "float.wav": ("WAV", "FLOAT", 2),
    "extensible.wav": ("WAVEX", "PCM_24", 2),
    "16.aiff": ("AIFF", "PCM_16", 2),
    "24 odd.aiff": ("AIFF", "PCM_24", 1),
    "float.aifc": ("AIFF", "FLOAT", 1),
    "16.mp3": ("MP3", "MPEG_LAYER_III", 1),
    "16.flac": ("FLAC", "PCM_16", 2),
    "24.flac": ("FLAC", "PCM_24", 1),
    "vorbis.ogg": ("OGG", "VORBIS", 2),
    "sound.opus": ("OGG", "OPUS", 1),
}
"""Name to container, coding and channels."""


@cache
def sound(name: str) -> bytes:
    """A decaying noise of 4,001 frames."""
    container, coding, channels = FORMATS[name]
    rate = 48_000 if coding == "OPUS" else RATE
    noise = np.random.default_rng(1).standard_normal((4001, channels))
    samples = (noise * np.exp(-np.arange(4001) / 900)[:, None] * 0.25).astype(np.float32)
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format=container, subtype=coding)
    return buffer.getvalue()


def chunk(name: bytes, content: bytes, order: str = "<") -> bytes:
    return name + struct.pack(f"{order}I", len(content)) + content + bytes(len(content) % 2)


def form(*chunks: bytes, kind: bytes = b"WAVE") -> bytes:
    """A WAV or AIFF file of these chunks."""
    body = kind + b"".join(chunks)
    head, order = (b"RIFF", "<") if kind == b"WAVE" else (b"FORM", ">")
    return head + struct.pack(f"{order}I", len(body)) + body


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The name and content of each chunk, read the plain way."""
    order = "<" if data[:4] == b"RIFF" else ">"
    found, at = [], 12
    while at < len(data):
        (size,) = struct.unpack_from(f"{order}I", data, at + 4)
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def samples(data: bytes):
    return soundfile.read(io.BytesIO(data), always_2d=True)


def as_ogg_flac(data: bytes) -> bytes | None:
    """A FLAC file in Ogg, where ffmpeg is there to make it."""
    if shutil.which("ffmpeg") is None:
        return None
    words = ["ffmpeg", "-v", "error", "-i", "-", "-c:a", "flac", "-f", "ogg", "-"]
    return subprocess.run(words, input=data, capture_output=True, check=True).stdout
