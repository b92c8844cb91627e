"""Coverage-guided fuzzing of what drumsort parses itself: MP3 frames, chunks, Ogg pages, queries.

atheris (libFuzzer for Python) changes bytes and keeps what takes a branch that nothing took before.
What is found must lie inside the file; only drumsort's own errors may be raised; no input
may take two seconds or a gigabyte. ``pip install atheris``, then ``python -m tests.faults fuzz``.
"""

import importlib.util
import inspect
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from drumsort.audio import chunks, mpeg, ogg
from drumsort.audio.spliced import Piece
from drumsort.errors import DrumsortError
from drumsort.query import grammar, values

from . import audio

LIMITS = ("-timeout=2", "-rss_limit_mb=1024", "-max_len=20000", "-print_final_stats=1")
QUERIES = ("kick deep", "length:..300ms, -label:rim loudness-", 'pack:"A b" pitch:C1..C2', "-(")
NAMES = {"label": ("kick", "rim"), "family": ("kick", "snare"), "pack": ("A b",)}


def mp3(data: bytes) -> None:
    """Frames are found within the file."""
    for stream in mpeg.mended(data):
        _within(stream, len(data))


def chunked(data: bytes) -> None:
    """What is read in place of a WAV, AIFF, AU or CAF lies within it."""
    _within(chunks.mended(io.BytesIO(data), 0, len(data)) or (), len(data))


def pages(data: bytes) -> None:
    """The streams of an Ogg file follow each other up to its end."""
    links = ogg.links(io.BytesIO(data), 0, len(data))
    _within(links, len(data))
    assert not links or sum(links[-1]) == len(data)


def query(data: bytes) -> None:
    """A query is understood, or refused in one sentence."""
    try:
        grammar.parse(data.decode(errors="replace"), NAMES)
    except DrumsortError as error:
        assert str(error)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "mp3": mp3,
    "chunks": chunked,
    "ogg": pages,
    "query": query,
}
SEEDS = {
    "mp3": ("mp3",),
    "chunks": ("wav", "wav float", "aiff", "caf", "au", "rf64"),
    "ogg": ("ogg", "opus"),
}


def seeds(target: str, sounds: Mapping[str, bytes]) -> Sequence[bytes]:
    """What the fuzzer begins with."""
    if target == "query":
        return [text.encode() for text in QUERIES]
    return [sounds[name] for name in SEEDS[target] if name in sounds]


def why_not() -> str:
    if importlib.util.find_spec("atheris") is None:
        return "needs atheris (pip install atheris)"
    return ""


def main(top: str, seconds: str) -> int:
    """Fuzz each target for some seconds, in a process of its own."""
    failed = 0
    sounds = audio.seeds(Path(top))
    for target in TARGETS:
        corpus = Path(top) / target
        corpus.mkdir()
        for number, content in enumerate(seeds(target, sounds)):
            (corpus / str(number)).write_bytes(content)
        command = [sys.executable, "-m", "tests.faults.fuzz", target, str(corpus)]
        done = subprocess.run(
            [*command, f"-max_total_time={seconds}", f"-artifact_prefix={top}/", *LIMITS],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        tried = [x for x in done.stderr.splitlines() if "number_of_executed_units" in x]
        print(f"{target}: {' '.join(tried) or done.stderr[-3000:]}, exit {done.returncode}")
        failed |= done.returncode != 0
        if done.returncode:
            print(done.stderr[-3000:])
    return failed


def _within(pieces: Sequence[Piece], size: int) -> None:
    for piece in pieces:
        if not isinstance(piece, bytes):
            start, length = piece
            assert start >= 0 and length >= 0 and start + length <= size, (pieces, size)


def _fuzz(target: str, arguments: Sequence[str]) -> None:
    import atheris

    for module in (mpeg, chunks, ogg, grammar, values):
        for holder in (module, *filter(inspect.isclass, vars(module).values())):
            for value in vars(holder).copy().values():
                if inspect.isfunction(value) and value.__module__ == module.__name__:
                    atheris.instrument_func(value)
    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    _fuzz(sys.argv[1], sys.argv[2:])
