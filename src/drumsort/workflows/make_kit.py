"""Make a kit: choose a sound for each pad, so that all go together."""

import json
from collections.abc import Iterable, Mapping

import numpy as np

from drumsort.alike.together import Candidates, together
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.known_models import models
from drumsort.kits.keys import PADS

_EACH = 300  # candidates of a label: enough to choose from, and read in a moment

_EMBEDDINGS = """
    SELECT f.rowid AS id, v.embedding FROM files f
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    WHERE f.rowid IN (SELECT value FROM json_each(?)) AND v.embedding IS NOT NULL
    GROUP BY f.audio_hash
"""


def make_kit(
    catalog: Catalog,
    sounds: Iterable[tuple[int, str, float]],
    kept: Mapping[int, int],
    seed: int,
) -> list[int | None]:
    """Choose a sound for each of ``PADS``.

    Args:
        catalog: which knows the embeddings.
        sounds: to choose from: the id of a file, its label, and its loudness in dB.
        kept: pad, from 0, to the id of the sound that stays on it.
        seed: another one makes another kit.

    Returns:
        An id for each pad; ``None`` where no sound fits.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    rng = np.random.default_rng(seed)
    fitting = {label for _, labels in PADS for label in labels}
    by_label: dict[str, list[tuple[int, str, float]]] = {}
    for sound in sounds:
        if sound[1] in fitting or sound[0] in kept.values():
            by_label.setdefault(sound[1], []).append(sound)
    some: dict[int, tuple[int, str, float]] = {}
    for same in by_label.values():
        picked = rng.permutation(len(same))[:_EACH].tolist()
        some |= {same[nth][0]: same[nth] for nth in picked}
        some |= {sound[0]: sound for sound in same if sound[0] in kept.values()}
    vectors: dict[int, bytes] = {}
    for number in list(models(catalog))[:1]:
        vectors = dict(catalog.read(_EMBEDDINGS, (number, json.dumps(list(some)))))
    if not vectors:
        return [kept.get(pad) for pad in range(len(PADS))]
    known = [some[number] for number in sorted(vectors)]
    candidates = Candidates(
        np.array([number for number, _, _ in known]),
        [label for _, label, _ in known],
        np.stack([np.frombuffer(vectors[number], np.float32) for number, _, _ in known]),
        np.nan_to_num(np.array([loudness for _, _, loudness in known])),
    )
    return together(candidates, [labels for _, labels in PADS], kept, rng)
