"""Sounds with bytes changed, cut, doubled or made up: no crash, no hang, no memory without bound.

Each batch is heard in a child, so that a crash of a decoder is seen. ``python -m tests.faults
audio`` hears 100,000; the tests hear some hundred.
"""

import os
import random
import resource
import struct
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import soundfile

from drumsort.errors import AudioError

from ..synth.drums import synthesize
from .scene import Tally

BATCH = 100
SLOWEST = 2.0  # seconds for one file
MEMORY = 4 << 30  # bytes of address space
SEEDS = {
    "wav": ("WAV", "PCM_16"),
    "wav float": ("WAV", "FLOAT"),
    "wav adpcm": ("WAV", "MS_ADPCM"),
    "aiff": ("AIFF", "PCM_24"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "caf": ("CAF", "PCM_16"),
    "au": ("AU", "PCM_16"),
    "w64": ("W64", "PCM_16"),
    "rf64": ("RF64", "PCM_16"),
    "svx": ("SVX", "PCM_16"),
}
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0)


def seeds(folder: Path) -> dict[str, bytes]:
    """One short sound in each format that can be written here."""
    found = {}
    for name, (container, coding) in SEEDS.items():
        rate = 48000 if coding == "OPUS" else 44100
        path = folder / "seed"
        try:
            soundfile.write(path, synthesize("kick", 1)[:9000], rate, coding, format=container)
        except (soundfile.LibsndfileError, ValueError):
            continue
        found[name] = path.read_bytes()
    return found


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with some damage, mostly near its beginning."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if len(data) < 8:
            break
        near = chance.random() < 0.7
        at = chance.randrange(min(len(data), 120) if near else len(data))
        match chance.randrange(7):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at] = chance.randrange(256)
            case 2:
                number = chance.choice(NUMBERS)
                order = chance.choice("<>")
                data[at : at + 4] = struct.pack(f"{order}I", number)
            case 3:
                del data[at : at + chance.randrange(1, 64)]
            case 4:
                data[at:at] = data[at : at + chance.randrange(1, 64)]
            case 5:
                del data[at:]
            case _:
                data[at:at] = chance.randbytes(chance.randrange(1, 32))
    return bytes(data)


def hear(path: Path) -> None:
    """Open and decode a file as a scan does; what is no sound is said so."""
    from drumsort.audio.decode import decode

    try:
        decode(path)
    except AudioError as error:
        assert "\n" not in str(error)


def batches(folder: Path, files: int, seed: object) -> Iterator[tuple[str, str]]:
    """The format of each mutated file, and what was wrong with how it was heard."""
    kinds = list(seeds(folder).items())
    for first in range(0, files, BATCH):
        chance = random.Random(f"{seed} {first}")
        contents = []
        for _ in range(min(BATCH, files - first)):
            name, content = chance.choice(kinds)
            contents.append((name, mutated(content, chance)))
        yield from zip((name for name, _ in contents), _heard(folder, contents), strict=True)


def _heard(folder: Path, contents: list[tuple[str, bytes]]) -> list[str]:
    verdicts: list[str] = []
    while len(verdicts) < len(contents):
        rest = contents[len(verdicts) :]
        verdicts += _in_child(folder, rest)
    return verdicts


def _in_child(folder: Path, contents: list[tuple[str, bytes]]) -> list[str]:
    """What was wrong with each file, up to the first that the child did not survive."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 2)
        path = folder / f"heard {os.getpid()}"
        for _, content in contents:
            path.write_bytes(content)
            began, said = time.process_time(), ""
            try:
                hear(path)
            except BaseException:
                said = traceback.format_exc().strip().splitlines()[-1]
            if time.process_time() - began > SLOWEST:
                said = f"took {time.process_time() - began:.1f} s"
            os.write(writer, said.replace("\n", " ")[:300].encode() + b"\n")
        path.unlink()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = [line.rstrip(b"\n").decode() for line in stream]
    _, status = os.waitpid(pid, 0)
    (folder / f"heard {pid}").unlink(missing_ok=True)
    if os.WIFSIGNALED(status) or len(said) < len(contents):
        said.append(f"the process died ({status})")
    return said[: len(contents)]


def main(top: str, files: str, seed: str = "1") -> int:
    """Hear so many files, print what was wrong, and count by format."""
    tally = Tally()
    for name, wrong in batches(Path(top), int(files), seed):
        tally.add(name, wrong)
    print(tally)
    return tally.faults.total() > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
