"""What imitations by mouth are taken for, and which aspects find what they imitate.

Both are synthesized (tests/synth/mouths.py): no recording of a person was to be had. So the numbers
say that the parts fit together, and which choices do harm, not how well people are understood.

    python benchmarks/by_ear.py --data DATA
"""

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.synth.mouths import Mouth

from drumsort.alike.aspects import Aspect, Measured, Weights, scales, similarities
from drumsort.alike.similar import Sound
from drumsort.alike.voices import KINDS, VOICE, as_drum, kinds
from drumsort.hearing import Listener
from drumsort.model.bundle import Bundle
from drumsort.slicing.cuts import hits, write
from drumsort.slicing.onsets import onsets

RATE = 44100
PATTERN = {0: "kick", 2: "closed_hat", 4: "snare", 6: "closed_hat", 7: "kick", 9: "kick",
           10: "closed_hat", 12: "snare", 14: "open_hat"}  # fmt: skip
LABELS = {"kick": "kick", "snare": "snare", "closed_hat": "hat", "hihat": "hat", "open_hat": "hat"}
EACH = 120  # drums of a family that are candidates
IMITATED = 40
WAYS: dict[str, Weights] = {
    "timbre alone: the embedding": {Aspect.TIMBRE: 1},
    "length alone": {Aspect.LENGTH: 1},
    "brightness alone": {Aspect.BRIGHTNESS: 1},
    "pitch alone": {Aspect.PITCH: 1},
    "VOICE": VOICE,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--mouths", type=int, default=24)
    args = parser.parse_args()
    bundle = Bundle.load(ear="quick")
    listener = Listener(bundle)
    with tempfile.TemporaryDirectory() as folder:
        beats(listener, bundle, Path(folder), args.mouths)
        imitations(listener, args.data, Path(folder))
    columns()


def struck(samples: np.ndarray, folder: Path, listener: Listener) -> Iterator[tuple[float, object]]:
    """When each hit begins, in seconds, and what was heard in it."""
    path = folder / "recorded.wav"
    soundfile.write(path, samples, RATE, subtype="PCM_24")
    for hit in hits(path, onsets(path)):
        target = folder / "hit.wav"
        target.unlink(missing_ok=True)
        write(hit.alone[:, None], target, RATE, "FLOAT")
        heard = listener(target, facts=True)
        if heard.heard and heard.facts:
            yield hit.start / RATE, heard


def beats(listener: Listener, bundle: Bundle, folder: Path, mouths: int) -> None:
    """Print how many hits are found, and how many are taken for what they were to be."""
    found = right = by_label = wanted = 0
    for seed in range(mouths):
        rng = np.random.default_rng(1000 + seed)
        step = 15 / rng.uniform(80, 120)
        meant = [(0.3 + n * step + rng.normal(0, 0.008), kind) for n, kind in PATTERN.items()]
        heard = list(struck(Mouth(seed).beat(meant, 0.3 + 18 * step), folder, listener))
        scores = np.array([one.heard.scores for _, one in heard])
        facts = [one.facts.analysis for _, one in heard]
        taken = kinds(
            bundle.labels, scores, [f.brightness_hz for f in facts], [f.decay_s for f in facts]
        )
        wanted += len(meant)
        for (at, _), kind, row in zip(heard, taken, scores, strict=True):
            near = min(meant, key=lambda one, at=at: abs(one[0] - at))
            if abs(near[0] - at) < 0.04:
                found += 1
                right += kind == near[1]
                by_label += bundle.labels[int(row.argmax())] == near[1]
    print(f"{wanted} hits of {mouths} mouths: {found} found")
    print(f"taken for what they were to be: {right / found:.3f}")
    print(f"by the network's best label: {by_label / found:.3f}\n")


def imitations(listener: Listener, data: Path, folder: Path) -> None:
    """Print where the drum that was imitated is among all of its family, from 0 (first) to 1."""
    rng = np.random.default_rng(5)
    by_family: dict[str, list[Path]] = {}
    with (data / "manifest.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["split"] != "test" and row["label"] in LABELS:
                by_family.setdefault(LABELS[row["label"]], []).append(data / row["path"])
    measures: dict[str, dict[str, list[float]]] = {name: {} for name in WAYS}
    for family, paths in by_family.items():
        paths = [paths[nth] for nth in rng.permutation(len(paths))[:EACH]]
        heard = [one for path in paths if (one := listener(path, facts=True)).heard]
        drums = [Sound.of(one.facts, one.heard.embedding) for one in heard]
        vectors = np.stack([drum.embedding for drum in drums])
        lying = np.stack([drum.measures for drum in drums], axis=1)
        darker = lying[3].argsort().argsort() / len(drums)
        kind = next(kind for kind, of in KINDS.items() if of == family)
        for nth, target in enumerate(rng.permutation(len(drums))[:IMITATED].tolist()):
            facts = heard[target].facts.analysis
            mouth = imitating(nth, facts.decay_s, facts.pitch_hz, float(darker[target]), rng)
            samples = mouth.beat([(0.2, kind)], 1.4)
            ears = [one for _, one in struck(samples, folder, listener)]
            if not ears:
                continue
            own = Sound.of(ears[0].facts, ears[0].heard.embedding)
            own = own._replace(measures=as_drum(own.measures, kind, lying))
            for name, by in WAYS.items():
                alike = similarities(vectors @ own.embedding, lying, own.measures, by)
                before = (alike > alike[target]).mean() + (alike == alike[target]).mean() / 2
                measures[name].setdefault(family, []).append(float(before))
    print("| aspects | " + " | ".join(by_family) + " | mean |")
    print("|---|" + "---|" * (len(by_family) + 1))
    for name, found in measures.items():
        means = [float(np.mean(ranks)) for ranks in found.values()]
        print(f"| {name} | " + " | ".join(f"{x:.2f}" for x in [*means, np.mean(means)]) + " |")


def imitating(
    nth: int, decay: float, pitch: float | None, darker: float, rng: np.random.Generator
) -> Mouth:
    """A mouth that keeps length, brightness among its family and pitch of a drum, roughly."""
    mouth = Mouth(500 + nth)
    length = float(np.clip(decay * np.exp(0.25 * rng.standard_normal()), 0.02, 0.6)) * 2.2
    high = float(np.clip(darker + 0.1 * rng.standard_normal(), 0, 1))

    def between(low: float, top: float) -> float:
        return low * (top / low) ** high

    mouth.lips, mouth.back, mouth.tip = between(300, 1000), between(1400, 3200), between(4500, 8500)
    mouth.snare = mouth.short = mouth.boom = length
    if pitch:
        mouth.voice = float(np.clip(110 * (pitch / 55) ** 0.6, 70, 300))
    return mouth


def columns() -> None:
    """Print how long it takes to compare one sound with 100,000 by all aspects."""
    rng = np.random.default_rng(0)
    count = 100_000
    cosines = rng.uniform(-1, 1, count).astype(np.float32)
    octave = np.where(rng.uniform(size=count) < 0.5, np.nan, rng.uniform(30, 300, count))
    measured = Measured(octave, np.ones(count), rng.uniform(0.02, 2, count),
                        rng.uniform(0.02, 2, count), rng.uniform(-40, 0, count),
                        rng.uniform(50, 9000, count))  # fmt: skip
    lying = scales(measured)
    by = dict.fromkeys(Aspect, 1.0)
    took = []
    for nth in range(50):
        began = time.perf_counter()
        similarities(cosines, lying, lying[:, nth], by)
        took.append(1000 * (time.perf_counter() - began))
    print(f"\nfive aspects of {count:,} sounds: {np.median(took):.2f} ms, at most {max(took):.2f}")


if __name__ == "__main__":
    main()
