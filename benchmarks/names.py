"""What names are worth as evidence: on held-out sounds, given names as packs write them.

    python benchmarks/names.py --data DATA [--model DIR [--groups GLOB]]

Half of the sounds get no name. Of the others, nine in ten get a right name and one in ten a wrong
one: the real path of a sound of the same label, or of another sound's whose family differs. The
paths are those in the manifest's ``origin``, a pack drawn first, then a file of it.

By default, uses the sounds of the test split, which the shipped model never heard, with the model's
own thresholds. With ``--groups``, uses the sounds of these
groups, which the model must never have heard, in five folds by the SHA-256 of the group: how often
names are right is fitted on four, and so is the threshold at which 97 % of verdicts are right; the
fifth is judged. All is a mean of several draws of names. Differences are from the same sounds
without names, with 95 % intervals by bootstrap over groups. ECE is the calibration error.
"""

import argparse
import os
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch
from hashlib import sha256
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from drumsort.lab import metrics
from drumsort.lab.benchmark import open_subject
from drumsort.lab.benchmark.pool import hear
from drumsort.lab.calibrate import CAREFUL
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.rows import Row
from drumsort.lab.targets import Targets
from drumsort.lab.trained import open_model
from drumsort.lab.trees import NO_TREE
from drumsort.model.evidence import Weighed
from drumsort.model.named import FITTED, STRONG, Named, Worth
from drumsort.model.verdict import Judge
from drumsort.names import NameRules, NameSays
from drumsort.taxonomy import NOT_A_DRUM

DRAWS = 10
FOLDS = 5
MOST = 90
"""Sounds of a group: larger ones would outweigh all others."""

NAMED, WRONG = 0.5, 0.1
BANDS = (0.7, 0.8, STRONG, 0.95, 1.01)

_PATH = re.compile(r".+\.(?:wav|ogg|mp3|flac|aiff?|raw)", re.IGNORECASE)
_SILENT = NameSays("", "no name")

Numbers = np.ndarray


class Sounds(NamedTuple):
    """Labelled sounds, and what the model says of each by its sound."""

    targets: Targets
    rows: Sequence[Row]
    p: Numbers
    truth: Numbers


class Judged(NamedTuple):
    """Verdicts on sounds: the best family, its confidence, and whether a name disputes it."""

    family: Numbers
    confidence: Numbers
    disputed: Numbers

    def sure(self, least: float) -> Numbers:
        """Which verdicts stand."""
        sure: Numbers = (self.confidence >= least) & ~self.disputed
        return sure


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--model", type=Path, help="a model folder; the shipped one by default")
    options.add_argument("--groups", help="groups that the model never heard, as 'n*'")
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    data = open_data(args.data)
    spelled = Spelled(data.rows)
    if args.groups is None:
        subject = open_subject(args.model, data, "test")
        for name, held_out in subject.parts.items():
            sounds = heard(held_out)
            print(f"{name}: {_counted(sounds)}")
            report(sounds, spelled, dict(subject.policies))
        return
    size = Counter(row.group for row in data.rows)
    rows = [r for r in data.rows if fnmatch(r.group, args.groups) and size[r.group] <= MOST]
    sounds = heard([(open_model(args.model), Data(data.root, rows))])
    print(f"groups {args.groups}: {_counted(sounds)}")
    cross_validate(sounds, spelled)


def heard(held_out: Sequence) -> Sounds:
    pool = hear(held_out)
    targets = pool.targets
    families = list(targets.families)
    truth = [families.index(targets.family(row)) for row in pool.rows]
    return Sounds(targets, pool.rows, pool.p.astype(np.float32), np.array(truth))


class Spelled:
    """Real paths of sounds, by label and pack."""

    def __init__(self, rows: Sequence[Row]) -> None:
        packs: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in rows:
            path = row.origin.partition(":")[2]
            if _PATH.fullmatch(path) and row.source not in NO_TREE:
                packs[row.label][f"{row.source} {PurePosixPath(path).parent}"].append(path)
        self._packs = {label: list(found.values()) for label, found in packs.items()}
        self._rules = NameRules()

    def draw(self, sounds: Sounds, seed: int, *, alike: bool = False) -> list[NameSays]:
        """What the names say that the sounds are given; ``alike`` makes wrong ones misleading.

        A misleading name is of the family that the sound is most like, beside its own.
        """
        rng = np.random.default_rng(seed)
        sums = sounds.targets.sums(sounds.p)
        sums[np.arange(len(sums)), sounds.truth] = -1
        return [self._name(sounds, nth, sums[nth].argmax(), rng, alike) for nth in range(len(sums))]

    def _name(
        self, sounds: Sounds, nth: int, most_like: int, rng: np.random.Generator, alike: bool
    ) -> NameSays:
        if rng.random() >= NAMED:
            return _SILENT
        other = nth
        if rng.random() < WRONG:
            truth = sounds.truth
            others = truth == most_like if alike else truth != truth[nth]
            other = rng.choice(np.flatnonzero(others))
        packs = self._packs[sounds.rows[other].label]
        paths = packs[rng.integers(len(packs))]
        return self._rules.read(PurePosixPath(paths[rng.integers(len(paths))]))


def judged(sounds: Sounds, said: Sequence[NameSays] | None, worth: Worth = FITTED) -> Judged:
    judge = Judge(sounds.targets, 1e-9)
    if said is not None:
        judge = judge.beside(Named(said, worth))
    found = judge.verdicts(sounds.p)
    return Judged(found.guess, found.confidence, ~found.sure)


def report(sounds: Sounds, spelled: Spelled, policies: dict[str, float]) -> None:
    """Print what names change at the thresholds of the policies."""
    draws = [spelled.draw(sounds, seed) for seed in range(DRAWS)]
    n = len(sounds.rows)
    for name, least in policies.items():
        if least:
            compare(sounds, draws, f"{name}, {least:.2f}", np.full(n, least), np.full(n, least))
    alone, with_names = careful(sounds, [None]), careful(sounds, draws)
    title = f"97 % right on these very sounds, {alone:.2f} and {with_names:.2f}"
    compare(sounds, draws, title, np.full(n, alone), np.full(n, with_names))
    checks(sounds, spelled, None, np.full(n, policies["balanced"]))


def cross_validate(sounds: Sounds, spelled: Spelled) -> None:
    """Print what names change, fitted on four folds and judged on the fifth."""
    draws = [spelled.draw(sounds, seed) for seed in range(DRAWS)]
    fold = np.array(
        [int(sha256(row.group.encode()).hexdigest(), 16) % FOLDS for row in sounds.rows]
    )
    alone, with_names = np.zeros(len(fold)), np.zeros(len(fold))
    worths: list[Worth] = [FITTED] * len(fold)
    for number in range(FOLDS):
        out, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        worth = fitted(_some(sounds, rest), [[draw[i] for i in rest] for draw in draws])
        alone[out] = careful(_some(sounds, rest), [None])
        with_names[out] = careful(
            _some(sounds, rest), [[draw[i] for i in rest] for draw in draws], worth
        )
        for i in out:
            worths[i] = worth
        print(f"  fitted without fold {number}: {worth}; {len(out)} sounds judged")
    print(f"  fitted on all: {fitted(sounds, draws)}")
    compare(sounds, draws, "97 % right in the other folds", alone, with_names, worths)
    checks(sounds, spelled, worths, with_names)


def fitted(sounds: Sounds, draws: Sequence[Sequence[NameSays]]) -> Worth:
    """How often names are right, by the likelihood of the labels of named sounds."""
    nth = [i for draw in draws for i, one in enumerate(draw) if one.label]
    said = [one for draw in draws for one in draw if one.label]
    p = sounds.p[nth]
    possible = sounds.targets.mask([sounds.rows[i] for i in nth]).numpy()

    def loss(worth: Worth) -> float:
        scores = Named(said, worth).weigh(Weighed(sounds.targets, p)).scores
        return float(-np.log(np.maximum((scores * possible).sum(1), 1e-12)).mean())

    worth = FITTED
    for _ in range(2):
        for name in ("right", "other"):
            values = np.arange(0.01, 0.16, 0.01) if name == "other" else np.arange(0.8, 0.99, 0.01)
            found = [replace(worth, **{name: round(float(value), 2)}) for value in values]
            worth = min(found, key=loss)
    return worth


def careful(
    sounds: Sounds, draws: Sequence[Sequence[NameSays] | None], worth: Worth = FITTED
) -> float:
    """The lowest threshold at which 97 % of verdicts are right."""
    found = [judged(sounds, draw, worth) for draw in draws]
    right = np.concatenate([one.family == sounds.truth for one in found])
    for least in np.arange(0.3, 1, 0.005):
        sure = np.concatenate([one.sure(least) for one in found])
        if sure.any() and right[sure].mean() >= CAREFUL:
            return float(least)
    return 1.0


def compare(
    sounds: Sounds,
    draws: Sequence[Sequence[NameSays]],
    title: str,
    alone: Numbers,
    with_names: Numbers,
    worths: Sequence[Worth] | None = None,
) -> None:
    """Print coverage of drums, precision and calibration at thresholds without names, and with."""
    before = judged(sounds, None)
    after = [_by_fold(sounds, draw, worths) for draw in draws]
    print(f"  {title}\n    without names: {_line(sounds, [before], alone)}")
    print(f"    with names: {_line(sounds, after, with_names)}")
    drums = _drums(sounds)
    gain = np.mean([one.sure(with_names) for one in after], 0) - before.sure(alone)
    groups = [row.group for row, drum in zip(sounds.rows, drums, strict=True) if drum]
    value, (low, high) = metrics.mean_interval(gain[drums], groups)
    print(f"    drums sorted: {100 * value:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})")


def checks(
    sounds: Sounds, spelled: Spelled, worths: Sequence[Worth] | None, least: Numbers
) -> None:
    """Print what misleading, meaningless and contradicting names do."""
    misled = [spelled.draw(sounds, seed, alike=True) for seed in range(DRAWS)]
    found = [_by_fold(sounds, draw, worths) for draw in misled]
    print(f"  wrong names mislead: {_line(sounds, found, least)}")
    plain, silent = judged(sounds, None), judged(sounds, [_SILENT] * len(sounds.rows))
    same = all(np.array_equal(a, b) for a, b in zip(plain, silent, strict=True))
    print(f"  no name says anything: {'nothing changes' if same else 'VERDICTS CHANGE'}")
    families = list(sounds.targets.families)
    for low, high in pairwise(BANDS):
        counts: Counter[str] = Counter()
        for seed in range(DRAWS):
            draw = spelled.draw(sounds, seed)
            now = _by_fold(sounds, draw, worths)
            for nth, one in enumerate(draw):
                differ = one.family and families[plain.family[nth]] != one.family
                if differ and low <= plain.confidence[nth] < high:
                    truth = sounds.truth[nth]
                    counts["n"] += 1
                    counts["sound"] += plain.family[nth] == truth
                    counts["name"] += families.index(one.family) == truth
                    counts["both"] += now.family[nth] == truth
        n = max(counts["n"], 1)
        shares = ", ".join(f"{what} {counts[what] / n:.0%}" for what in ("sound", "name", "both"))
        print(
            f"  names contradict sounds at {low} to {min(high, 1)}: {counts['n']}; right: {shares}"
        )


def _by_fold(sounds: Sounds, said: Sequence[NameSays], worths: Sequence[Worth] | None) -> Judged:
    """Each sound judged with what was fitted without it."""
    if worths is None:
        return judged(sounds, said)
    by_worth = {worth: judged(sounds, said, worth) for worth in set(worths)}
    columns = zip(*(by_worth.values()), strict=True)
    which = np.array([list(by_worth).index(worth) for worth in worths])
    return Judged(*(np.stack(column)[which, np.arange(len(which))] for column in columns))


def _drums(sounds: Sounds) -> Numbers:
    return np.array([sounds.targets.family(row) != NOT_A_DRUM for row in sounds.rows])


def _line(sounds: Sounds, found: Sequence[Judged], least: Numbers) -> str:
    truth = sounds.truth
    sure = np.concatenate([one.sure(least) for one in found])
    right = np.concatenate([one.family == truth for one in found])
    confidence = np.concatenate([one.confidence for one in found])
    bins = np.minimum((confidence * metrics.BINS).astype(int), metrics.BINS - 1)
    off = np.bincount(bins, confidence - right)
    ece = np.abs(off).sum() / len(right)
    sorts = sure[np.tile(_drums(sounds), len(found))].mean()
    disputed = np.mean([one.disputed.mean() for one in found])
    return (
        f"{right.mean():.1%} right, sorts {sorts:.1%} of drums at {right[sure].mean():.1%}, "
        f"ECE {ece:.1%}, disputed {disputed:.1%}"
    )


def _some(sounds: Sounds, kept: Numbers) -> Sounds:
    rows = [sounds.rows[i] for i in kept]
    return Sounds(sounds.targets, rows, sounds.p[kept], sounds.truth[kept])


def _counted(sounds: Sounds) -> str:
    return f"{len(sounds.rows):,} sounds, {len({row.group for row in sounds.rows})} groups"


if __name__ == "__main__":
    main()
