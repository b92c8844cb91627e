"""The model card: what the model is, what it was trained on, how good it is, where it fails."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from drumsort.features import LogMel
from drumsort.lab.data.rows import Row
from drumsort.lab.report.evaluation import percent, with_interval
from drumsort.model.bundle import Bundle

FREESOUND = "freesound-oneshot"
"""The source whose files are named after their Freesound ids."""


def card(
    bundle: Bundle,
    trained_on: Sequence[Row],
    parameters: int,
    measured: str,
    *,
    of_both: bool = False,
) -> str:
    """The text of the card, in Markdown.

    Args:
        bundle: the model.
        trained_on: the sounds it was trained on.
        parameters: how many the network has.
        measured: tables of the results.
        of_both: whether they are of both networks together, and not of the quick one alone.
    """
    training = bundle.training
    place = ", and a place on the map" if bundle.outputs["map"] else ""
    parts = [
        f"# {bundle.name}",
        f"Tells one-shot drum sounds apart: {len(bundle.families)} families, "
        f"{len(bundle.labels)} labels. Made with drumsort; the sounds it was trained on keep their "
        "own licences.",
        "## Input and output",
        f"- In: {_front_end(bundle.front_end)}\n"
        f"- Out: a logit for each label, an embedding of unit length{place}.\n"
        f"- {parameters:,} parameters: the network `{training['recipe']['network']}`, trained "
        f"with the recipe `{training['recipe']['name']}`.",
        "| family | labels |\n|---|---|\n"
        + "\n".join(f"| {f} | {', '.join(labels)} |" for f, labels in bundle.families.items()),
        "## How well it does",
        measured if of_both or bundle.second is None else _of_quick(measured),
        _averaged(bundle.training, "network"),
        _second(bundle, of_both=of_both),
        "Under the policy `balanced`, a verdict needs a confidence of at least "
        f"{bundle.policies['balanced']:.2f}; with less, a sound is *unsure*. Logits are divided "
        f"by a temperature of {bundle.temperature:g}.",
        "## Limits",
        f"{_heard(bundle.front_end)}\n"
        "- Confidence is right on average over packs like those it was measured on, but not for "
        "each pack.\n"
        "- Most labels come from the names of files and folders. Some are wrong, in the training "
        "data and in the numbers above.",
        "## What it was trained on",
        f"{len(trained_on):,} sounds. The fingerprint of these and the held-out sounds, with "
        f"their labels, is `{training['data_sha256']}`.",
        _sources(trained_on),
        _freesound(trained_on),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _of_quick(measured: str) -> str:
    """Tables of a model with a second opinion, in which the policies are not those of its users."""
    return measured.replace(
        "\n\nA policy is ", "\n\nThe policies of the quick network alone. A policy is "
    )


def _averaged(training: Mapping[str, Any], name: str) -> str:
    """That no network was measured but those that it is the mean of, where that is so."""
    if training["recipe"].get("whole") != "averaged":
        return ""
    return (
        f"The {name} in this folder is the mean of the weights of five, each measured here on what "
        "it was not shown. The mean learned from all these sounds and can only be measured on test."
    )


def _second(bundle: Bundle, *, of_both: bool) -> str:
    """How the second opinion is asked, and what it gains."""
    if bundle.second is None:
        return ""
    how, gained = bundle.second, bundle.results["second opinion"]
    right, trained = gained["accuracy"], bundle.training["second"]
    low, high = gained["gain_interval"]
    interval = "" if low is None else f", 95 % interval {100 * low:.1f} to {100 * high:.1f}"
    larger = trained["recipe"]["network"]
    whose = "both networks" if of_both else "the quick network alone, if not said otherwise"
    parts = [
        "### Second opinion",
        f"The numbers above are those of {whose}. A larger network ({trained['parameters']:,} "
        f"parameters, the network `{larger}`) is asked where the confidence of the quick one is "
        f"below {how.threshold:.2f}. Both then make one verdict, the geometric mean of their "
        f"probabilities, in which the larger one has a weight of {how.share:.2f}. These numbers "
        f"were chosen on the {gained['sounds']:,} sounds of {gained['groups']:,} groups that "
        "neither had learned from. On the same sounds:",
        "| quick network | larger one | both, asked about every sound | both, as they are used |\n"
        "|---|---|---|---|\n"
        f"| {' | '.join(map(percent, right.values()))} |",
        f"{percent(gained['asked'])} of them are asked about, which gains "
        f"{100 * gained['gain']:.1f} points of accuracy{interval}.",
        _averaged(trained, "larger network"),
        _CREDIT if larger == "aisfx" else "",
    ]
    return "\n\n".join(part for part in parts if part)


_CREDIT = (
    "The larger network is aiSFX, changed: fine-tuned on the sounds below, with a head for these "
    'labels, and computed in 8 bits. Its weights are by A. B. Ma and A. Lerch, "Representation '
    'Learning for the Automatic Indexing of Sound Effects Libraries", ISMIR 2022, under the '
    "Creative Commons Attribution 4.0 International licence "
    "(https://creativecommons.org/licenses/by/4.0/), from https://github.com/alisonbma/aisfx."
)


def _front_end(f: LogMel) -> str:
    rate = f"{f.rate} Hz" if f.rate else "each file at its own rate"
    top = f"{f.fmax:g} Hz" if f.fmax else "half the rate"
    pad = "" if f.pad_db is None else f", padded with {f.pad_db:g} dB"
    return (
        f"log-mel, {f.n_mels} bands from {f.fmin:g} Hz to {top} x {f.n_frames} frames of {f.hop} "
        f"samples, {rate}, in dB below the loudest cell (floor -{f.range_db:g}{pad})."
    )


def _heard(f: LogMel) -> str:
    if f.rate is None:
        return f"- Only the first {f.n_frames} frames of a sound are heard."
    return f"- Only the first {(f.n_frames - 1) * f.hop / f.rate:.2f} s of a sound are heard."


def accuracies(results: Mapping[str, Any]) -> str:
    """Tables of what ``evaluate`` measured: split to its numbers."""
    if not results:
        return ""
    lines = ["| split | sounds | groups | accuracy | balanced | sure of | of these right |"]
    lines.append("|---|---|---|---|---|---|---|")
    for split, facts in results.items():
        lines.append(
            f"| {split} | {facts['sounds']} | {facts['groups']} "
            f"| {with_interval(facts, 'accuracy')} | {with_interval(facts, 'balanced_accuracy')} "
            f"| {percent(facts['policy']['coverage'])} | {percent(facts['policy']['precision'])} |"
        )
        if "six_families" in facts:
            six = facts["six_families"]
            lines.append(
                f"| {split}, among six families | | | {with_interval(six, 'accuracy')} "
                f"| {with_interval(six, 'balanced_accuracy')} | | |"
            )
    return f"{_MEASURED}\n\n" + "\n".join(lines) + "\n\n" + _recalls(results)


_MEASURED = (
    "Measured on sounds that it was not trained on; how much these differ from the training "
    "data depends on the split. Balanced accuracy is the mean of the families' recalls. Intervals "
    "are 95 %, by bootstrap over groups. `val` was used to choose temperature and policies."
)


def _recalls(results: Mapping[str, Any]) -> str:
    families = list(next(iter(results.values()))["classes"])
    lines = ["| recall | " + " | ".join(families) + " |", "|---|" + "---|" * len(families)]
    for split, facts in results.items():
        found = [c["recall"] for c in facts["classes"].values()]
        lines.append(f"| {split} | " + " | ".join(map(percent, found)) + " |")
    return "\n".join(lines)


def _sources(rows: Sequence[Row]) -> str:
    counts = Counter((row.source, row.licence) for row in rows if row.source)
    if not counts:
        return ""
    lines = ["| source | sounds | licence as stated there |", "|---|---|---|"]
    lines += [f"| {source} | {n} | {licence} |" for (source, licence), n in counts.most_common()]
    return "\n".join(lines)


def _freesound(rows: Sequence[Row]) -> str:
    ids = {PurePosixPath(row.origin).stem for row in rows if row.source == FREESOUND}
    if not ids:
        return ""
    return (
        "Each sound from Freesound has its own Creative Commons licence, and some do not allow "
        "commercial use. `https://freesound.org/s/ID` shows the licence of each id:\n\n"
        + " ".join(sorted(ids, key=lambda i: (len(i), i)))
    )
