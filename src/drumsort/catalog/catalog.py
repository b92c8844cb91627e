"""The catalog as the other rooms see it: the database, and an entry for each file."""

import os
from collections.abc import Iterator

from drumsort.catalog.database import Database
from drumsort.catalog.judges import Judges
from drumsort.catalog.reads import Entry, entries
from drumsort.model.named import HINT


class Catalog(Database):
    """An open catalog; a context manager that closes it.

    Attributes:
        path: the file.
        writable: whether it can be written; on a read-only drive it can only be read.

    Args:
        path: the file; the one in drumsort's own folder by default.
        create: whether to create the file if it does not exist.

    Raises:
        CatalogError: the file does not exist, is damaged, is in use, was written by a newer
            version, or cannot be opened.
    """

    def entries(
        self,
        below: str | os.PathLike[str] | None = None,
        *,
        model: str | None = None,
        policy: str = "balanced",
        min_confidence: float | None = None,
        missing: bool = False,
        company: bool = True,
        names: str = HINT,
    ) -> Iterator[Entry]:
        """Every known file, in path order.

        Args:
            below: only this file, or the files in this folder.
            model: the id of the model whose verdicts to return; by default, for each sound, the
                model used last among those that heard it.
            policy: names the threshold that a verdict must reach.
            min_confidence: a threshold to use instead, 0 to 1.
            missing: whether to include files that were missing at the last scan.
            company: whether the other sounds that are known in its folder count in the verdict on a
                sound.
            names: how its name, from the scanned folder downwards, counts in the verdict on a
                sound: ``hint``, ``ignore`` or ``trust``.

        Raises:
            CatalogError: the catalog cannot be read.
            DrumsortError: a model has no such policy, or names cannot count so.
        """
        judges = Judges(self, policy, min_confidence, names)
        return entries(self, below, model, judges, missing, company)
