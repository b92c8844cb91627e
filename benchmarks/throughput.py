"""Files per second: drumsort, the plain loops it replaces, and reading alone, in one run.

    python benchmarks/throughput.py --data DATA [--files 5000] [--rounds 5] [--memory 10000 100000]

Real sounds of DATA (a folder with manifest.csv) are converted to WAV first. Then the contenders
hear them in turn, for several rounds, so that a change of the machine's speed affects them alike:

- classify: ``drumsort classify --jsonl``, a whole process from start to end;
- plain loop: librosa.load, librosa mel, the student project's first torch CNN of 16.9 million
  parameters, one file at a time, like the student project; on fewer files, because it is slow;
- plain loop, last net: the same with the student project's last network;
- read + decode + resample: soundfile and soxr alone, in one process per core, all of them started
  beforehand.

With --memory, the script also shows the peak memory of all processes of ``classify`` together (PSS,
Linux) for each given number of files (hard links to the same sounds).
"""

import argparse
import csv
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import soundfile
import soxr

RATE = 32_000


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--files", type=int, default=5000)
    options.add_argument("--loop-files", type=int, default=150)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--memory", type=int, nargs="*", default=[], metavar="N")
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    cores = os.cpu_count() or 1
    with (
        tempfile.TemporaryDirectory() as scratch,
        multiprocessing.get_context("spawn").Pool(cores) as readers,
    ):
        wavs = make_wavs(args.data, Path(scratch) / "wavs", args.files)
        for count in args.memory:
            peak = memory(make_links(wavs, Path(scratch) / f"many{count}", count))
            print(f"memory of all processes of classify, {count:,} files: {peak:.0f} MB")
        few = wavs[:: max(1, len(wavs) // args.loop_files)][: args.loop_files]
        basic, last = plain_loop("student-basic"), plain_loop("student-depthwise-se")
        contenders: dict[str, tuple[int, Callable[[], object]]] = {
            "classify": (len(wavs), lambda: classify(wavs[0].parent)),
            "plain loop": (len(few), lambda: basic(few)),
            "plain loop, last net": (len(few), lambda: last(few)),
            "read + decode + resample": (
                len(wavs),
                lambda: readers.map(read, wavs, chunksize=64),
            ),
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
    """Every n-th sound of the manifest as 16-bit WAV at its own rate."""
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
    for number in range(count):
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(wavs[number % len(wavs)])
    return folder


def classify(folder: Path) -> None:
    """Run ``drumsort classify`` to its end."""
    subprocess.run(command(folder), stdout=subprocess.DEVNULL, check=True)


def memory(folder: Path) -> float:
    """Run it and return the peak memory of all its processes in MB, sampled every 0.1 s."""
    process = subprocess.Popen(command(folder), stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, pss(process.pid) + sum(map(pss, children(process.pid))))
        time.sleep(0.1)
    return peak


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "drumsort", "classify", "--no-catalog", "--jsonl", str(folder)]


def pss(pid: int) -> float:
    """Memory of one process in MB; shared pages count in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def read(path: Path) -> None:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    soxr.resample(samples.mean(axis=1), rate, RATE)


def plain_loop(recipe: str) -> Callable[[Sequence[Path]], None]:
    import librosa
    import numpy as np
    import torch

    from drumsort.features import LogMel
    from drumsort.lab.network import build
    from drumsort.lab.recipe import load

    net = build(load(recipe).network, 6, LogMel(n_mels=128), load(recipe).options).eval()

    def loop(paths: Sequence[Path]) -> None:
        for path in paths:
            samples, rate = librosa.load(path, sr=None)
            mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_mels=128)
            decibel = librosa.power_to_db(mel, ref=np.max)[:, :128]
            padded = np.pad(decibel, ((0, 0), (0, 128 - decibel.shape[1])))
            with torch.no_grad():
                net(torch.from_numpy(padded)[None].float())[0].argmax()

    return loop


def show(speeds: dict[str, list[float]], files: int) -> None:
    ours = speeds["classify"]
    print(f"\n{files:,} WAV files, {os.cpu_count()} cores, {len(ours)} rounds\n")
    print("| contender | files/s, median | lowest | highest | classify is n times as fast |")
    print("|---|---|---|---|---|")
    for name, figures in speeds.items():
        ratios = [a / b for a, b in zip(ours, figures, strict=True)]
        print(
            f"| {name} | {statistics.median(figures):,.0f} | {min(figures):,.0f} "
            f"| {max(figures):,.0f} | {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}) |"
        )


if __name__ == "__main__":
    main()
