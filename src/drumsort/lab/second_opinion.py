"""Two networks that never learned from the same sounds -> how they are to be heard together.

When the second one is asked, and how much it counts, is chosen on sounds held out from both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from drumsort.errors import DataError
from drumsort.lab import calibrate
from drumsort.lab.benchmark import open_subject
from drumsort.lab.benchmark.pool import Pool, hear
from drumsort.lab.data import Data
from drumsort.lab.data.fetched import fetched
from drumsort.lab.data.rows import Row
from drumsort.lab.loss import set_loss
from drumsort.lab.metrics import Numbers, Verdicts, accuracy, calibration_error, difference
from drumsort.lab.run import Run
from drumsort.lab.targets import Targets
from drumsort.lab.trained import verdicts
from drumsort.lab.trees import in_company
from drumsort.model.bundle import Second
from drumsort.model.infer import mean, unsure

SHARES = np.linspace(0, 1, 21)
"""Weights of the second network that are tried."""

KEPT = 0.75
"""The part of what always asking gains in likelihood that must be left where not all are asked.

The rest comes from sounds that the quick network is nearly sure of. Asking about them takes most of
the time and changes hardly any verdict. What is asked about from 0.6 on changes few verdicts, too,
but how sure they are, and so what a policy sorts.
"""

LEAST = 0.001
"""The gain in log-likelihood, in nats a sound, from which a second opinion is asked at all."""


@dataclass(frozen=True)
class Opinions:
    """What two networks say of sounds that neither learned from.

    Attributes:
        targets: families and labels, the same for both.
        rows: what is known of each sound.
        quick, second: calibrated probabilities, each of shape ``(n, n_labels)``.
    """

    targets: Targets
    rows: Sequence[Row]
    quick: Numbers
    second: Numbers

    @cached_property
    def possible(self) -> torch.Tensor:
        """The labels that each sound can have, shape ``(n, n_labels)``, bool."""
        return self.targets.mask(self.rows)

    def truth(self, p: Numbers) -> Verdicts:
        """Verdicts by any probabilities ``(n, n_labels)``, each beside the right family."""
        return verdicts(self.targets, p, self.rows)


def choose(
    quick: Path,
    second: Path,
    data: Path | None = None,
    on_sounds: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Second, dict[str, float], dict[str, Any]]:
    """How two networks go together, the policies for both in company, and what they gain.

    Args:
        quick: folder of a cross-validation, or of a run with validation sounds.
        second: the same of the larger network.
        data: the sounds, if they are not where the networks learned from them.
        on_sounds: called while sounds are read, with how many of a network's are done.

    Raises:
        DataError: one of them has not ended, they do not fit, or no sound was held out from both.
    """
    one, two = Run.load(quick), Run.load(second)
    _check(one, two)
    heard = (
        _held_out(folder, run, data, on_sounds) for folder, run in ((quick, one), (second, two))
    )
    opinions = _shared(*heard)
    if opinions is None:
        raise DataError(
            f"No sound was held out from both {quick} and {second}: train them on the same data."
        )
    always = Second(
        two.recipe.front_end,
        sha256="",
        temperature=two.temperature,
        threshold=1.0,
        share=0.0,
        mean_temperature=1.0,
        quick_policies=one.policies,
        crop=getattr(two.net(), "crop", None),
    )
    how = together(opinions, always)
    said = in_company(opinions.targets, heard_by_both(opinions, how), opinions.rows)
    return how, calibrate.policies(opinions.truth(said)), _gained(opinions, how)


def together(opinions: Opinions, always: Second) -> Second:
    """How they go together best; ``always`` says all else of the second one.

    The share is the one with which the labels are most likely, the threshold the lowest that leaves
    ``KEPT`` of what always asking gains. The temperature of the mean is then that for the sounds
    which are asked about.
    """
    how = _weighed(opinions, always)
    how = _asked(opinions, how)
    return _calibrated(opinions, how)


def heard_by_both(opinions: Opinions, how: Second) -> Numbers:
    """What is said of each sound, as ``model.infer`` does it, shape ``(n, n_labels)``."""
    both = mean(opinions.quick, opinions.second, how)
    return np.where(_unsure(opinions, how)[:, None], both, opinions.quick)


def _check(one: Run, two: Run) -> None:
    if one.targets != two.targets:
        raise DataError(
            f"{one.name} and {two.name} differ in their labels: a second opinion has the same ones."
        )


def _held_out(
    folder: Path, run: Run, data: Path | None, on_sounds: Callable[[int, int], None]
) -> Pool:
    sounds = fetched(Data(data or run.root, run.rows()))
    parts = open_subject(folder, sounds, "val").parts
    return hear(next(iter(parts.values())), on_sounds)


def _shared(one: Pool, two: Pool) -> Opinions | None:
    """Both on the sounds that are in both, in the order of the first."""
    at = {row.path: i for i, row in enumerate(two.rows)}
    kept = [i for i, row in enumerate(one.rows) if row.path in at]
    if not kept:
        return None
    rows = [one.rows[i] for i in kept]
    return Opinions(
        one.targets,
        rows,
        one.p[kept].astype(np.float32),
        two.p[[at[row.path] for row in rows]].astype(np.float32),
    )


def _weighed(opinions: Opinions, always: Second) -> Second:
    """The share and the temperature with which the labels are most likely, if all are asked."""
    tried = [replace(always, share=round(float(share), 2)) for share in SHARES]
    found = [replace(how, mean_temperature=_temperature(opinions, how)) for how in tried]
    return min(found, key=lambda how: _loss(opinions, how))


def _asked(opinions: Opinions, how: Second) -> Second:
    """The lowest threshold that leaves ``KEPT`` of the gain in likelihood."""
    never, always = (_loss(opinions, replace(how, threshold=t)) for t in (0.0, 1.0))
    if never - always < LEAST:
        return replace(how, threshold=0.0)
    most = never - KEPT * (never - always)
    for percent in range(100):
        less = replace(how, threshold=percent / 100)
        if _loss(opinions, less) <= most:
            return less
    return how


def _calibrated(opinions: Opinions, how: Second) -> Second:
    """The temperature anew, for the sounds that are asked about."""
    asked = _unsure(opinions, how)
    if not asked.any():
        return how
    some = replace(
        opinions,
        rows=[opinions.rows[i] for i in np.flatnonzero(asked).tolist()],
        quick=opinions.quick[asked],
        second=opinions.second[asked],
    )
    return replace(how, mean_temperature=_temperature(some, how))


def _temperature(opinions: Opinions, how: Second) -> float:
    return calibrate.temperature(_logits(opinions, how), opinions.possible)


def _loss(opinions: Opinions, how: Second) -> float:
    """The loss of what is said in the end."""
    said = torch.from_numpy(heard_by_both(opinions, how)).clamp(min=1e-9).log()
    return float(set_loss(said, opinions.possible).mean())


def _logits(opinions: Opinions, how: Second) -> torch.Tensor:
    """The logarithm of the mean, before its temperature."""
    plain = replace(how, mean_temperature=1.0)
    return torch.from_numpy(mean(opinions.quick, opinions.second, plain)).log()


def _unsure(opinions: Opinions, how: Second) -> Any:
    """The sounds that the second network is asked about, shape ``(n,)``, bool."""
    return unsure(opinions.targets, opinions.quick, how)


def _gained(opinions: Opinions, how: Second) -> dict[str, Any]:
    """What the second opinion brings on the sounds that it was chosen on."""
    said = {
        "quick": opinions.quick,
        "second": opinions.second,
        "both, always asked": heard_by_both(opinions, replace(how, threshold=1.0)),
        "both": heard_by_both(opinions, how),
    }
    judged = {name: opinions.truth(p) for name, p in said.items()}
    gain, interval = difference(judged["quick"], judged["both"], accuracy)
    return {
        "sounds": len(opinions.quick),
        "groups": len(set(judged["quick"].groups)),
        "asked": round(float(_unsure(opinions, how).mean()), 4),
        "accuracy": {name: round(float(accuracy(v.confusion())), 4) for name, v in judged.items()},
        "calibration_error": {
            name: round(calibration_error(judged[name]), 4) for name in ("quick", "both")
        },
        "gain": round(gain, 4),
        "gain_interval": [None if np.isnan(end) else round(end, 4) for end in interval],
    }
