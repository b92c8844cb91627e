"""How often a sound keeps its verdict with something before its hit or under it.

    python benchmarks/lead_in.py --data DATA [--each 12]

Real sounds of DATA (a folder with manifest.csv), the given number of each label from the train and
val splits, are scaled to a peak of -1 dBFS and written as 32-bit WAV: unchanged, at 16 kHz, and
with each of the changes below. Each file is then read and heard like any other. The best family
counts, whatever its probability. An onset counts as found if the analysis puts it within 10 ms of
where the sound was placed.

- noise: white, -50 dBFS (RMS), before the sound and under it
- hum: 50 Hz and its overtones, -50 dBFS, before the sound and under it
- offset: a share of full scale, from half a second before the sound, and under it
- click: 1 ms of noise, as loud as the sound's peak, half a second before it
- echoes: three copies of the sound, 30 dB lower, 250 ms apart, before it
"""

import argparse
import csv
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from drumsort.analysis import analyse
from drumsort.audio.decode import decode
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network
from drumsort.model.verdict import Judge

LEVEL = 10 ** (-50 / 20)
FOUND = 0.01  # s
Changed = tuple[Any, float]  # samples, and by how many seconds the sound is delayed


def noise(x: Any, rate: int, seconds: float) -> Changed:
    late = _later(x, rate, seconds)
    return late + LEVEL * np.random.default_rng(0).standard_normal(len(late)), seconds


def hum(x: Any, rate: int, seconds: float) -> Changed:
    late = _later(x, rate, seconds)
    t = np.arange(len(late)) / rate
    tones = sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in (1, 2, 3, 5))
    return late + LEVEL * tones / np.sqrt(np.mean(np.square(tones))), seconds


def offset(x: Any, rate: int, share: float) -> Changed:
    return 0.9 * _later(x, rate, 0.5) + share, 0.5


def click(x: Any, rate: int, seconds: float) -> Changed:
    late = _later(x, rate, seconds)
    late[: rate // 1000] = np.random.default_rng(0).uniform(-0.89, 0.89, rate // 1000)
    return late, seconds


def echoes(x: Any, rate: int, step: float) -> Changed:
    late = _later(x, rate, 3 * step)
    for number in range(3):
        part = late[round(number * step * rate) :]
        part[: len(x)] += 10 ** (-30 / 20) * x[: len(part)]
    return late, 3 * step


CHANGES: dict[str, tuple[Callable[[Any, int, float], Changed], float]] = {
    "noise, 0.5 s": (noise, 0.5),
    "noise, 2 s": (noise, 2.0),
    "noise, 20 s": (noise, 20.0),
    "hum, 0.5 s": (hum, 0.5),
    "hum, 3 s": (hum, 3.0),
    "1 % offset": (offset, 0.01),
    "10 % offset": (offset, 0.1),
    "a click": (click, 0.5),
    "three echoes": (echoes, 0.25),
}
AT_16 = "at 16 kHz"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--each", type=int, default=12)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    bundle = Bundle.load()
    network, judge = Network(bundle), Judge(bundle.classes, 0.0)
    kept: dict[str, list[tuple[str, bool, bool]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "x.wav"

        def hear(x: Any, rate: int) -> tuple[str, float]:
            soundfile.write(path, x, rate, "FLOAT")
            clip = decode(path, samples=bundle.front_end.native_samples)
            return judge(network(clip)).family, analyse(clip).onset_s

        for label, sound in chosen(args.data, args.each):
            x, rate = soundfile.read(sound)
            x *= 10 ** (-1 / 20) / np.abs(x).max()
            plain, onset = hear(x, rate)
            low = soxr.resample(x, rate, 16_000) if rate > 16_000 else x
            kept[AT_16].append((label, hear(low, min(rate, 16_000))[0] == plain, True))
            for name, (change, amount) in CHANGES.items():
                changed, later = change(x, rate, amount)
                family, at = hear(changed, rate)
                kept[name].append((label, family == plain, abs(at - onset - later) < FOUND))
    show(kept)


def chosen(data: Path, each: int) -> list[tuple[str, Path]]:
    """At most ``each`` sounds of each label, spread over its packs."""
    rows = defaultdict(list)
    with (data / "manifest.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            if row["split"] != "test":
                rows[row["label"]].append(data / row["path"])
    return [
        (label, paths[n * len(paths) // each])
        for label, paths in sorted(rows.items())
        for n in range(min(each, len(paths)))
    ]


def show(kept: dict[str, list[tuple[str, bool, bool]]]) -> None:
    labels = sorted({label for label, *_ in kept[AT_16]})
    print(f"| keeps its verdict | all | onset found | {' | '.join(labels)} |")
    print("|---" * (len(labels) + 3) + "|")
    for name, cases in kept.items():
        each = [_share([same for at, same, _ in cases if at == label]) for label in labels]
        found = _share([found for *_, found in cases])
        print(f"| {name} | {_share([s for _, s, _ in cases])} | {found} | {' | '.join(each)} |")
    print(f"\n{len(kept[AT_16])} sounds")


def _share(flags: Sequence[bool]) -> str:
    return f"{100 * np.mean(flags):.0f}%"


def _later(x: Any, rate: int, seconds: float) -> Any:
    return np.concatenate([np.zeros(round(seconds * rate)), x])


if __name__ == "__main__":
    main()
