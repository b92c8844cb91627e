"""Path -> Clip: read the part of a sound file that is heard, as mono float32."""

import hashlib
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from drumsort.audio import hit
from drumsort.audio.level import first_beyond, peak
from drumsort.audio.mono import to_mono
from drumsort.audio.open import Sound, not_opened, open_sound
from drumsort.errors import DamagedError
from drumsort.types import Clip, Samples

HEARD_SECONDS = 2.0
"""How much is read at most; silence before the first sound counts for a fortieth of it."""

SILENCE = 10 ** (-80 / 20)
"""Amplitude at or below which a sample counts as silent (-80 dBFS)."""

NEARLY_SILENT_DB = -66.0
"""A sound whose peak is below that (in dB below full scale) is next to silent: 16 steps of 16 bits.
The quietest of 6,000 one-shots, a ghost note, has its peak at -58."""

LOUDEST = 2.0**32
"""Amplitude that no sound reaches, not even one in unscaled 32-bit integers."""

_CHUNK = 1 << 20  # bytes per read, for the hash of a file
_MOST = 2.0**64  # energy from which on each value is looked at
_ALL = 0.99  # of the energy in one block: there may be nothing else
_REST = 1 << 16  # frames per read, after what is heard


class _Digest(Protocol):
    def update(self, data: Any, /) -> None: ...
    def hexdigest(self) -> str: ...


def decode(
    path: Path,
    seconds: float = HEARD_SECONDS,
    samples: int | None = None,
    *,
    hashed: bool = False,
    lead_in: bool = False,
) -> Clip:
    """Read ``seconds`` of sound from ``path``, from just before its hit on.

    Silence, an offset, and room tone, hum or clicks that come long before the hit are left out.
    Channels are averaged; where they cancel each other, the loudest one is taken.

    Args:
        path: a sound file.
        seconds: how much to read at most.
        samples: how much in samples at the file's own rate, instead.
        hashed: whether the clip should have hashes; the whole file is read for them.
        lead_in: whether to keep what comes before the hit, but silence.

    Returns:
        A clip at the file's own rate. Its ``remark`` says so if the file is cut short, or next to
        silent.

    Raises:
        AudioError: the file is missing, unreadable or empty.
        DamagedError: it is silent but for a click, constant or not finite.
    """
    try:
        with open_sound(path) as sound:
            digest: _Digest | None = hashlib.sha256() if hashed else None
            clip = _clip(sound, samples or int(seconds * sound.rate), digest, lead_in)
            if digest is None:
                if sound.claimed is not None:
                    return clip
                _read_rest(sound, None)
                return replace(clip, duration=sound.position / sound.rate)
            audio, file = _hashes(sound, digest)
            length = sound.position / sound.rate
            return replace(clip, duration=length, audio_hash=audio, file_hash=file)
    except OSError as error:
        raise not_opened(path, error) from error


def audio_hash(path: Path) -> str:
    """The same hash as that of a clip, whatever there is to hear in it.

    Raises:
        AudioError: the file is missing or unreadable.
    """
    try:
        with open_sound(path) as sound:
            return _hashes(sound, hashlib.sha256())[0]
    except OSError as error:
        raise not_opened(path, error) from error


def _hashes(sound: Sound, digest: _Digest) -> tuple[str, str]:
    """The hashes of audio and file, once ``digest`` has what was read so far."""
    _read_rest(sound, digest)
    file_hash, heads = _file_hash(sound.file, sound.head)
    digest.update(f"{sound.rate} {sound.channels}".encode())
    if sound.damaged or heads > 1:  # what is behind the damage, or the sound, may differ
        digest.update(file_hash.encode())
    return digest.hexdigest(), file_hash


def _clip(sound: Sound, wanted: int, digest: _Digest | None, lead_in: bool) -> Clip:
    path, rate = sound.path, sound.rate
    if sound.claimed == 0:
        raise DamagedError(f"{path} holds no sound (0 samples): export it again.")
    frames, skipped = _after_silence(sound, wanted, digest)
    if len(frames) * 1000 < rate:
        raise DamagedError(
            f"{path} holds no sound, only {len(frames)} samples (less than a millisecond): it is "
            "damaged, export it again."
        )
    part = _part(frames, rate)
    if not lead_in:
        skipped, part = _from_hit(sound, frames, part, skipped, wanted, digest)
    _check(path, part, rate)
    samples = part.samples
    return Clip(
        samples=samples,
        rate=rate,
        duration=(sound.claimed or sound.position) / rate,
        remark=_remark(sound, samples, wanted),
        start=skipped / rate,
        channels=sound.channels,
        format=sound.format,
    )


def _remark(sound: Sound, samples: Samples, wanted: int) -> str:
    """What is wrong with a file that can be judged all the same, or ``""``."""
    if len(samples) < wanted and sound.is_cut:
        left = len(samples) / sound.rate
        return f"the file is cut short: judged by the {left:.2f} s that are left"
    decibel = 20 * np.log10(peak(samples))
    return f"next to silent: its peak is at {decibel:.0f} dBFS" * bool(decibel < NEARLY_SILENT_DB)


def _after_silence(sound: Sound, wanted: int, digest: _Digest | None) -> tuple[Samples, int]:
    """The first ``wanted`` frames that are not silent, and how many come before them."""
    path, channels = sound.path, sound.channels
    lead = wanted // 40
    heard = np.zeros((0, channels), np.float32)
    skipped = 0
    silent = True
    while len(heard) < wanted:
        block = _block(sound, wanted - len(heard), digest)
        if not len(block):
            break
        heard = np.concatenate([heard, block]) if len(heard) else block
        if silent:
            first = first_beyond(heard.reshape(-1), SILENCE)
            silent = first is None
            cut = max(0, (len(heard) if first is None else first // channels) - lead)
            heard, skipped = heard[cut:], skipped + cut
    if not len(heard):
        raise DamagedError(f"{path} holds no readable sound: it is damaged, copy it again.")
    if silent:
        raise DamagedError(f"{path} is silent: nothing above -80 dBFS was found in it.")
    return heard, skipped


class _Part(NamedTuple):
    """Some of a sound in one channel, its energy every 10 ms, and the offset it had."""

    samples: Samples
    energy: Samples
    offset: float


def _part(frames: Samples, rate: int, offset: float = 0.0) -> _Part:
    """One channel of ``frames`` without its offset, or without this one if it shows none."""
    samples = to_mono(frames)
    energy = hit.blocks(samples, rate)
    offset = hit.offset(samples, energy, rate) or offset
    if offset:
        samples = samples - np.float32(offset)
        energy = hit.blocks(samples, rate)
    return _Part(samples, energy, offset)


def _from_hit(
    sound: Sound, frames: Samples, part: _Part, skipped: int, wanted: int, digest: _Digest | None
) -> tuple[int, _Part]:
    """How many frames come before the hit, which may be further on, and what is heard from it."""
    rate = sound.rate
    ahead: Samples | None = None  # what was read beyond, in vain
    if len(frames) == wanted and hit.may_be_before_a_hit(part.energy, rate):
        level = hit.levels(part.energy, rate)
        last, before = frames, skipped
        while len(block := _block(sound, wanted, digest)):
            both = np.concatenate([last, block])
            later = _part(both, rate)
            if (hit.levels(later.energy, rate) > level + hit.LOUDER_DB).any():
                frames, part, skipped, ahead = both, later, before, None
                break
            ahead = block if ahead is None else ahead
            last, before = block, before + len(last)
    cut = hit.lead_in(part.samples, rate, part.energy, wanted)
    if not cut:
        return skipped, part if len(frames) <= wanted else _part(frames[:wanted], rate, part.offset)
    frames = frames[cut : cut + wanted]
    if missing := wanted - len(frames):
        rest = _block(sound, missing, digest) if ahead is None else ahead[:missing]
        frames = np.concatenate([frames, rest])
    return skipped + cut, _part(frames, rate, part.offset)


def _check(path: Path, part: _Part, rate: int) -> None:
    """Refuse samples that are one value, or one with a click of less than a millisecond."""
    energy, samples = part.energy, part.samples
    if max(energy.max(), (energy[:-1] + energy[1:]).max(initial=0)) < _ALL * energy.sum():
        return  # there is something in several places
    first = first_beyond(samples, SILENCE)
    if first is None:
        raise DamagedError(
            f"{path} holds the same value all through, which is no sound: it is damaged, export "
            "it again."
        )
    length = len(samples) - first - (first_beyond(samples[::-1], SILENCE) or 0)
    if length == 1:
        raise DamagedError(
            f"{path} holds a single sample that is not silent: it is damaged, export it again."
        )
    if length * 1000 < rate:
        raise DamagedError(
            f"{path} holds a click of {length} samples and silence: it is damaged, export it again."
        )


def _block(sound: Sound, frames: int, digest: _Digest | None) -> Samples:
    """Up to ``frames`` more frames that are sound, shape ``(n, channels)``."""
    block = sound.read(frames)
    values = block.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        ordinary = np.dot(values, values) < _MOST
    if not ordinary and not -LOUDEST < values.min() <= values.max() < LOUDEST:
        raise DamagedError(
            f"{sound.path} holds values that are no sound (NaN, infinite or beyond all measure): "
            "export it again."
        )
    if digest:
        digest.update(block)
    return block


def _read_rest(sound: Sound, digest: _Digest | None) -> None:
    """Read what follows what is heard, into ``digest`` if there is one."""
    while len(block := sound.read(_REST)):
        if digest:
            digest.update(block)


def _file_hash(file: FileIO, head: bytes) -> tuple[str, int]:
    """SHA-256 of all bytes, and how often ``head`` is among them; the disk has them at hand."""
    digest = hashlib.sha256()
    count, before = 0, b""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        if head:
            count += (before + chunk).count(head)
            before = chunk[-len(head) + 1 :]
    return digest.hexdigest(), count
