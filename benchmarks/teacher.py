"""Targets to distil from: what frozen aiSFX and small heads say of each sound, out of fold.

    pip download --no-deps aisfx==0.1.2
    python benchmarks/teacher.py --data DATA --wheel aisfx-0.1.2-py2.py3-none-any.whl runs/aisfx
    drumsort lab crossval drumnet-5 --data DATA --run runs/mine \\
        --set distillation.targets=runs/aisfx

For each fold, heads learn from its training sounds alone. Each of these sounds gets its target from
a head that did not see its group. This takes half an hour on two cores, most of it in aiSFX; a
stopped run continues where it left off. The heads' scores for the held-out sounds are kept in the
same folder.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from drumsort.features import LogMel
from drumsort.lab import metrics, said
from drumsort.lab.augment import Augmentation
from drumsort.lab.calibrate import temperature
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.features import FeatureCache, Features
from drumsort.lab.data.split import FOLDS, fold
from drumsort.lab.data.split import whole as all_but_test
from drumsort.lab.evaluate import among_six
from drumsort.lab.frozen import embed, out_of_fold, write_targets
from drumsort.lab.network.aisfx import N_MELS, TOP_HZ, AiSFX
from drumsort.lab.recipe import Sampling
from drumsort.lab.sounds import sampling_weights
from drumsort.lab.targets import Targets
from drumsort.lab.trained import verdicts
from drumsort.lab.variants import Variants, variants

HEARS = LogMel(
    rate=44_100, n_fft=2048, hop=1024, n_mels=N_MELS, fmin=0.0, fmax=TOP_HZ, n_frames=64, lead=441
)
SAMPLING = Sampling(label_balance=0.4, renders=0.5)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--wheel", required=True, type=Path)
    parser.add_argument("--changed", type=int, default=2, help="changed versions of each sound")
    parser.add_argument("into", type=Path)
    args = parser.parse_args()

    opened = open_data(args.data)
    features = FeatureCache(HEARS).features(
        Data(opened.root, [r for r in opened.rows if r.split != "test"])
    )
    data = features.data
    targets = Targets.of("taxonomy", data.rows)
    net = AiSFX(len(targets.labels), pretrained=str(args.wheel))
    net.start()
    versions = [_Unchanged(features.log_mels())]
    if args.changed:
        nobody = Features(Data(data.root, []), features.table.head(0), [])
        changed = variants(features, nobody, HEARS, Augmentation(variants=args.changed))
        versions += [_Version(changed, number) for number in range(1, args.changed + 1)]
    heard = [
        embed(net, version, args.into / f"heard{number}", len(data.rows), _progress)
        for number, version in enumerate(versions)
    ]
    x = torch.from_numpy(np.stack(heard, 1).astype(np.float32))
    at = {row.path: i for i, row in enumerate(data.rows)}
    pooled, rows = [], []
    for name in [*(f"fold{number}" for number in range(FOLDS)), "whole"]:
        part = (
            all_but_test(data)
            if name == "whole"
            else Data(data.root, fold(data.rows, int(name[-1])))
        )
        learnt, held = part.of("train"), part.of("val")
        taught = out_of_fold(
            x[[at[row.path] for row in learnt]],
            learnt,
            lambda some: sampling_weights(some, targets, SAMPLING),
            targets,
            x[[at[row.path] for row in held]],
        )
        degree = temperature(taught.learnt, targets.mask(learnt))
        p = (taught.learnt / degree).softmax(1)
        write_targets(args.into / f"{name}.parquet", learnt, targets.labels, p)
        if held:
            pooled.append((taught.held_out / degree).softmax(1))
            rows += [replace(row, split="val") for row in held]
        _progress(len(rows), len(data.rows))
    told = verdicts(targets, torch.cat(pooled).numpy(), rows)
    said.write(args.into, told, rows)
    six = among_six(told)
    for title, some in (("eight families", told), ("six families", six)):
        if some:
            balanced = metrics.balanced_accuracy(some.confusion())
            low, high = metrics.interval(some, metrics.balanced_accuracy)
            print(f"{title}: balanced {balanced:.1%} ({low:.1%} to {high:.1%})")


class _Unchanged:
    """Log-mels of unchanged sounds."""

    def __init__(self, mels: np.ndarray) -> None:
        self._mels = mels

    def __call__(self, index: int) -> np.ndarray:
        return self._mels[index]


class _Version:
    """One changed version of each sound."""

    def __init__(self, changed: Variants, number: int) -> None:
        self._changed, self._number = changed, number

    def __call__(self, index: int) -> np.ndarray:
        return self._changed.version(index, self._number)


def _progress(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
