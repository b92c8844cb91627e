"""Split of sounds into train, val and test: at random, by group, or by fold."""

import hashlib
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.near_duplicates import alike, joined_groups
from drumsort.lab.data.rows import SPLITS, Data, Row

FOLDS = 5
LARGE = 90
"""A group with more sounds is always in ``train``."""


def prepare(
    data: Data,
    sources: Collection[str] = (),
    by: str | None = None,
    number: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Data:
    """The sounds of some sources, each with its split.

    Args:
        data: labelled sounds.
        sources: to keep; all by default.
        by: ``manifest``, ``group`` or ``random``; the default is the manifest if it has splits,
            else by group if groups are known, else at random.
        number: of the fold to hold out, for cross-validation.
        on_progress: called while sounds are read to find near-duplicates, which a split by group
            keeps together, with how many are done and how many there are.

    Raises:
        DataError: a source has no sounds, or the sounds cannot be split like that.
    """
    data = only(data, sources)
    rows = list(data.rows)
    unsaid = [row.path for row in rows if not row.split]
    said = len(unsaid) < len(rows)
    if said and unsaid and by in (None, "manifest"):
        raise DataError(
            f"The manifest of {data.root} has a split for {len(rows) - len(unsaid):,} of "
            f"{len(rows):,} sounds, but not for {unsaid[0]}: give all of them one, or choose "
            "--split-by group."
        )
    if by is None:
        grouped = len({row.group for row in rows}) < len(rows)
        by = "manifest" if said else "group" if grouped else "random"
    if by == "manifest" and not said:
        raise DataError(
            f"{data.root} has no manifest with splits: choose --split-by group or random."
        )
    if by != "manifest":
        rows = by_group(joined(data, on_progress).rows) if by == "group" else at_random(rows)
    return Data(data.root, rows if number is None else fold(rows, number))


def joined(data: Data, on_progress: Callable[[int, int], None] = lambda done, total: None) -> Data:
    """The sounds, with groups merged that have a near-duplicate in common."""
    features = FeatureCache(LogMel()).features(data, on_progress)
    pairs, _ = alike(features.log_mels())
    heard = {row.path: row for row in joined_groups(features.data.rows, pairs.tolist())}
    return Data(data.root, [heard.get(row.path, row) for row in data.rows])


def only(data: Data, sources: Collection[str] = (), split: str | None = None) -> Data:
    """The sounds of some sources and of one split; all by default.

    Raises:
        DataError: there are no such sounds.
    """
    rows = [
        row
        for row in data.rows
        if (not sources or row.source in sources) and split in (None, row.split)
    ]
    missing = set(sources) - {row.source for row in rows}
    if missing or not rows:
        if missing:
            raise DataError(f"{data.root} has no sound of the source {min(missing)!r}.")
        raise DataError(
            f"{data.root} has no sound in the {split} split: choose another, or --split all for "
            "every sound."
        )
    return Data(data.root, rows)


def at_random(rows: Sequence[Row], seed: int = 42) -> list[Row]:
    """64 / 16 / 20 percent for ``train``, ``val`` and ``test``, stratified by family.

    Sounds of one pack end up on both sides, so results say little about packs never heard.

    Raises:
        DataError: a family has too few sounds for three splits.
    """
    from sklearn.model_selection import train_test_split  # here, because it takes seconds to load

    rare, n = min(Counter(row.family for row in rows).items(), key=lambda item: item[1])
    if n < 5:
        raise DataError(
            f"The class {rare!r} has {n} sounds, and a split in three takes 5: add some, or leave "
            "the class out."
        )
    families = [row.family for row in rows]
    try:
        rest, test = train_test_split(
            range(len(rows)), test_size=0.2, stratify=families, random_state=seed
        )
        of_rest = [families[i] for i in rest]
        train, val = train_test_split(rest, test_size=0.2, stratify=of_rest, random_state=seed)
    except ValueError as error:
        raise DataError(
            f"{len(rows)} sounds of {len(set(families))} classes are too few to split in three."
        ) from error
    return _placed(rows, {"train": train, "val": val, "test": test})


def by_group(rows: Sequence[Row], seed: int = 42) -> list[Row]:
    """About 64 / 16 / 20 percent, families as even as whole groups allow.

    Raises:
        DataError: there are too few groups.
    """
    groups = {row.group for row in rows}
    if len(groups) < FOLDS:
        raise DataError(
            f"These sounds have {len(groups)} groups, and a split by group takes {FOLDS}: split "
            "at random, or name the groups in a manifest."
        )
    rest, test = _held_out(rows, range(len(rows)), seed)
    train, val = _held_out(rows, rest, seed)
    return _placed(rows, {"train": train, "val": val, "test": test})


def fold(rows: Sequence[Row], number: int) -> list[Row]:
    """Split ``train`` and ``val`` again, for grouped cross-validation.

    A fifth of the groups becomes ``val``, another fifth for each ``number`` from 0 to
    ``FOLDS - 1``; the rest is ``train``. Groups of more than ``LARGE`` sounds are always ``train``.
    """
    sizes = Counter(row.group for row in rows)

    def split(row: Row) -> str:
        held_out = int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS == number
        return "val" if held_out and sizes[row.group] <= LARGE else "train"

    return [row if row.split == "test" else replace(row, split=split(row)) for row in rows]


def whole(data: Data) -> Data:
    """The sounds with all but ``test`` in ``train``, and none in ``val``."""
    rows = [row if row.split == "test" else replace(row, split="train") for row in data.rows]
    return Data(data.root, rows)


def _held_out(rows: Sequence[Row], part: Sequence[int], seed: int) -> tuple[list[int], list[int]]:
    """Four fifths and one fifth of the rows at ``part``, in whole groups."""
    from sklearn.model_selection import StratifiedGroupKFold

    families, groups = [rows[i].family for i in part], [rows[i].group for i in part]
    folds = StratifiedGroupKFold(min(FOLDS, len(set(groups))), shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a rare class may be on one side only
        kept, held = next(iter(folds.split(families, families, groups)))
    return [part[i] for i in kept], [part[i] for i in held]


def _placed(rows: Sequence[Row], indices: dict[str, list[int]]) -> list[Row]:
    split = {i: name for name in SPLITS for i in indices[name]}
    return [replace(row, split=split[i]) for i, row in enumerate(rows)]
