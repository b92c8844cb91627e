"""The benchmark of a model: all numbers as JSON and as tables, and one picture."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from drumsort.audio.decode import decode
from drumsort.lab.benchmark import Benchmark, Part
from drumsort.lab.benchmark.labels import ENOUGH
from drumsort.lab.benchmark.neighbours import NEAREST
from drumsort.lab.benchmark.transforms import NOISE_DB, RT60, WET
from drumsort.lab.evaluate import SIX
from drumsort.lab.files import written_whole
from drumsort.lab.report.evaluation import markdown_table, percent, with_interval
from drumsort.lab.report.spectrograms import Example, draw

PICTURE = "confusions.png"

COMMONEST = 8
"""Confusions to draw."""

SUREST = 6
"""Files of each."""

Lines = Mapping[str, Sequence[str]]
"""First cell of a row to the others."""


def write(
    benchmark: Benchmark, folder: Path, networks: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Write ``benchmark.json``, ``benchmark.md`` and ``confusions.png``, and return the numbers.

    The picture is of the first part, and is only made if there are mistakes. ``networks`` are the
    fingerprints of the runs that were measured.
    """
    numbers = {**benchmark.numbers(), "networks": [dict(one) for one in networks]}
    contents = {"json": json.dumps(numbers, indent=2) + "\n", "md": markdown(numbers)}
    for suffix, text in contents.items():
        with written_whole(folder / f"benchmark.{suffix}") as part:
            part.write_text(text, encoding="utf-8")
    (folder / PICTURE).unlink(missing_ok=True)
    first = benchmark.parts[0]
    if classes := _mistaken(first):
        with written_whole(folder / PICTURE) as part:
            draw(classes, first.front_end).savefig(part, format="png", dpi=110)
    return numbers


def headline(numbers: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The headline numbers: the name of each, and its value in each part."""
    return [
        (line, [cells[line][0] for cells in parts.values()])
        for parts in [_by_part(numbers, _first)]
        for line in next(iter(parts.values()), {})
    ]


def markdown(numbers: Mapping[str, Any]) -> str:
    """All tables, each after a sentence that explains it."""
    parts: Mapping[str, Mapping[str, Any]] = numbers["parts"]
    lines = [
        f"# {numbers['model']}, measured",
        "",
        "Sounds that were held out from training, with their packs where the data was split by "
        "pack. Intervals are 95 %, by bootstrap over groups.",
        "",
        *(f"- *{name}*: {_what(part)}" for name, part in parts.items()),
        "",
        "## Families",
        "",
        "Balanced accuracy is the mean of the families' recalls. Among six, the choice is between "
        f"{', '.join(SIX[:-1])} and {SIX[-1]} only, on their sounds.",
        "",
        *_beside("", ("",), _by_part(numbers, _first)),
        _LENIENT,
        "",
        *_again(numbers, "without", _WITHOUT),
        *_again(numbers, "recordings", _RECORDINGS),
        "Precision is the share of the verdicts for a family that are right, recall the share of "
        "its sounds that are found.",
        "",
        *_beside("family", ("sounds", "precision", "recall"), _by_part(numbers, _families)),
        *(line for name, part in parts.items() for line in _confusion(name, part)),
        *_labels(numbers),
        "## Sources",
        "",
        "The same model on the sounds of each source, the large ones by name; balanced accuracy "
        "is over the families that a source has.",
        "",
        *_beside(
            "source", ("sounds", "accuracy", "balanced accuracy"), _by_part(numbers, _sources)
        ),
        "## Confidence",
        "",
        "Expected calibration error is the difference between confidence and accuracy, averaged "
        "over 15 bins of confidence.",
        "",
        *_beside("", ("",), _by_part(numbers, _calibration)),
        "A policy is the confidence that a sound must reach to be sorted: coverage is the share "
        "of drums that are sorted, precision the share of sorted sounds in the right family.",
        "",
        *_beside("policy", ("confidence", "coverage", "precision"), _by_part(numbers, _policies)),
        *_not_a_drum(numbers),
        *_robustness(numbers),
        *_embedding(numbers),
        *_confusions(parts),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _by_part(
    numbers: Mapping[str, Any], lines: Callable[[Mapping[str, Any]], Lines]
) -> dict[str, Lines]:
    return {name: lines(part) for name, part in numbers["parts"].items()}


def _beside(first: str, columns: Sequence[str], parts: Mapping[str, Lines]) -> list[str]:
    """One table with the columns of all parts side by side."""
    heads = [
        f"{name}: {column}" if column and len(parts) > 1 else column or name
        for name in parts
        for column in columns
    ]
    body = [
        [line, *(cell for cells in parts.values() for cell in cells.get(line, "-" * len(columns)))]
        for line in dict.fromkeys(line for cells in parts.values() for line in cells)
    ]
    return markdown_table((first, *heads), body)


def _what(part: Mapping[str, Any]) -> str:
    models = f", by {part['models']} models, each on its own sounds only" * (part["models"] > 1)
    unheard = f"; {len(part['failures'])} could not be read" * bool(part["failures"])
    return f"{part['sounds']:,} sounds in {part['groups']:,} groups{models}{unheard}"


def _quoted(facts: Mapping[str, Any], families: int) -> dict[str, tuple[str]]:
    """Rows of the numbers from ``evaluate.quoted``."""
    six = facts.get("six_families")
    titles = {"Balanced accuracy": "balanced_accuracy", "Accuracy": "accuracy"}
    titles["Macro-F1"] = "macro_f1"
    lines = {}
    for title, key in titles.items():
        if six:
            lines[f"{title} among six families"] = (with_interval(six, key),)
        lines[f"{title} among all {families} families"] = (with_interval(facts, key),)
    return lines


def _first(part: Mapping[str, Any]) -> Lines:
    lines = _quoted(part, len(part["classes"]))
    if part["labels"]:
        lines["Macro-F1 of exact labels"] = (with_interval(part["labels"], "macro_f1"),)
    lines["Accuracy among all families, any that the name allows"] = (
        with_interval(part["allowed"], "accuracy"),
    )
    lines["Precision of the surest 80 %"] = (with_interval(part["surest"], "precision"),)
    lines["The same, any family that the name allows"] = (with_interval(part["surest"], "allowed"),)
    return lines | {"Negative log-likelihood of the family": (f"{part['nll']:.3f}",)}


_LENIENT = (
    "Some names say the instrument and not the sound. Where the name allows it, the second truth "
    "takes a timbale for percussion or a tom, a gong for percussion or a cymbal, a rim for a snare "
    "or percussion, a shaker for percussion or a hat, and *perc* or *hit* for anything but a kick."
)

_WITHOUT = (
    "The same without the sounds of `{source}`, so that what one source has of its own can be told "
    "from what holds for all:"
)

_RECORDINGS = "The same without the sounds that were rendered by synthesizers:"


def _again(numbers: Mapping[str, Any], what: str, sentence: str) -> list[str]:
    """The first numbers of some of the sounds, ``without`` a source for instance."""
    parts = {name: part for name, part in numbers["parts"].items() if part[what]}
    if not parts:
        return []
    return [
        sentence.format(**next(iter(parts.values()))[what]),
        "",
        *_beside(
            "",
            ("",),
            {
                name: {
                    "Sounds": (f"{part[what]['sounds']:,}",),
                    **_quoted(part[what], len(part["classes"])),
                }
                for name, part in parts.items()
            },
        ),
    ]


def _families(part: Mapping[str, Any]) -> Lines:
    return {
        name: (str(c["sounds"]), percent(c["precision"]), percent(c["recall"]))
        for name, c in part["classes"].items()
    }


def _confusion(name: str, part: Mapping[str, Any]) -> list[str]:
    families = list(part["classes"])
    return [
        f"Each row is a family, each column a verdict on its sounds (*{name}*):",
        "",
        *markdown_table(
            ("", *families),
            [
                (family, *map(str, counts))
                for family, counts in zip(families, part["confusion"], strict=True)
            ],
        ),
    ]


def _labels(numbers: Mapping[str, Any]) -> list[str]:
    parts = {name: part["labels"] for name, part in numbers["parts"].items() if part["labels"]}
    if not parts:
        return []
    counted = "; ".join(
        f"*{name}*: {len(labels['counted'])} labels, {labels['sounds']:,} sounds"
        for name, labels in parts.items()
    )
    return [
        "## Labels",
        "",
        "The best label within the best family, on the sounds whose exact label is known. Macro-F1 "
        f"is the mean of the labels with at least {ENOUGH} such sounds ({counted}).",
        "",
        *_beside(
            "",
            ("",),
            {
                name: {
                    "Macro-F1": (with_interval(labels, "macro_f1"),),
                    "Accuracy": (with_interval(labels, "accuracy"),),
                }
                for name, labels in parts.items()
            },
        ),
        "Each label; the counts of those too rare for the mean are in brackets:",
        "",
        *_beside(
            "label",
            ("sounds", "precision", "recall", "F1"),
            {name: _each_label(labels) for name, labels in parts.items()},
        ),
    ]


def _each_label(labels: Mapping[str, Any]) -> Lines:
    return {
        name: (
            str(c["sounds"]) if name in labels["counted"] else f"({c['sounds']})",
            *(percent(c[key]) for key in ("precision", "recall", "f1")),
        )
        for name, c in labels["labels"].items()
        if c["sounds"]
    }


def _sources(part: Mapping[str, Any]) -> Lines:
    return {
        name: (str(s["sounds"]), percent(s["accuracy"]), percent(s["balanced_accuracy"]))
        for name, s in part["sources"].items()
    }


def _calibration(part: Mapping[str, Any]) -> Lines:
    return {"Expected calibration error": (percent(part["calibration_error"]),)}


def _policies(part: Mapping[str, Any]) -> Lines:
    return {
        name: (f"{p['min_confidence']:.2f}", percent(p["coverage"]), percent(p["precision"]))
        for name, p in part["policies"].items()
    }


def _not_a_drum(numbers: Mapping[str, Any]) -> list[str]:
    parts = {n: part["not_a_drum"] for n, part in numbers["parts"].items() if part["not_a_drum"]}
    if not parts:
        return []
    return [
        "## Drum or not",
        "",
        "AUROC is how often a drum scores higher as a drum than another sound does, by the "
        "summed probability of the drum families.",
        "",
        *_beside(
            "",
            ("",),
            {
                name: {
                    "Drums, other sounds": (f"{facts['drums']:,}, {facts['others']:,}",),
                    "AUROC": (f"{facts['auroc']:.3f}",),
                    "Loops": (f"{facts['loops']:,}",),
                    "Loops heard as not a drum": (percent(facts["loop_not_a_drum"]),),
                    "Loops heard as loops": (percent(facts["loop_recall"]),),
                }
                for name, facts in parts.items()
            },
        ),
    ]


def _robustness(numbers: Mapping[str, Any]) -> list[str]:
    parts = {name: part["robustness"] for name, part in numbers["parts"].items()}
    sounds = "; ".join(
        f"*{name}*: {_some(facts)}, where balanced accuracy is "
        f"{percent(facts['six_families'])} among six families and "
        f"{percent(facts['balanced_accuracy'])} among all"
        for name, facts in parts.items()
    )
    return [
        "## Changed sounds",
        "",
        "How a change of the sounds changes balanced accuracy, in points, and how many verdicts on "
        f"families it changes, relative to the unchanged sounds ({sounds}). Files of a lower rate "
        f"keep their rate; the reverb falls by 60 dB in {RT60:g} s and is {WET:.0%} of the result; "
        f"vinyl noise is hiss and crackle, {NOISE_DB:g} dB below the loudest 20 ms.",
        "",
        *_beside(
            "change",
            ("six families", "all families", "verdicts changed"),
            {
                name: {
                    change: (
                        _points(c["six_families_change"]),
                        _points(c["balanced_accuracy_change"]),
                        percent(c["flipped"]),
                    )
                    for change, c in facts["transforms"].items()
                }
                for name, facts in parts.items()
            },
        ),
    ]


def _some(facts: Mapping[str, Any]) -> str:
    if facts["sounds"] == facts["of"]:
        return f"all {facts['of']:,} sounds"
    return f"{facts['sounds']:,} of {facts['of']:,} sounds, drawn at random"


def _points(change: float | None) -> str:
    return "-" if change is None else f"{round(100 * change, 1) + 0.0:+.1f}"


def _embedding(numbers: Mapping[str, Any]) -> list[str]:
    parts = {name: part["embedding"] for name, part in numbers["parts"].items()}
    parts = {name: facts for name, facts in parts.items() if facts}
    if not parts:
        return []
    return [
        "## Embedding",
        "",
        f"The share of a sound's {NEAREST} nearest sounds in the embedding that have its label, "
        "among sounds of other groups with a known label: over all sounds, over the labels with at "
        f"least {ENOUGH} sounds, and for each of these.",
        "",
        *_beside(
            "",
            ("",),
            {
                name: {
                    "Sounds": (f"{facts['sounds']:,}",),
                    "Mean of sounds": (percent(facts["recall_at_10"]),),
                    "Mean of labels": (percent(facts["macro_recall_at_10"]),),
                    **{label: (percent(share),) for label, share in facts["labels"].items()},
                }
                for name, facts in parts.items()
            },
        ),
    ]


def _confusions(parts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    name, part = next(iter(parts.items()))
    if not part["confusions"]:
        return []
    return [
        "## Mistakes",
        "",
        f"The most frequent confusions of families, and the files with the most confident ones "
        f"(*{name}*). Listen to them: some labels are wrong.",
        "",
        f"![log-mel spectrograms of the surest mistakes]({PICTURE})",
        "",
        *(
            f"- {c['sounds']} x {c['truth']} for {c['verdict']}: "
            + ", ".join(f"`{f['path']}` ({f['confidence']:.2f})" for f in c["files"][:SUREST])
            for c in part["confusions"][:COMMONEST]
        ),
        "",
    ]


def _mistaken(part: Part) -> dict[str, list[Example]]:
    """The most confident mistakes of the most frequent confusions, to draw."""
    paths = {row.path: held.data.path(row) for held in part.pool.held for row in held.data.rows}
    classes = {}
    for (truth, verdict), files in part.confusions()[:COMMONEST]:
        examples = []
        for file in files[:SUREST]:
            clip = decode(paths[file["path"]], samples=part.front_end.native_samples)
            name = "/".join(PurePosixPath(file["path"]).parts[-2:])
            examples.append(Example(name, clip.rate, part.front_end(clip)))
        classes[f"{truth} taken for {verdict}: {len(files)}"] = examples
    return classes
