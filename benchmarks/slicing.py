"""How well ``drumsort slice`` finds the hits of loops, and how well it hears them there.

    python benchmarks/slicing.py --data DATA [--split test] [--loops 20] [--ear quick]

Loops are made of real one-shots of DATA (a folder with manifest.csv), from the test split, which
the shipped model never heard and on which nothing was chosen, or from another one. A loop has two
bars of 16 steps, 60 to 180 beats a minute, straight or with up to two thirds of swing, and a hand
that is off by 3 ms. It has a kick, a snare, a hat and a tom, cymbal, clap or percussion, at levels
of their own; each sound rings as long as it does, into what follows. A third of the loops is sparse
(mostly quarters), a third medium (eighths), a third dense (sixteenths).

An onset is where a sound first reaches a tenth of its peak. What begins within 30 ms is one hit. A
found onset is right if it is within 25 ms of a true one, each counted once. librosa's detector is
measured on the same loops, as it is and with a hop of 256.

Labels are the best ones, whatever their probability, without company and names. They are compared
with those of the same one-shots, each heard alone as often as it was hit, and with those of the
slices as they are, without what is done for the ear (``slicing/alone.py``). Of hits that two sounds
share, either label is right; alone, these are not counted. Intervals (95 %) are by bootstrap over
loops. Needs the ``test`` extra, for librosa.
"""

import argparse
import csv
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import soundfile
import soxr

from drumsort.slicing.onsets import onsets
from drumsort.types import Prediction
from drumsort.workflows.classify import classify
from drumsort.workflows.slice import Slice, slice_sounds

RATE = 44_100
DENSITIES = ("sparse", "medium", "dense")
TOLERANCE = 0.025  # s
SAME = 0.03  # s: what begins within is one hit
FAMILY_ONLY = {"hihat", "cymbal"}  # labels of which only the family is known
Score = tuple[int, int, int]  # right, found, true
Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class OneShot:
    """A sound, scaled to a peak of 1, and the frame where it first reaches a tenth of that."""

    path: Path
    family: str
    label: str
    samples: Any
    onset: int


@dataclass(frozen=True)
class Hit:
    """When something is hit, in seconds, and with what."""

    at: float
    sounds: tuple[OneShot, ...]


class Shelf:
    """The drums of some splits, by family."""

    def __init__(self, data: Path, splits: Iterable[str]) -> None:
        self._rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        self._read: dict[str, OneShot] = {}
        self._data = data
        with (data / "manifest.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["split"] in splits and row["family"] != "other":
                    self._rows[row["family"]].append(row)

    def any(self, rng: np.random.Generator, family: str) -> OneShot:
        rows = self._rows[family]
        row = rows[rng.integers(len(rows))]
        if row["path"] not in self._read:
            path = self._data / row["path"]
            x, rate = soundfile.read(path, dtype="float32", always_2d=True)
            x = x.mean(axis=1) if rate == RATE else soxr.resample(x.mean(axis=1), rate, RATE)
            x = x / max(np.abs(x).max(), 1e-6)
            onset = int((np.abs(x) > 0.1).argmax())
            self._read[row["path"]] = OneShot(path, family, row["label"], x, onset)
        return self._read[row["path"]]


def make_loop(shelf: Shelf, rng: np.random.Generator, density: str) -> tuple[Any, list[Hit]]:
    """A loop, shape ``(n,)``, and its hits."""
    step = 15 / (60 * 3 ** rng.uniform())
    swing = rng.choice([0, rng.uniform(0, 1 / 3)])
    lead = rng.choice([0, 0.05])
    more = str(rng.choice(["tom", "cymbal", "clap", "percussion"]))
    levels = {"kick": 0, "snare": rng.uniform(-4, 0), "hat": rng.uniform(-12, -4)}
    levels[more] = rng.uniform(-9, -2)
    out = np.zeros(round((32 * step + 3) * RATE), np.float32)
    struck: list[tuple[float, OneShot]] = []
    for family, steps in _steps(rng, density, more).items():
        kit = [shelf.any(rng, family) for _ in range(1 + (rng.uniform() < 0.5))]
        for number in sorted(steps):
            sound = kit[rng.integers(len(kit))]
            late = swing * step if number % 2 else 0
            at = max(0, lead + number * step + late + rng.normal(0, 0.003))
            level = 10 ** ((levels[family] + rng.uniform(-6, 0)) / 20)
            start = round(at * RATE) - sound.onset
            part = sound.samples[max(0, -start) :][: len(out) - max(0, start)]
            out[max(0, start) :][: len(part)] += level * part
            struck.append((at, sound))
    return out * (0.9 / np.abs(out).max()), _merged(sorted(struck, key=lambda one: one[0]))


def _steps(rng: np.random.Generator, density: str, more: str) -> dict[str, set[int]]:
    """The steps that each voice is hit at, of 32."""
    grid: dict[str, set[int]] = {"kick": set(), "snare": set(), "hat": set(), more: set()}

    def add(voice: str, bar: int, steps: Iterable[int], chance: float) -> None:
        grid[voice] |= {16 * bar + step for step in steps if rng.uniform() < chance}

    for bar in range(2):
        add("kick", bar, [0], 1)
        add("snare", bar, [4, 12], 1)
        if density == "sparse":
            add("kick", bar, [8], 0.5)
            add("hat", bar, [2, 6, 10, 14], 0.4)
            add(more, bar, [7, 10, 15], 0.25)
        elif density == "medium":
            add("kick", bar, [6, 8, 10], 0.5)
            add("hat", bar, range(0, 16, 2), 0.85)
            add(more, bar, [3, 7, 11, 15], 0.35)
        else:
            add("kick", bar, [3, 6, 7, 8, 10, 11, 14], 0.4)
            add("snare", bar, [7, 9, 15], 0.4)
            add("hat", bar, range(16), 0.85)
            add(more, bar, range(16), 0.2)
    return grid


def _merged(struck: Sequence[tuple[float, OneShot]]) -> list[Hit]:
    hits: list[Hit] = []
    for at, sound in struck:
        if hits and at - hits[-1].at < SAME:
            hits[-1] = Hit(hits[-1].at, (*hits[-1].sounds, sound))
        else:
            hits.append(Hit(at, (sound,)))
    return hits


def matched(found: Sequence[float], true: Sequence[float]) -> Pairs:
    """Indices of found and true onsets that are within the tolerance, each used once."""
    pairs, i, j = [], 0, 0
    while i < len(found) and j < len(true):
        late = found[i] - true[j]
        if abs(late) <= TOLERANCE:
            pairs.append((i, j))
        i, j = i + (late <= TOLERANCE), j + (late >= -TOLERANCE)
    return pairs


def f1(scores: Iterable[Score]) -> tuple[float, float, float]:
    right, found, true = np.sum(list(scores), axis=0)
    return 2 * right / (found + true), right / found, right / true


def _interval(values: Callable[[Sequence[int]], float], count: int) -> str:
    rng = np.random.default_rng(0)
    drawn = [values(rng.integers(count, size=count).tolist()) for _ in range(1000)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return f"{low:.3f} to {high:.3f}"


def _ours(path: Path) -> list[float]:
    found = onsets(path)
    return [at / found.rate for at in found.at]


def _librosa(path: Path, hop: int) -> list[float]:
    x, rate = soundfile.read(path, dtype="float32")
    times: list[float] = librosa.onset.onset_detect(
        y=x, sr=rate, hop_length=hop, units="time"
    ).tolist()
    return times


DETECTORS: dict[str, Callable[[Path], list[float]]] = {
    "drumsort": _ours,
    "librosa": lambda path: _librosa(path, 512),
    "librosa, hop 256": lambda path: _librosa(path, 256),
}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--split", nargs="+", default=["test"])
    options.add_argument("--loops", type=int, default=20, help="of each density")
    options.add_argument("--ear", choices=["quick", "second"], default="quick")
    options.add_argument("--seed", type=int, default=0)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    shelf = Shelf(args.data, args.split)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DRUMSORT_HOME"] = str(Path(folder, "home"))
        paths, hits = [], []
        for density in DENSITIES:
            for number in range(args.loops):
                rng = np.random.default_rng((args.seed, DENSITIES.index(density), number))
                loop, struck = make_loop(shelf, rng, density)
                paths.append(Path(folder, f"{density} {number:03}.wav"))
                hits.append(struck)
                soundfile.write(paths[-1], loop, RATE, subtype="PCM_24")
        print(f"{len(paths)} loops, {sum(map(len, hits)):,} hits, seed {args.seed}\n")
        of_onsets(paths, hits)
        of_labels(paths, hits, args.ear, Path(folder, "out"))


def of_onsets(paths: Sequence[Path], hits: Sequence[Sequence[Hit]]) -> None:
    """The table of onsets."""
    print("| detector | sparse | medium | dense | all | precision | recall | x real time |")
    print("|---|---|---|---|---|---|---|---|")
    seconds = sum(soundfile.info(path).duration for path in paths)
    for name, detect in DETECTORS.items():
        detect(paths[0])  # what is compiled or loaded once is not counted
        started = time.perf_counter()
        found = [detect(path) for path in paths]
        speed = seconds / (time.perf_counter() - started)
        true = [[hit.at for hit in struck] for struck in hits]
        scores = [(len(matched(a, b)), len(a), len(b)) for a, b in zip(found, true, strict=True)]
        third = len(paths) // 3
        each = [f1(scores[n * third : (n + 1) * third])[0] for n in range(3)]
        f, precision, recall = f1(scores)
        around = _interval(lambda drawn, s=scores: f1([s[i] for i in drawn])[0], len(scores))
        cells = " | ".join(f"{value:.3f}" for value in each)
        print(
            f"| {name} | {cells} | {f:.3f} ({around}) | {precision:.3f} | {recall:.3f} "
            f"| {speed:.0f} |"
        )
    print()


def of_labels(paths: Sequence[Path], hits: Sequence[Sequence[Hit]], ear: str, into: Path) -> None:
    """The table of labels: of hits, and of the same sounds alone."""
    done = slice_sounds(paths, into, ear=ear, policy="everything", catalog=False)
    heard = _by_itself({s.path for struck in hits for hit in struck for s in hit.sounds}, ear)
    heard |= _by_itself({one.target for one in done.slices if one.target}, ear)
    rows = [
        _compared([one for one in done.slices if one.sound == path], struck, heard)
        for path, struck in zip(paths, hits, strict=True)
    ]
    third = len(paths) // 3
    print("| hits of one sound | sparse | medium | dense | all | difference |")
    print("|---|---|---|---|---|---|")
    for at, name in ((0, "family"), (1, "label")):
        for column, where in enumerate(("alone", "in the loop", "the slice as it is")):
            parts = [rows[n * third : (n + 1) * third] for n in range(3)]
            cells = " | ".join(f"{_mean(part, at, column):.3f}" for part in (*parts, rows))
            difference = ""
            if column:
                less = _less(rows, at, column)
                around = _interval(
                    lambda drawn, at=at, column=column: _less([rows[i] for i in drawn], at, column),
                    len(rows),
                )
                difference = f"{less:+.3f} ({around})"
            print(f"| {name}, {where} | {cells} | {difference} |")
    shared = [right for row in rows for right in row[2]]
    print(
        f"\nHits of one sound: {sum(len(row[0]) for row in rows):,} (labels: "
        f"{sum(len(row[1]) for row in rows):,}). Of {len(shared):,} hits that several sounds "
        f"share, {np.mean(shared):.3f} have the family of one of them."
    )


Right = list[tuple[bool, ...]]  # alone, in the loop, the slice as it is
Compared = tuple[Right, Right, list[bool]]


def _compared(
    slices: Sequence[Slice], hits: Sequence[Hit], known: dict[Path, Prediction]
) -> Compared:
    families: Right = []
    labels: Right = []
    shared: list[bool] = []
    for i, j in matched([one.start for one in slices], [hit.at for hit in hits]):
        heard, sounds = slices[i].result.prediction, hits[j].sounds
        target = slices[i].target
        assert heard is not None
        assert target is not None
        if len(sounds) > 1:
            shared.append(heard.family in {sound.family for sound in sounds})
            continue
        [sound] = sounds
        verdicts = known[sound.path], heard, known[target]
        families.append(tuple(verdict.family == sound.family for verdict in verdicts))
        if sound.label not in FAMILY_ONLY:
            labels.append(tuple(verdict.label == sound.label for verdict in verdicts))
    return families, labels, shared


def _mean(rows: Sequence[Compared], at: int, column: int) -> float:
    right = [pair[column] for row in rows for pair in row[at]]
    return float(np.mean(right)) if right else float("nan")


def _less(rows: Sequence[Compared], at: int, column: int) -> float:
    return _mean(rows, at, column) - _mean(rows, at, 0)


def _by_itself(paths: Iterable[Path], ear: str) -> dict[Path, Prediction]:
    heard = classify(sorted(paths), ear=ear, policy="everything", company=False, names="ignore")
    return {result.path: result.prediction for result in heard if result.prediction}


if __name__ == "__main__":
    main()
