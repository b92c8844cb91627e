"""The classes of a network: families, their labels, and which of them a sound can be."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from drumsort import taxonomy
from drumsort.errors import DataError
from drumsort.lab.data.rows import Row
from drumsort.model.classes import Classes


@dataclass(frozen=True)
class Targets(Classes):
    """Families and their labels, in the order of the network's outputs."""

    @classmethod
    def of(cls, classes: Sequence[str] | str | None, rows: Sequence[Row]) -> "Targets":
        """The classes that a recipe asks for, or those of ``rows``.

        Raises:
            DataError: there are fewer than two.
        """
        if classes == "taxonomy":
            return cls({family: tuple(labels) for family, labels in taxonomy.FAMILIES.items()})
        names = sorted({row.family for row in rows}) if classes is None else classes
        if len(names) < 2:
            raise DataError(f"There is only {len(names)} class ({', '.join(names)}): it takes two.")
        return cls({name: (name,) for name in names})

    def possible(self, row: Row) -> tuple[str, ...]:
        """The labels that a sound can have: one if it is known exactly, else all of its family.

        Raises:
            DataError: the network has no such label.
        """
        for name in (row.family, row.label):
            if name in self.families:
                return self._within(row, name)
        if row.label in self.labels:
            return (row.label,)
        raise DataError(
            f"{row.path} is labelled {row.label!r}, which is not one of the classes "
            f"({', '.join(self.families)}): correct the label, or train on the classes of the "
            "data with --set classes=none."
        )

    def _within(self, row: Row, family: str) -> tuple[str, ...]:
        """The labels of ``family`` that a sound can have."""
        labels = self.families[family]
        if row.label in labels and row.label != "percussion":  # which stands for its whole family
            return (row.label,)
        if row.label in self.labels and row.label not in labels:
            raise DataError(
                f"{row.path} has the label {row.label!r} and the family {family!r}, which does not "
                "belong together: correct one of them."
            )
        return labels

    def family(self, row: Row) -> str:
        """The one family that all possible labels of a sound belong to."""
        first = self.possible(row)[0]
        return next(family for family, labels in self.families.items() if first in labels)

    def mask(self, rows: Sequence[Row]) -> Tensor:
        """Shape ``(n, n_labels)``, bool: the labels that each sound can have."""
        possible = [self.possible(row) for row in rows]
        return torch.tensor([[label in some for label in self.labels] for some in possible])

    def families_of(self, scores: Tensor) -> Tensor:
        """Index of the best family, shape ``(n,)``, of logits or of a mask ``(n, n_labels)``."""
        p = scores.detach().cpu()
        p = p.float() if p.dtype == torch.bool else p.softmax(1)
        return torch.from_numpy(self.best(p.numpy()).family)
