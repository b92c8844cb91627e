"""The model card: what it is, what it was trained on, how well it does and where it fails."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from drumsort.model.bundle import Bundle
from drumsort.taxonomy import FAMILIES
from drumsort.train.data import Row
from drumsort.train.evaluate import EIGHT, SIX

FREESOUND = "freesound-oneshot"
"""The source whose files are named by their Freesound ids."""


def card(bundle: Bundle, trained_on: Sequence[Row], parameters: int) -> str:
    """The card's text, in Markdown, from facts alone."""
    front_end, training = bundle.front_end, bundle.training
    seconds = front_end.n_samples / front_end.rate
    held_out = training["recipe"]["fold"]
    trained = (
        "the `train` split" if held_out is None else f"all but fold {held_out} of train and val"
    )
    parts = [
        f"# {bundle.name}",
        f"Tells one-shot drum sounds apart: {len(bundle.families)} families, "
        f"{len(bundle.labels)} labels. Part of drumsort, MIT licence; the sounds it was trained on "
        "keep their own licences, below.",
        "## What it takes and gives",
        f"- In: log-mel, {front_end.n_mels} bands from {front_end.fmin:g} to {front_end.fmax:g} Hz "
        f"x {front_end.n_frames} frames, {front_end.rate} Hz, the first {seconds:.2f} s from the "
        f"onset on, in dB below the loudest cell (floor -{front_end.range_db:g}).\n"
        f"- Out: a logit for each label, and an embedding of unit length.\n"
        f"- {parameters:,} parameters: a residual network with squeeze-and-excitation.",
        "| family | labels |\n|---|---|\n"
        + "\n".join(f"| {f} | {', '.join(labels)} |" for f, labels in bundle.families.items()),
        "## How well it does",
        "Measured on packs that it was not trained on. Balanced accuracy is the mean of the "
        "families' recalls; among six families the choice is between kick, snare, hat, tom, "
        "cymbal and clap only. Intervals are 95 %, by bootstrap over groups of packs. `val` was "
        "used to choose settings, temperature and threshold; `test` for nothing.",
        _accuracies(bundle.results),
        _recalls(bundle.results),
        "A verdict stands from a confidence of "
        f"{bundle.policies['balanced']:.2f} on; below it a sound is *unsure*. Logits are divided "
        f"by a temperature of {bundle.temperature:g}.",
        "## Limits",
        "- Labels of the data come from folder and file names; some are wrong, in training and in "
        "the numbers above.\n"
        "- Percussion and what is not a drum are each a mixed bag, known from few packs.\n"
        "- Only the first moments of a sound are heard: a loop that starts with one slow hit can "
        "pass for that hit.\n"
        "- A confidence is right on average over packs like these, not for each pack.",
        "## What it was trained on",
        f"{len(trained_on):,} sounds, {trained} of a manifest with SHA-256 "
        f"`{training['manifest_sha256']}`.",
        _sources(trained_on),
        "Sounds from Freesound carry a Creative Commons licence each, and some of these do not "
        "allow commercial use; `https://freesound.org/s/ID` tells for each id:",
        _freesound_ids(trained_on),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _accuracies(results: Mapping[str, Any]) -> str:
    lines = [
        "| split | sounds | groups | six families | eight families | sure of | of these right |"
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for split, facts in results.items():
        lines.append(
            f"| {split} | {facts['sounds']} | {facts['groups']} "
            f"| {_with_interval(facts, 'six')} | {_with_interval(facts, 'eight')} "
            f"| {facts['policy']['coverage']:.1%} | {facts['policy']['precision']:.1%} |"
        )
    return "\n".join(lines)


def _with_interval(facts: Mapping[str, Any], families: str) -> str:
    low, high = facts[f"{families}_families_interval"]
    return f"{facts[f'{families}_families_balanced']:.1%} ({low:.1%} to {high:.1%})"


def _recalls(results: Mapping[str, Any]) -> str:
    lines = ["| recall | " + " | ".join(FAMILIES) + " |", "|---|" + "---|" * len(FAMILIES)]
    for split, facts in results.items():
        for among, families in (("six", SIX), ("eight", EIGHT)):
            found = facts[f"recall_among_{among}"]
            cells = [f"{found[f]:.1%}" if f in found and f in families else "" for f in FAMILIES]
            lines.append(f"| {split}, among {among} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _sources(rows: Sequence[Row]) -> str:
    counts = Counter((row.source, row.licence) for row in rows)
    lines = ["| source | sounds | licence as stated there |", "|---|---|---|"]
    lines += [f"| {source} | {n} | {licence} |" for (source, licence), n in counts.most_common()]
    return "\n".join(lines)


def _freesound_ids(rows: Sequence[Row]) -> str:
    ids = {PurePosixPath(row.origin).stem for row in rows if row.source == FREESOUND}
    return " ".join(sorted(ids, key=lambda i: (len(i), i)))
