"""The catalog as its users see it: the database, and what is known of each file."""

import os
from collections.abc import Iterator

from drumsort.catalog.database import Database
from drumsort.catalog.reads import Entry, entries


class Catalog(Database):
    """An open catalog, see ``Database``."""

    def entries(
        self,
        below: str | os.PathLike[str] | None = None,
        *,
        model: str | None = None,
        policy: str = "balanced",
        min_confidence: float | None = None,
        missing: bool = False,
    ) -> Iterator[Entry]:
        """Every file that is known, by path.

        Args:
            below: only this file, or those in this folder.
            model: the id of the model whose verdicts count; by default, for each sound, the one
                used last of those that heard it.
            policy: how sure a verdict must be to stand.
            min_confidence: family probability from which on a verdict stands, instead.
            missing: whether files count that were gone at the last scan.

        Raises:
            CatalogError: it cannot be read.
            DrumsortError: a model has no such policy.
        """
        return entries(self, below, model, policy, min_confidence, missing)
