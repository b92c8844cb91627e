"""Files a second: drumsort, the plain loop it replaces, and reading alone, in one run.

    python benchmarks/throughput.py --data DATA [--files 2000] [--rounds 3] [--memory 20000]

Real sounds of DATA (a folder with manifest.csv) are turned to WAV first, then each contender
hears them in turn, several rounds, so that a change of the machine's speed meets them all:

- classify: ``drumsort classify --jsonl``, a whole process from its start to its end;
- plain loop: librosa.load, librosa mel, a torch CNN of 16.9 million parameters, one file at a
  time, as the student project did; on fewer files, as it is slow;
- read + decode: soundfile alone, in one process.

With --memory N, the peak memory of ``classify`` on the files is held against that on N files
(hard links to the same).
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import soundfile


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--loop-files", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--memory", type=int, default=0, metavar="N")
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    with tempfile.TemporaryDirectory() as scratch:
        wavs = make_wavs(args.data, Path(scratch) / "wavs", args.files)
        if args.memory:  # before torch is imported: a child starts with its parent's peak
            few = classify(wavs[0].parent)
            many = classify(make_links(wavs, Path(scratch) / "many", args.memory))
            print(f"peak memory of classify: {few:.0f} MB for {len(wavs):,} files, ", end="")
            print(f"{many:.0f} MB for {args.memory:,}\n")
        loop = plain_loop()
        contenders: dict[str, tuple[int, Callable[[], object]]] = {
            "classify": (len(wavs), lambda: classify(wavs[0].parent)),
            "plain loop": (args.loop_files, lambda: loop(wavs[: args.loop_files])),
            "read + decode": (len(wavs), lambda: read(wavs)),
        }
        speeds: dict[str, list[float]] = {name: [] for name in contenders}
        for _, contender in contenders.values():  # warm the file cache and the libraries
            contender()
        for _ in range(args.rounds):
            for name, (count, contender) in contenders.items():
                started = time.perf_counter()
                contender()
                speeds[name].append(count / (time.perf_counter() - started))
        show(speeds, len(wavs))


def make_wavs(data: Path, folder: Path, count: int) -> list[Path]:
    """Every so-manieth sound of the manifest as 16-bit WAV at its own rate."""
    folder.mkdir()
    with (data / "manifest.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    paths = []
    for number in range(count):
        row = rows[number * len(rows) // count]
        samples, rate = soundfile.read(data / row["path"], dtype="int16")
        paths.append(folder / f"{number:05d}.wav")
        soundfile.write(paths[-1], samples, rate, "PCM_16")
    return paths


def make_links(wavs: Sequence[Path], folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:06d}.wav").hardlink_to(wavs[number % len(wavs)])
    return folder


def classify(folder: Path) -> float:
    """Run ``drumsort classify`` to its end; its peak memory in MB."""
    command = [sys.executable, "-m", "drumsort", "classify", "--jsonl", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"drumsort classify failed with {status}")
    return usage.ru_maxrss / 1024


def read(wavs: Sequence[Path]) -> None:
    for path in wavs:
        soundfile.read(path, dtype="float32")


def plain_loop() -> Callable[[Sequence[Path]], None]:
    import librosa
    import numpy as np
    import torch
    from torch import nn

    def convolve(inputs: int, outputs: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]

    net = nn.Sequential(
        *convolve(1, 32), *convolve(32, 64), *convolve(64, 128),
        nn.Flatten(), nn.Linear(32768, 512), nn.ReLU(), nn.Linear(512, 6),
    ).eval()  # fmt: skip
    assert sum(parameter.numel() for parameter in net.parameters()) == 16_873_478

    def loop(paths: Sequence[Path]) -> None:
        for path in paths:
            samples, rate = librosa.load(path, sr=None)
            mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_mels=128)
            decibel = librosa.power_to_db(mel, ref=np.max)[:, :128]
            padded = np.pad(decibel, ((0, 0), (0, 128 - decibel.shape[1])))
            with torch.no_grad():
                net(torch.from_numpy(padded)[None, None].float()).argmax()

    return loop


def show(speeds: dict[str, list[float]], files: int) -> None:
    reference = speeds["plain loop"]
    print(f"{files:,} WAV files, {os.cpu_count()} cores, {len(reference)} rounds\n")
    print("| contender | files/s, median | lowest | highest | times the plain loop |")
    print("|---|---|---|---|---|")
    for name, figures in speeds.items():
        ratio = statistics.median(a / b for a, b in zip(figures, reference, strict=True))
        print(
            f"| {name} | {statistics.median(figures):,.0f} | {min(figures):,.0f} "
            f"| {max(figures):,.0f} | {ratio:.1f} |"
        )


if __name__ == "__main__":
    main()
