"""Seconds per epoch of student-depthwise-se: drumsort, and the plain loop it replaces.

    python benchmarks/training.py --data DATA [--sounds 640] [--rounds 3]

Both train the same network on the same real sounds of DATA, in turn, each in a separate process, so
that a change of the machine's speed affects both:

- plain loop: the network written out layer by layer, in float32; a data set that computes each item
  with librosa.load and librosa's mel-spectrogram; a torch DataLoader;
- drumsort: the loop of ``drumsort lab train``, with features from its cache and the precision it
  chooses on this machine; it validates on one sound.

The second epoch of each is timed: the first fills the caches.

    python benchmarks/training.py --data DATA --feeding [--sounds 640] [--rounds 3]

compares recipe drumnet-2, which learns from variants changed at each draw, with the same network on
fixed log-mels, in turn: CPU time of an epoch on one thread.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drumsort.lab.data.rows import Row


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--sounds", type=int, default=640)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--feeding", action="store_true")
    options.add_argument("--only", choices=["plain", "drumsort"], help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    if args.only:
        print({"plain": plain, "drumsort": drumsort}[args.only](args.data, args.sounds))
        return
    if args.feeding:
        feeding(args.data, args.sounds, args.rounds)
        return
    seconds: dict[str, list[float]] = {"plain": [], "drumsort": []}
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "DRUMSORT_CACHE": cache}
        for _ in range(args.rounds):
            for name, times in seconds.items():
                command = [sys.executable, "-W", "ignore", __file__, "--only", name]
                command += ["--data", str(args.data), "--sounds", str(args.sounds)]
                done = subprocess.run(command, env=environment, capture_output=True, text=True)
                if done.returncode:
                    raise SystemExit(done.stderr)
                times.append(float(done.stdout.split()[-1]))
    ratios = [a / b for a, b in zip(seconds["plain"], seconds["drumsort"], strict=True)]
    print(f"{args.sounds} sounds, {os.cpu_count()} cores, {args.rounds} rounds\n")
    print("| loop | s per epoch, median | lowest | highest |\n|---|---|---|---|")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"| {name} | {median:.1f} | {min(times):.1f} | {max(times):.1f} |")
    low, high = min(ratios), max(ratios)
    print(f"\ndrumsort is {statistics.median(ratios):.1f} times as fast ({low:.1f} to {high:.1f})")


def rows(data: Path, count: int) -> "list[Row]":
    """Every n-th sound that the student project may have had."""
    from drumsort.lab.data import open_data
    from drumsort.lab.data.split import only

    found = only(open_data(data), ("freesound-oneshot", "student-other")).rows
    return [found[i * len(found) // count] for i in range(count)]


def drumsort(data: Path, count: int) -> float:
    """Seconds of the second epoch."""
    from drumsort.lab import job
    from drumsort.lab.data import Data
    from drumsort.lab.hardware import Hardware
    from drumsort.lab.recipe import load

    sounds = rows(data, count)
    split = [replace(row, split="train") for row in sounds]
    split += [replace(row, split="val") for row in sounds[:1]]
    recipe = replace(load("student-depthwise-se"), epochs=2)
    with tempfile.TemporaryDirectory() as folder:
        trained = job.train(Data(data, split), Path(folder), recipe, Hardware("cpu"))
        return trained.run.history()[1].seconds


def feeding(data: Path, count: int, rounds: int) -> None:
    """What variants and their changes cost, compared with the network alone."""
    import torch

    from drumsort.lab import job
    from drumsort.lab.data import Data
    from drumsort.lab.hardware import Hardware
    from drumsort.lab.recipe import load

    torch.set_num_threads(1)
    sounds = rows(data, count)
    split = [replace(row, split="train") for row in sounds]
    split += [replace(row, split="val") for row in sounds[:1]]
    recipe = load("drumnet-2")
    if recipe.sampling is None:
        raise SystemExit("the recipe draws no sounds")
    recipe = replace(recipe, epochs=2, sampling=replace(recipe.sampling, sounds=count))
    recipes = {"fixed log-mels": replace(recipe, augmentation=None), "changed variants": recipe}
    costs: dict[str, list[float]] = {name: [] for name in recipes}
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DRUMSORT_CACHE"] = str(Path(scratch) / "cache")
        for number in range(rounds):
            for name, each in recipes.items():
                ended: list[float] = []
                job.train(
                    Data(data, split),
                    Path(scratch) / f"{name} {number}",
                    each,
                    Hardware("cpu"),
                    on_epoch=lambda epoch, ended=ended: ended.append(time.process_time()),
                )
                costs[name].append((ended[1] - ended[0]) / count * 1e3)
    print("| learned from | ms per sound, median | lowest | highest |\n|---|---|---|---|")
    for name, times in costs.items():
        median = statistics.median(times)
        print(f"| {name} | {median:.2f} | {min(times):.2f} | {max(times):.2f} |")
    fixed, changed = costs.values()
    speeds = [a / b for a, b in zip(fixed, changed, strict=True)]
    print(f"\nsounds/s against the network alone: {statistics.median(speeds):.2f}", end="")
    print(f" ({min(speeds):.2f} to {max(speeds):.2f})")


def plain(data: Path, count: int) -> float:
    """Seconds of the second epoch."""
    import librosa
    import numpy as np
    import torch
    from torch import nn

    sounds = rows(data, count)
    classes = sorted({row.family for row in sounds})

    class Sounds(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return count

        def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
            samples, rate = librosa.load(data / sounds[index].path, sr=None)
            mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_mels=128)
            decibel = librosa.power_to_db(mel, ref=np.max)[:, :128]
            padded = np.pad(decibel, ((0, 0), (0, 128 - decibel.shape[1])))
            return torch.from_numpy(padded)[None].float(), classes.index(sounds[index].family)

    class Excite(nn.Module):
        def __init__(self, channels: int) -> None:
            super().__init__()
            self.gates = nn.Sequential(
                nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                nn.Linear(channels, channels // 16), nn.ReLU(),
                nn.Linear(channels // 16, channels), nn.Sigmoid(),
            )  # fmt: skip

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * self.gates(x)[:, :, None, None]

    layers: list[nn.Module] = [nn.Conv2d(1, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU()]
    layers.append(Excite(32))
    for inputs, outputs, groups, pool in (
        (32, 64, 16, True), (64, 128, 64, True), (128, 256, 128, False), (256, 512, 256, True),
    ):  # fmt: skip
        layers += [
            nn.Conv2d(inputs, inputs, 3, padding=1, groups=groups), nn.Conv2d(inputs, outputs, 1),
            nn.BatchNorm2d(outputs), nn.ReLU(), Excite(outputs),
        ]  # fmt: skip
        if pool:
            layers.append(nn.MaxPool2d(2))
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3)]
    net = nn.Sequential(*layers, nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, len(classes)))
    optimizer = torch.optim.Adam(net.parameters(), 5e-3)
    loader = torch.utils.data.DataLoader(Sounds(), 32, shuffle=True)
    for _ in range(2):
        started = time.perf_counter()
        for mel, truth in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(mel), truth).backward()
            optimizer.step()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
