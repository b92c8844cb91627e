"""How often a sound of each label is one low tone, and what that changes.

    python benchmarks/low_tones.py --data DATA [--split test]

Counts the real sounds of DATA (a folder with manifest.csv) in the train and val splits, or in
another one, that ``drumsort.analysis.low_tone`` takes for one low tone, and how often the best
family of these is right with and without it. Then it does the same for 808s made here: every half
tone from C1 to A2, in three decays, with and without drive and a click; and 600 that are drawn from
more: other ways to die away, clipped ones, slower sweeps and none.
"""

import argparse
import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from drumsort.analysis.low_tone import is_low_tone
from drumsort.audio.decode import decode
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network
from drumsort.model.low_tone import SHARES, weighed
from drumsort.model.verdict import Judge
from drumsort.types import Clip

RATE = 44_100
NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
WAYS: dict[str, Any] = {
    "by e": lambda t, seconds: np.exp(-t / seconds),
    "by 43 dB": lambda t, seconds: np.exp(-5 * t / seconds),
    "by 60 dB": lambda t, seconds: 10 ** (-3 * t / seconds),
    "to 0 in a line": lambda t, seconds: 1 - t / seconds,
}
"""How much a drawn 808 falls in its seconds."""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--split", nargs="+", default=["train", "val"])
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    bundle = Bundle.load()
    network = Network(bundle)
    judge = Judge(bundle.classes, bundle.policies["balanced"])

    def families(clip: Clip) -> tuple[str, str]:
        """Without and with the evidence of the tone."""
        heard = network(clip)
        return judge(heard).family, judge(weighed(heard, bundle.classes)).family

    counts: Counter[str] = Counter()
    tones: Counter[str] = Counter()
    verdicts: Counter[tuple[str, str, str]] = Counter()
    for row in _rows(args.data, args.split):
        clip = decode(args.data / row["path"], samples=bundle.front_end.native_samples)
        counts[row["label"]] += 1
        if is_low_tone(clip):
            tones[row["label"]] += 1
            verdicts[row["family"], *families(clip)] += 1
            if row["family"] != "kick":
                print(row["label"], row["path"])
    print("| label | sounds | low tones | likelihood |\n|---|---|---|---|")
    for label, count in sorted(counts.items()):
        print(f"| {label} | {count} | {tones[label]} | {(tones[label] + 0.5) / (count + 1):.5f} |")
    count, found = (sum(of[label] for label in SHARES) for of in (counts, tones))
    print(f"| {', '.join(SHARES)} | {count} | {found} | {(found + 0.5) / (count + 1):.5f} |")
    print("\n| family | heard as | with the tone | sounds |\n|---|---|---|---|")
    for (family, plain, better), count in sorted(verdicts.items()):
        print(f"| {family} | {plain} | {better} | {count} |")
    print("\n| 808 | heard as | with the tone |\n|---|---|---|")
    for name, clips in [*eights(), *drawn(600)]:
        found = [(*families(clip), is_low_tone(clip)) for clip in clips]
        plain = Counter(plain for plain, _, _ in found)
        better = Counter(better if tone else plain for plain, better, tone in found)
        print(f"| {name} | {_said(plain)} | {_said(better)} |")


def eights() -> Iterator[tuple[str, list[Clip]]]:
    """The name of each half tone, and 808s of that pitch."""
    for number in range(22):
        hz = 440 * 2 ** ((24 + number - 69) / 12)
        made = [
            _clip(_eight(hz, decay, drive, click))
            for decay in (0.25, 0.5, 1.5)
            for drive in (0, 2, 6)
            for click in (0.0, 0.4)
        ]
        yield f"{NOTES[number % 12]}{1 + number // 12}", made


def drawn(count: int) -> Iterator[tuple[str, list[Clip]]]:
    """808s of every kind, by how they die away: those of 0.3 s, and of 0.5 to 2 s."""
    made: dict[tuple[bool, str], list[Clip]] = {}
    for seed in range(count):
        rng = np.random.default_rng([808, seed])
        hz = 440 * 2 ** ((24 + rng.integers(22) - 69) / 12)
        seconds = float(rng.choice([0.3, 0.5, 0.8, 1.2, 2.0]))
        way = str(rng.choice(list(WAYS)))
        t = np.arange(round(RATE * min(2, seconds * (1.5 if way == "by e" else 1)))) / RATE
        height, falls = [(0, 1), (1, 0.01), (3, 0.012), (5, 0.02), (2, 0.03)][rng.integers(5)]
        pitch = hz * (1 + height * np.exp(-t / falls))
        x = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * WAYS[way](t, seconds)
        drive = rng.choice([0, 2, 5])
        if rng.integers(2):
            x = np.clip(drive * x, -1, 1) if drive else x
        elif drive:
            x = np.tanh(drive * x)
        click = rng.choice([0.0, 0.3]) * rng.standard_normal(len(t)) * np.exp(-t / 0.002)
        made.setdefault((seconds < 0.5, way), []).append(_clip(x / np.abs(x).max() + click))
    for (short, way), clips in sorted(made.items()):
        yield f"{way}, {'0.3 s' if short else '0.5 s or more'}", clips


def _eight(hz: float, decay: float, drive: float, click: float) -> Any:
    """Two seconds of a sine that falls to its note within 12 ms, and dies away."""
    t = np.arange(2 * RATE) / RATE
    x = np.sin(2 * np.pi * np.cumsum(hz + 3 * hz * np.exp(-t / 0.012)) / RATE) * np.exp(-t / decay)
    if drive:
        x = np.tanh(drive * x)
    noise = np.random.default_rng(1).standard_normal(len(t)) * np.exp(-t / 0.002)
    return (x + click * noise) * np.minimum(1, (2 - t) / 0.02)


def _clip(x: Any) -> Clip:
    return Clip((0.9 * x / np.abs(x).max()).astype(np.float32), RATE, len(x) / RATE)


def _rows(data: Path, splits: list[str]) -> Iterator[dict[str, str]]:
    with (data / "manifest.csv").open(newline="") as stream:
        yield from (row for row in csv.DictReader(stream) if row["split"] in splits)


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {family}" for family, count in counts.most_common())


if __name__ == "__main__":
    main()
