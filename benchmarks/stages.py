"""Where the time of a file goes: each stage of the hot path beside the bare cost of its library.

    python benchmarks/stages.py --data DATA [--files 100] [--rounds 5]

Real sounds of DATA (a folder with manifest.csv) are written in every format at 44.1 kHz, and as
16-bit WAV at every rate. They go through one stage after the other, in one process with one thread.
The script counts CPU time, because others may use the machine. Stages and floors take turns, so
that a change of its speed affects them alike. Freed memory is kept, as in worker processes. A floor
is the bare call that a stage cannot do without:

- list: ``find``; os.scandir
- read: os.open, os.read of all bytes, os.close; part of decode, and its own floor
- decode: ``decode``; soundfile.read of the same seconds into an existing array
- mono: ``to_mono``, part of decode as well; the mean over channels
- prepare: ``prepare``; soxr.resample of the seconds that the network sees, where it resamples
- log-mel: ``log_mel``; np.fft.rfft of its frames into an existing array
- net: ``Network``; session.run on the frames up to the end of the sound
- decide: ``Judge``; the best of the scores
- write: a line of ``classify --jsonl``; handing over the line
"""

import argparse
import csv
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from drumsort.hearing.pool import WORKER_SETTINGS

if not os.environ.items() >= WORKER_SETTINGS.items():  # libraries read them as they are loaded
    os.environ.update(WORKER_SETTINGS)
    os.execv(sys.executable, [sys.executable, *sys.argv])

import numpy as np
import soundfile
import soxr

from drumsort.audio.decode import HEARD_SECONDS, decode, to_mono
from drumsort.audio.find import find
from drumsort.cli.classify import row
from drumsort.features import LogMel
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network, until_the_end
from drumsort.model.verdict import Judge
from drumsort.types import Clip, Result

RATES = (16_000, 22_050, 32_000, 44_100, 48_000, 96_000)
USUAL = 44_100
FORMATS = {
    "WAV 16": ("WAV", "PCM_16", 1),
    "WAV 16 stereo": ("WAV", "PCM_16", 2),
    "WAV 24": ("WAV", "PCM_24", 1),
    "WAV float": ("WAV", "FLOAT", 1),
    "AIFF 16": ("AIFF", "PCM_16", 1),
    "FLAC 16": ("FLAC", "PCM_16", 1),
    "OGG": ("OGG", "VORBIS", 1),
    "MP3": ("MP3", "MPEG_LAYER_III", 1),
}
WITHIN_DECODE = ("read", "mono")


@dataclass
class Stage:
    """The work to time, and its input; ``files`` is the number of files in one pass."""

    name: str
    run: Callable[[Any], object]
    floor: Callable[[Any], object]
    given: Sequence[Any]
    floor_given: Sequence[Any]
    files: int
    times: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)

    def measure(self) -> None:
        self.times.append(milliseconds(self.run, self.given) / self.files)
        self.floors.append(milliseconds(self.floor, self.floor_given) / self.files)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--files", type=int, default=100)
    options.add_argument("--rounds", type=int, default=5)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    sounds = list(read_sounds(args.data, args.files))
    bundle = Bundle.load(ear="quick")
    network = Network(bundle)
    kinds = [(name, USUAL) for name in FORMATS]
    kinds += [("WAV 16", rate) for rate in RATES if rate != USUAL]
    with tempfile.TemporaryDirectory() as scratch:
        table = {}
        for number, (name, rate) in enumerate(kinds):
            folder = Path(scratch) / str(number)
            write_sounds(sounds, folder, rate, *FORMATS[name])
            table[f"{name}, {rate / 1000:g} kHz"] = stages(folder, bundle, network)
        for warm in (True, *[False] * args.rounds):
            for timed in table.values():
                for stage in timed:
                    stage.measure()
                    if warm:
                        stage.times.clear()
                        stage.floors.clear()
    seconds = statistics.mean(len(samples) / rate for samples, rate in sounds)
    print(f"{len(sounds)} sounds of {seconds:.2f} s on average, {args.rounds} rounds\n")
    show_one(next(iter(table.values())), next(iter(table)))
    show_all(table)
    show_batches(network, bundle, args.rounds)


def read_sounds(data: Path, count: int) -> Iterator[tuple[Any, int]]:
    """Every n-th sound of the manifest, at its own rate."""
    with (data / "manifest.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for number in range(count):
        yield soundfile.read(data / rows[number * len(rows) // count]["path"], dtype="float32")


def write_sounds(
    sounds: Sequence[tuple[Any, int]],
    folder: Path,
    rate: int,
    kind: str,
    subtype: str,
    channels: int,
) -> None:
    folder.mkdir()
    for number, (samples, own) in enumerate(sounds):
        mono = soxr.resample(samples, own, rate)
        frames = np.stack([mono * gain for gain in (1.0, 0.7)[:channels]], axis=1)
        path = folder / f"{number:05d}.{kind.lower()}"
        soundfile.write(path, np.clip(frames, -1, 1), rate, subtype, format=kind)


def stages(folder: Path, bundle: Bundle, network: Network) -> list[Stage]:
    """All stages on the files of ``folder``; the output of each is the input of the next."""
    front_end = bundle.front_end
    paths = [source.path for source, _ in find([folder])]
    frames = [heard_frames(path) for path in paths]
    buffers = [(path, np.empty_like(block)) for path, block in zip(paths, frames, strict=True)]
    clips = [decode(path) for path in paths]
    aligned = [front_end.prepare(clip) for clip in clips]
    mels = [front_end.log_mel(clip.samples, clip.rate) for clip in aligned]
    heard = network.hear_log_mels(np.stack(mels))
    judge = Judge(bundle.classes, 0.5)
    verdicts = [judge(one) for one in heard]
    results = [Result(p, folder, prediction=v) for p, v in zip(paths, verdicts, strict=True)]
    lines = [json.dumps(row(result)).encode() for result in results]
    sink = Path(os.devnull).open("w")  # noqa: SIM115
    count = len(paths)
    needed = [Clip(c.samples[: int(1.3 * c.rate)], c.rate, c.duration) for c in clips]
    windows = [used_windows(front_end, clip) for clip in aligned]
    spectra = [np.empty((len(w), w.shape[1] // 2 + 1), np.complex64) for w in windows]
    pairs = list(zip(windows, spectra, strict=True))
    rate = aligned[0].rate
    step = bundle.crop or front_end.n_frames
    shown = [mel[:, : until_the_end(mel[None], step)[0]] for mel in mels]
    session, name = network._quick._session, network._quick._input

    def log_mel(clip: Clip) -> object:
        return front_end.log_mel(clip.samples, clip.rate)

    def transform(pair: tuple[Any, Any]) -> object:
        return np.fft.rfft(pair[0], out=pair[1])

    def net(mel: Any) -> object:
        return network.hear_log_mels(mel[None])

    def bare_net(mel: Any) -> object:
        return session.run(None, {name: mel[None]})

    return [
        Stage("list", lambda f: list(find([f])), scan, [folder], [folder], count),
        Stage("read", read_bytes, read_bytes, paths, paths, count),
        Stage("decode", decode, read_into, paths, buffers, count),
        Stage("mono", to_mono, lambda f: f.mean(axis=1), frames, frames, count),
        Stage("prepare", front_end.prepare, partial(resample, rate), clips, needed, count),
        Stage("log-mel", log_mel, transform, aligned, pairs, count),
        Stage("net", net, bare_net, mels, shown, count),
        Stage("decide", judge, lambda one: one.scores.argmax(), heard, heard, count),
        Stage("write", partial(write_line, sink), sink.buffer.write, results, lines, count),
    ]


def heard_frames(path: Path) -> Any:
    with soundfile.SoundFile(path) as sound:
        wanted = int(HEARD_SECONDS * sound.samplerate)
        return sound.read(wanted, dtype="float32", always_2d=True)


def used_windows(front_end: LogMel, clip: Clip) -> Any:
    """The windows that the front end takes from a clip, in number and length."""
    frames = front_end.frames(clip.rate)
    used = min(front_end.n_frames, frames.count(len(clip.samples), beyond=True))
    return np.zeros((used, frames.n_fft), "f4")


def scan(folder: Path) -> int:
    with os.scandir(folder) as entries:
        return sum(1 for _ in entries)


def read_bytes(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def read_into(job: tuple[Path, Any]) -> None:
    path, frames = job
    with soundfile.SoundFile(path) as sound:
        sound.read(out=frames)


def resample(rate: int, clip: Clip) -> object:
    return clip if clip.rate == rate else soxr.resample(clip.samples, clip.rate, rate, "HQ")


def write_line(sink: Any, result: Result) -> None:
    sink.write(json.dumps(row(result)) + "\n")
    sink.flush()


def milliseconds(function: Callable[[Any], object], items: Sequence[Any]) -> float:
    """CPU time of ``function`` on all ``items``."""
    started = time.process_time_ns()
    for item in items:
        function(item)
    return (time.process_time_ns() - started) / 1e6


def totals(timed: Sequence[Stage]) -> tuple[list[float], list[float]]:
    """For each round, times and floors summed over the stages that are not part of another."""
    whole = [stage for stage in timed if stage.name not in WITHIN_DECODE]
    return (
        [sum(each) for each in zip(*(stage.times for stage in whole), strict=True)],
        [sum(each) for each in zip(*(stage.floors for stage in whole), strict=True)],
    )


def show_one(timed: Sequence[Stage], title: str) -> None:
    print(f"| {title} | ms per file, median | lowest | highest | floor | times the floor |")
    print("|---|---|---|---|---|---|")
    lines = [(stage.name, stage.times, stage.floors) for stage in timed]
    for name, times, floors in (*lines, ("all", *totals(timed))):
        ratio = statistics.median(a / b for a, b in zip(times, floors, strict=True))
        print(
            f"| {name} | {statistics.median(times):.3f} | {min(times):.3f} | {max(times):.3f} "
            f"| {statistics.median(floors):.3f} | {ratio:.1f} |"
        )


def show_all(table: dict[str, list[Stage]]) -> None:
    names = [stage.name for stage in next(iter(table.values()))]
    print(f"\n| ms per file / floor | {' | '.join(names)} | all |")
    print("|---" * (len(names) + 2) + "|")
    for title, timed in table.items():
        cells = [(stage.times, stage.floors) for stage in timed] + [totals(timed)]
        medians = [tuple(map(statistics.median, cell)) for cell in cells]
        print(f"| {title} | {' | '.join(f'{a:.3f} / {b:.3f}' for a, b in medians)} |")


def show_batches(network: Network, bundle: Bundle, rounds: int) -> None:
    """What the network costs per file if it gets several at once."""
    sizes = (1, 2, 4, 8, 16, 32, 64)
    shape = bundle.front_end.n_mels, bundle.front_end.n_frames
    rng = np.random.default_rng(0)
    given = {n: rng.uniform(-80, 0, (n, *shape)).astype("f4") for n in sizes}
    times: dict[int, list[float]] = {n: [] for n in sizes}
    for _ in range(rounds):
        for n, mels in given.items():
            times[n].append(milliseconds(network.hear_log_mels, [mels] * (64 // n)) / 64)
    print(f"\n| files at once | {' | '.join(map(str, sizes))} |\n{'|---' * (len(sizes) + 1)}|")
    cells = " | ".join(f"{statistics.median(each):.3f}" for each in times.values())
    print(f"| net, ms per file | {cells} |")


if __name__ == "__main__":
    main()
