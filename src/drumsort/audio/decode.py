"""Path -> Clip: read the part of a sound file that is heard, as mono float32."""

import hashlib
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from drumsort.audio import hit
from drumsort.audio.level import first_beyond
from drumsort.audio.mono import to_mono
from drumsort.audio.open import Sound, open_sound
from drumsort.errors import AudioError
from drumsort.types import Clip, Samples

HEARD_SECONDS = 2.0
"""How much is read at most; silence before the first sound counts for a fortieth of it."""

SILENCE = 10 ** (-80 / 20)
"""Amplitude at or below which a sample counts as silent (-80 dBFS)."""

LOUDEST = 2.0**32
"""Amplitude that no sound reaches, not even one in unscaled 32-bit integers."""

_CHUNK = 1 << 20  # bytes per read, for the hash of a file
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
        A clip at the file's own rate. Its ``remark`` says so if the file is cut short.

    Raises:
        AudioError: the file is missing, unreadable, empty, silent, constant or not finite.
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
            _read_rest(sound, digest)
            file_hash = _file_hash(sound.file)
            digest.update(f"{sound.rate} {sound.channels}".encode())
            if sound.damaged:  # what is behind the damage may differ
                digest.update(file_hash.encode())
            return replace(
                clip,
                duration=sound.position / sound.rate,
                audio_hash=digest.hexdigest(),
                file_hash=file_hash,
            )
    except OSError as error:
        raise AudioError(
            f"{path} cannot be opened ({error.strerror or error}): see that it may be read."
        ) from error


def _clip(sound: Sound, wanted: int, digest: _Digest | None, lead_in: bool) -> Clip:
    path, rate = sound.path, sound.rate
    if sound.claimed == 0:
        raise AudioError(f"{path} holds no sound (0 samples): export it again.")
    frames, skipped = _after_silence(sound, wanted, digest)
    if len(frames) * 1000 < rate:
        raise AudioError(
            f"{path} holds no sound, only {len(frames)} samples (less than a millisecond): it is "
            "damaged, export it again."
        )
    samples = _mono(frames)
    if not lead_in:
        samples, skipped = _from_hit(sound, frames, samples, skipped, wanted, digest)
    _check(path, samples)
    short = len(samples) < wanted and sound.is_cut
    remark = f"the file is cut short: judged by the {len(samples) / rate:.2f} s that are left"
    return Clip(
        samples=samples,
        rate=rate,
        duration=(sound.claimed or sound.position) / rate,
        remark=remark if short else "",
        start=skipped / rate,
        channels=sound.channels,
        format=sound.format,
    )


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
        raise AudioError(f"{path} holds no readable sound: it is damaged, copy it again.")
    if silent:
        raise AudioError(f"{path} is silent: nothing above -80 dBFS was found in it.")
    return heard, skipped


def _from_hit(
    sound: Sound,
    frames: Samples,
    samples: Samples,
    skipped: int,
    wanted: int,
    digest: _Digest | None,
) -> tuple[Samples, int]:
    """The samples from just before the hit on, which may come after what was read."""
    rate = sound.rate
    energy = hit.blocks(samples, rate)
    ahead: Samples | None = None  # what was read beyond, in vain
    if len(frames) == wanted and hit.may_be_before_a_hit(energy, rate):
        level = hit.levels(energy, rate)
        last, before = frames, skipped
        while len(block := _block(sound, wanted, digest)):
            both = np.concatenate([last, block])
            mono = _mono(both)
            later = hit.blocks(mono, rate)
            if (hit.levels(later, rate) > level + hit.LOUDER_DB).any():
                frames, samples, energy, skipped, ahead = both, mono, later, before, None
                break
            ahead = block if ahead is None else ahead
            last, before = block, before + len(last)
    cut = hit.lead_in(samples, rate, energy, wanted)
    if not cut:
        return samples[:wanted], skipped
    offset = hit.offset(to_mono(frames))
    frames = frames[cut : cut + wanted]
    missing = wanted - len(frames)
    if missing:
        rest = _block(sound, missing, digest) if ahead is None else ahead[:missing]
        frames = np.concatenate([frames, rest])
    return _mono(frames, offset), skipped + cut


def _mono(frames: Samples, offset: float = 0.0) -> Samples:
    """One channel without its offset, or without this one if none is found."""
    samples = to_mono(frames)
    offset = hit.offset(samples) or offset
    return samples - np.float32(offset) if offset else samples


def _check(path: Path, samples: Samples) -> None:
    """Refuse samples that are one value, or one sample of another."""
    beyond = first_beyond(samples, SILENCE)
    if beyond is None:
        raise AudioError(
            f"{path} holds the same value all through, which is no sound: it is damaged, export "
            "it again."
        )
    if first_beyond(samples[beyond + 1 :], SILENCE) is None:
        raise AudioError(
            f"{path} holds a single sample that is not silent: it is damaged, export it again."
        )


def _block(sound: Sound, frames: int, digest: _Digest | None) -> Samples:
    """Up to ``frames`` more frames that are sound, shape ``(n, channels)``."""
    block = sound.read(frames)
    if len(block) and not -LOUDEST < block.min() <= block.max() < LOUDEST:
        raise AudioError(
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


def _file_hash(file: FileIO) -> str:
    """SHA-256 of all bytes; they were read a moment ago, so that the disk has nothing to do."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
