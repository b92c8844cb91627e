"""Path -> Clip: read the part of a sound file that is heard, as mono float32."""

import contextlib
import re
from pathlib import Path

import numpy as np
import soundfile

from drumsort.errors import AudioError
from drumsort.types import Clip, Samples

HEARD_SECONDS = 2.0
"""How much sound is read, counted from the first block that is not silent."""

SILENCE = 10 ** (-80 / 20)
"""Peak amplitude at or below which a block counts as silent (-80 dBFS)."""

RATES = range(1_000, 768_001)
"""Sample rates in Hz that are believed; anything else is a damaged header."""

MAX_CHANNELS = 64

_SALVAGE = 1024  # frames a read, past damage that fails a larger one

_WAV_LENGTHS = re.compile(r"^data\s*:\s*(\d+)\s*\(should be (\d+)\)", re.MULTILINE)
_LENGTH_UNKNOWN = 2**31 - 2**16  # what programs write that stream a WAV without knowing its length


def decode(path: Path, seconds: float = HEARD_SECONDS) -> Clip:
    """Read ``seconds`` of sound from ``path``, after any silence at its start.

    Reads any format that libsndfile knows, recognised by content. Channels are averaged; where
    they cancel each other out, the loudest one is taken.

    Args:
        path: a sound file.
        seconds: how much to read at most, counted from the first sound.

    Returns:
        A clip at the file's own rate. Its ``note`` says so where the file is cut short.

    Raises:
        AudioError: the file is missing, unreadable, empty, silent or not finite.
    """
    try:
        with path.open("rb") as stream:
            if not stream.read(1):
                raise AudioError(f"{path} is empty (0 bytes): delete it or copy it again.")
            stream.seek(0)
            with soundfile.SoundFile(stream) as sound:
                return _read(path, sound, seconds)
    except soundfile.LibsndfileError as error:
        reason = error.error_string.strip().rstrip(".") or "unknown reason"
        raise AudioError(
            f"{path} cannot be read as sound ({reason}): convert it to WAV or FLAC."
        ) from error
    except OSError as error:
        raise AudioError(f"{path} cannot be opened: {error.strerror or error}.") from error


def _read(path: Path, sound: soundfile.SoundFile, seconds: float) -> Clip:
    rate, channels = sound.samplerate, sound.channels
    if rate not in RATES or not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(
            f"{path} has a header that cannot be true ({rate} Hz, {channels} channels): "
            "export it again."
        )
    if sound.frames == 0:
        raise AudioError(f"{path} holds no sound (0 samples): export it again.")
    wanted = int(seconds * rate)
    heard = np.zeros((0, channels), np.float32)
    skipped = 0
    while len(heard) < wanted:
        block = _block(sound, wanted - len(heard))
        if not len(block):
            break
        if not np.isfinite(block).all():
            raise AudioError(f"{path} holds values that are not numbers (NaN): export it again.")
        if len(heard) or np.abs(block).max() > SILENCE:
            heard = np.concatenate([heard, block])
        else:
            skipped += len(block)
    if not len(heard):
        if skipped:
            raise AudioError(f"{path} is silent: nothing above -80 dBFS was found in it.")
        raise AudioError(f"{path} holds no readable sound: it is damaged, copy it again.")
    return Clip(_mono(heard), rate, sound.frames / rate, _note(sound, skipped + len(heard), wanted))


def _block(sound: soundfile.SoundFile, frames: int) -> Samples:
    """Up to ``frames`` more frames, shape ``(n, channels)``; none where the rest is damaged."""
    start = sound.tell()
    try:
        block: Samples = sound.read(frames, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        if frames <= _SALVAGE:
            return np.zeros((0, sound.channels), np.float32)
        return _salvage(sound, start, frames)
    return block


def _salvage(sound: soundfile.SoundFile, start: int, frames: int) -> Samples:
    """What can be read between ``start`` and the damage, in small steps."""
    blocks = [np.zeros((0, sound.channels), np.float32)]
    with contextlib.suppress(soundfile.LibsndfileError):
        sound.seek(start)
        for _ in range(0, frames, _SALVAGE):
            blocks.append(sound.read(_SALVAGE, dtype="float32", always_2d=True))
    return np.concatenate(blocks)


def _mono(frames: Samples) -> Samples:
    """Average ``(n, channels)`` to ``(n,)``, or take the loudest channel where they cancel."""
    if frames.shape[1] == 1:
        return frames[:, 0]
    mono: Samples = frames.mean(axis=1)
    peaks = np.abs(frames).max(axis=0)
    if np.abs(mono).max() < 0.1 * peaks.max():
        return np.ascontiguousarray(frames[:, peaks.argmax()])
    return mono


def _note(sound: soundfile.SoundFile, read: int, wanted: int) -> str:
    """Says so where the file ends before its header says it does."""
    lengths = _WAV_LENGTHS.search(sound.extra_info)
    wav_cut = lengths and int(lengths[2]) < int(lengths[1]) < _LENGTH_UNKNOWN
    if read < wanted and (wav_cut or read < sound.frames):
        return f"the file is cut short: judged by the {read / sound.samplerate:.2f} s that are left"
    return ""
