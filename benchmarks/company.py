"""What the company of a sound is worth, on the folder trees that the labelled sounds come from.

    python benchmarks/company.py --data DATA [--model DIR]

Uses the sounds of groups that the shipped model never heard: those of the second part, where
settings may be chosen, and those of the test split, which is only reported. The manifest's
``origin`` has each sound's original path; sounds without one are left out. Each number is the
difference from the model alone, on the same sounds, with its 95 % interval by paired bootstrap over
groups. The shuffled trees assign the same folders and names to the sounds at random. ECE is the
calibration error; what each policy sorts is given as its precision at its coverage of drums.
"""

import argparse
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from drumsort.lab import metrics
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Row
from drumsort.lab.data.split import LARGE
from drumsort.lab.evaluate import among_six
from drumsort.lab.metrics import Verdicts
from drumsort.lab.trained import BundleModel, verdicts
from drumsort.model.classes import Classes
from drumsort.model.company import Company, stem

SHUFFLES = 10

_PATH = re.compile(r"(.+)/([^/]+\.(?:wav|ogg|mp3|flac|aiff?|raw))", re.IGNORECASE)
_NO_TREE = ("freesound-oneshot", "student-other")  # their files were put into one folder later

Numbers = np.ndarray


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--model", type=Path, help="a model folder; the shipped one by default")
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    data, model = open_data(args.data), BundleModel(args.model)
    for name, rows in parts(data.rows).items():
        features = FeatureCache(model.front_end).features(Data(data.root, rows))
        measure(name, model, features.data.rows, model.hear(features.log_mels()).p)


def parts(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Sounds with a folder tree, in groups that the shipped model never heard."""
    sizes = Counter(row.group for row in rows if row.split != "test")
    trees = [row for row in rows if _PATH.fullmatch(row.origin) and row.source not in _NO_TREE]
    return {
        "new groups": [
            row
            for row in trees
            if row.split != "test"
            and row.group.startswith("n")
            and sizes[row.group] <= LARGE
            and not row.rendered
        ],
        "test": [row for row in trees if row.split == "test"],
    }


def measure(name: str, model: BundleModel, rows: Sequence[Row], p: Numbers) -> None:
    found = [_PATH.fullmatch(row.origin) for row in rows]
    folders = [match[1] for match in found if match]
    stems = [stem(match[2]) for match in found if match]
    classes = Classes(model.bundle.families)

    def in_company(folders: Sequence[str], stems: Sequence[str]) -> Verdicts:
        return verdicts(model.targets, Company.of(classes, p, folders, stems).scores, rows)

    alone = verdicts(model.targets, p, rows)
    groups = len(set(alone.groups))
    print(f"{name}: {len(rows):,} sounds, {groups} groups, {len(set(folders))} folders")
    print(f"  alone: {_line(alone)}; {_trusted(alone, model)}")
    for title, names in (("in their folders", stems), ("by folder only", [""] * len(stems))):
        v = in_company(folders, names)
        six = _difference(among_six(alone), among_six(v), metrics.balanced_accuracy)
        print(f"  {title}: {_line(v)}; six {six}, all {_difference(alone, v, metrics.accuracy)}")
        print(f"    {_trusted(v, model)}")
    changes = []
    for seed in range(SHUFFLES):
        order = np.random.default_rng(seed).permutation(len(rows)).tolist()
        v = in_company([folders[i] for i in order], [stems[i] for i in order])
        changes.append(np.subtract(_numbers(v), _numbers(alone)))
    six, everything, _ = 100 * np.mean(changes, 0)
    print(f"  shuffled: six {six:+.2f}, all {everything:+.2f}")


def _numbers(v: Verdicts) -> tuple[float, float, float]:
    six = among_six(v)
    balanced = metrics.balanced_accuracy(six.confusion()) if six else np.nan
    surest = v.right[metrics.surest(v.confidence)].mean()
    return float(balanced), float(metrics.accuracy(v.confusion())), float(surest)


def _line(v: Verdicts) -> str:
    six, everything, surest = _numbers(v)
    return f"six {six:.1%} balanced, all {everything:.1%} right, surest 80% {surest:.1%}"


def _trusted(v: Verdicts, model: BundleModel) -> str:
    policies = {
        name: metrics.policy(v, model.bundle.policies[name]) for name in ("careful", "balanced")
    }
    each = (f"{n} {r['precision']:.1%} at {r['coverage']:.1%}" for n, r in policies.items())
    return f"ECE {metrics.calibration_error(v):.1%}; {', '.join(each)}"


def _difference(
    first: Verdicts | None, second: Verdicts | None, statistic: Callable[[Numbers], Numbers]
) -> str:
    if first is None or second is None:
        return "-"
    value, (low, high) = metrics.difference(first, second, statistic)
    return f"{100 * value:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


if __name__ == "__main__":
    main()
