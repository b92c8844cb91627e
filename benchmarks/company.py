"""What the company of a sound is worth, on the folder trees that the labelled sounds come from.

    python benchmarks/company.py --data DATA [--model DIR [--second DIR]]

Uses the sounds of the test split, which the shipped model never heard. Of a cross-validation it
uses those that each fold held out, too: settings are chosen there. The manifest's ``origin`` has
each sound's original path; sounds without one are left out. Each number is the difference from the
model alone, on the same sounds, with its 95 % interval by paired bootstrap over groups. The
shuffled trees assign the same folders and names to the sounds at random. ECE is the calibration
error; what each policy sorts is given as its precision at its coverage of drums.
"""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from drumsort.lab import metrics
from drumsort.lab.benchmark import open_subject
from drumsort.lab.benchmark.pool import hear
from drumsort.lab.both import open_both
from drumsort.lab.data import open_data
from drumsort.lab.data.rows import Row
from drumsort.lab.evaluate import among_six
from drumsort.lab.metrics import Verdicts
from drumsort.lab.targets import Targets
from drumsort.lab.trained import verdicts
from drumsort.lab.trees import Trees
from drumsort.model.company import Company

SHUFFLES = 10

Numbers = np.ndarray


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument(
        "--model",
        type=Path,
        help="a model folder or a cross-validation; the shipped model by default",
    )
    options.add_argument(
        "--second", type=Path, help="the cross-validation that gives that one a second opinion"
    )
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    data = open_data(args.data)
    if args.second:
        subject = open_both(args.model, args.second, data)
    else:
        subject = open_subject(args.model, data, "test")
    for name, held_out in subject.parts.items():
        pool = hear(held_out)
        trees = Trees.of(pool.rows)
        rows = [pool.rows[i] for i in trees.indices]
        measure(name, pool.targets, subject.policies, rows, pool.p[trees.indices], trees)


def measure(
    name: str,
    targets: Targets,
    policies: Mapping[str, float],
    rows: Sequence[Row],
    p: Numbers,
    trees: Trees,
) -> None:
    folders, stems = trees.folders, trees.stems

    def in_company(folders: Sequence[str], stems: Sequence[str]) -> Verdicts:
        return verdicts(targets, Company.of(targets, p, folders, stems).scores, rows)

    alone = verdicts(targets, p, rows)
    groups = len(set(alone.groups))
    print(f"{name}: {len(rows):,} sounds, {groups} groups, {len(set(folders))} folders")
    print(f"  alone: {_line(alone)}; {_trusted(alone, policies)}")
    for title, names in (("in their folders", stems), ("by folder only", [""] * len(stems))):
        v = in_company(folders, names)
        six = _difference(among_six(alone), among_six(v), metrics.balanced_accuracy)
        print(f"  {title}: {_line(v)}; six {six}, all {_difference(alone, v, metrics.accuracy)}")
        print(f"    {_trusted(v, policies)}")
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


def _trusted(v: Verdicts, policies: Mapping[str, float]) -> str:
    reached = {name: metrics.policy(v, policies[name]) for name in ("careful", "balanced")}
    each = (f"{n} {r['precision']:.1%} at {r['coverage']:.1%}" for n, r in reached.items())
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
