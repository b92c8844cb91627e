"""What ten corrections per family do to packs of unusual style that the model never heard.

    python benchmarks/teaching.py --data DATA [--split test] [--model MODEL] [--grid]

Groups of packs of DATA (a folder with manifest.csv) that are held out from the model take part if
they have at least 20 sounds, and two families with four or more. The half of these groups that the
model gets least right are the unusual ones. In each family with four or more sounds, ten random
sounds are corrected, but at most half of them; the other sounds of the group count. The library is
this group and a random half of the other groups, where the anchors come from. Losses are measured
on the remaining half. A best guess is right if its family is; no verdict is withheld.

A second table is for the user's own classes, taught from five examples: each ``detail`` of a label
in the manifest that at least ten sounds of the split have.

``--grid`` instead shows the effect of other strengths of the head. The present ones were chosen
this way, with ``--split val`` and a model that had learned from the train split alone.
"""

import argparse
import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from drumsort.audio.find import Source
from drumsort.model.head import ANCHORS, PENALTY, Fit, rescored
from drumsort.taxonomy import FAMILIES, LABELS, family_of
from drumsort.teaching.examples import ANCHORS as MOST
from drumsort.teaching.examples import SURE
from drumsort.workflows.classify import Classifier

CORRECTED, EXAMPLES = 10, 5
PENALTIES, WEIGHTS = (0.01, 0.03, 0.1, 0.3, 1.0), (1.0, 3.0, 10.0)
EXACT = {*LABELS} - {"percussion"}  # also used for its whole family
FAMILY = np.array([list(FAMILIES).index(family_of(label)) for label in LABELS])


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--split", default="test")
    options.add_argument("--model", type=Path)
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--grid", action="store_true")
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    sounds = hear(args.data, args.split, args.model)
    groups = eligible(sounds)
    if args.grid:
        print("| penalty | anchors | gain, unusual | all groups | elsewhere |\n" + "|---" * 5 + "|")
        for penalty in PENALTIES:
            for weight in WEIGHTS:
                runs = [run(sounds, g, args.seeds, penalty, weight) for g in groups]
                unusual, all_, elsewhere = (
                    100 * np.diff(np.stack(some), axis=2)[:, :, column].mean()
                    for some, column in ((runs[: len(runs) // 2], 0), (runs, 0), (runs, 2))
                )
                print(f"| {penalty} | {weight} | {unusual:+.1f} | {all_:+.1f} | {elsewhere:+.1f} |")
        return
    show_groups(sounds, groups, args.seeds)
    show_classes(sounds, args.seeds)


@dataclass
class Sounds:
    """The sounds of a split, and what the model says about them."""

    rows: list[dict[str, str]]
    scores: Any
    embeddings: Any

    def __post_init__(self) -> None:
        self.group = np.array([row["group"] for row in self.rows])
        self.family = np.array([list(FAMILIES).index(row["family"]) for row in self.rows])
        self.guess = families(self.scores)
        # If only the family is known, a person names the most likely label in it.
        within = np.where(self.family[:, None] == FAMILY, self.scores, -1).argmax(1)
        self.label = np.array(
            [
                LABELS.index(row["label"]) if row["label"] in EXACT else best
                for row, best in zip(self.rows, within, strict=True)
            ]
        )


def hear(data: Path, split: str, model: Path | None) -> Sounds:
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    results = Classifier(model, names="ignore").classify_all(
        Source(data / row["path"], data) for row in rows
    )
    pairs = [(row, p) for row, r in zip(rows, results, strict=True) if (p := r.prediction)]
    return Sounds(
        [row for row, _ in pairs],
        np.array([list(p.scores.values()) for _, p in pairs], np.float32),
        np.array([p.embedding for _, p in pairs]),
    )


def families(scores: Any) -> Any:
    """The best family of each; the user's own classes come after those of the taxonomy."""
    own = range(len(FAMILIES), len(FAMILIES) + scores.shape[1] - len(FAMILY))
    table = np.eye(len(FAMILIES) + len(own))[[*FAMILY, *own]]
    return (scores @ table).argmax(1)


def eligible(sounds: Sounds) -> list[str]:
    """Groups that take part, the one with the lowest accuracy first."""
    found = []
    for group in np.unique(sounds.group):
        of = sounds.group == group
        if of.sum() >= 20 and (np.bincount(sounds.family[of]) >= 4).sum() >= 2:
            found.append((float((sounds.guess == sounds.family)[of].mean()), str(group)))
    return [group for _, group in sorted(found)]


def run(
    sounds: Sounds, group: str, seeds: int, penalty: float = PENALTY, weight: float = ANCHORS
) -> Any:
    """Before and after, in the group and in others: shape ``(seeds, 4)``."""
    out = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        inside = np.flatnonzero(sounds.group == group)
        examples = np.concatenate([*corrected(sounds, inside, rng)])
        rest = np.setdiff1d(inside, examples)
        now, outside = taught(sounds, examples, sounds.label, inside, rng, penalty, weight)
        right = [families(scores) == sounds.family for scores in (sounds.scores, now)]
        out.append([one[where].mean() for where in (rest, outside) for one in right])
    return np.array(out)


def corrected(sounds: Sounds, inside: Any, rng: Any) -> Iterator[Any]:
    for family in np.unique(sounds.family[inside]):
        of = inside[sounds.family[inside] == family]
        if len(of) >= 4:
            yield rng.permutation(of)[: min(CORRECTED, len(of) // 2)]


def taught(
    sounds: Sounds, examples: Any, labels: Any, inside: Any, rng: Any, penalty: float, weight: float
) -> tuple[Any, Any]:
    """Scores after learning from the examples, and the sounds that the library does not hold."""
    others = np.unique(np.delete(sounds.group, inside))
    half = rng.permutation(others)[: len(others) // 2]
    here = np.isin(np.arange(len(labels)), inside)
    library = np.flatnonzero((np.isin(sounds.group, half) & ~here) | here)
    confidence = (sounds.scores @ np.eye(len(FAMILIES))[FAMILY]).max(1)
    anchors = np.setdiff1d(library[confidence[library] >= SURE], examples)
    anchors = rng.permutation(anchors)[:MOST]
    known = np.concatenate([examples, anchors])
    new = max(0, int(labels[examples].max()) + 1 - len(LABELS))
    fit = Fit(
        sounds.scores[known], sounds.embeddings[known], labels[examples], new,
        penalty=penalty, anchors=weight,
    )  # fmt: skip
    now = rescored(fit.head(fit()), sounds.scores, sounds.embeddings)
    return now, np.setdiff1d(np.arange(len(labels)), library)


def show_groups(sounds: Sounds, groups: list[str], seeds: int) -> None:
    print("| group | from | sounds | corrected | before | after | spread | gain | elsewhere |")
    print("|---" * 9 + "|")
    runs = [run(sounds, group, seeds) for group in groups]
    unusual = len(groups) // 2
    for number, (group, values) in enumerate(zip(groups, runs, strict=True)):
        inside = np.flatnonzero(sounds.group == group)
        count = sum(map(len, corrected(sounds, inside, np.random.default_rng(0))))
        name = ", ".join(sorted({sounds.rows[i]["source"] for i in inside}))
        mark = "**" if number < unusual else ""
        line(f"{mark}{group}{mark} | {name} | {len(inside)} | {count}", values)
    for name, some in (("the unusual", runs[:unusual]), ("all", runs)):
        line(f"mean of {name} ({len(some)}) |  |  | ", np.stack(some).mean(axis=0))


def line(start: str, values: Any) -> None:
    before, after, out, out_after = 100 * values.mean(axis=0)
    spread = 100 * values[:, 1].std()
    print(f"| {start} | {before:.1f}% | {after:.1f}% | {spread:.1f} | {after - before:+.1f} "
          f"| {out_after - out:+.1f} |")  # fmt: skip


def show_classes(sounds: Sounds, seeds: int) -> None:
    details = np.array([f"{row['label']}: {row['detail']}" for row in sounds.rows])
    print("\n| class | sounds | found | spread | others mistaken for it |\n" + "|---" * 5 + "|")
    for name in np.unique(details):
        inside = np.flatnonzero(details == name)
        if name.endswith((": ", ": folder")) or len(inside) < 10:
            continue
        out = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            examples = rng.permutation(inside)[:EXAMPLES]
            labels = sounds.label.copy()
            labels[inside] = len(LABELS)
            now, outside = taught(sounds, examples, labels, inside, rng, PENALTY, ANCHORS)
            own = families(now) == len(FAMILIES)
            out.append([own[np.setdiff1d(inside, examples)].mean(), own[outside].mean()])
        found, taken = 100 * np.array(out).T
        print(f"| {name} | {len(inside)} | {found.mean():.1f}% | {found.std():.1f} "
              f"| {taken.mean():.1f}% |")  # fmt: skip


if __name__ == "__main__":
    main()
