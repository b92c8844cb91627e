"""Sounds -> a table of log-mels, computed once for each content and cached as Parquet."""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from drumsort.audio.decode import decode
from drumsort.errors import AudioError, DataError
from drumsort.features import VERSION, LogMel
from drumsort.files.home import cache_folder
from drumsort.lab.data.rows import Data
from drumsort.lab.files import write_table
from drumsort.lab.workers import at_rest

_CHUNK = 32
_CONTENT = ("file_hash", "rate", "duration", "log_mel")


@dataclass(frozen=True)
class Features:
    """The log-mels of labelled sounds.

    Attributes:
        data: the sounds that could be read.
        table: a row for each of them: ``label``, ``file``, ``rate`` (Hz), ``duration`` (s),
            ``file_hash`` (SHA-256 of the bytes) and ``log_mel`` (dB, float32, an array of
            ``n_mels`` x ``n_frames``).
        failures: one sentence for each sound that could not be read.
    """

    data: Data
    table: pl.DataFrame
    failures: list[str]

    def log_mels(self) -> NDArray[np.float32]:
        """Shape ``(n, n_mels, n_frames)``, dB."""
        return self.table["log_mel"].to_numpy().copy()  # the array of polars is read-only

    def more(self, front_end: LogMel, some: Sequence[int]) -> NDArray[np.float32]:
        """Log-mels of another front end, of the sounds of these numbers."""
        asked = Data(self.data.root, [self.data.rows[i] for i in some])
        return FeatureCache(front_end).features(asked).log_mels()


class FeatureCache:
    """The log-mels of one front end, in one Parquet file, looked up by content.

    Args:
        front_end: of the log-mels; each has its own file.
        folder: of the file; by default ``DRUMSORT_CACHE`` or the user's cache folder.
    """

    def __init__(self, front_end: LogMel, folder: Path | None = None) -> None:
        facts = json.dumps([VERSION, asdict(front_end)], sort_keys=True)
        key = hashlib.sha256(facts.encode()).hexdigest()[:12]
        self.front_end = front_end
        self.path = (folder or cache_folder()) / f"log-mel-{key}.parquet"

    def features(
        self, data: Data, on_progress: Callable[[int, int], None] = lambda done, total: None
    ) -> Features:
        """Log-mels of all sounds; only those of new contents are computed.

        Args:
            data: the sounds.
            on_progress: called with how many are computed, of how many.

        Raises:
            DataError: the cache is damaged or cannot be written, or no sound can be read.
        """
        if not data.rows:
            return Features(data, self._nothing(), [])
        heard, failed = [], {}
        paths = [str(data.path(row)) for row in data.rows]
        hashes = file_hashes(paths)
        known = self._read(hashes)
        there = set(known["file_hash"]) if known is not None else set()
        new = {h: p for h, p in zip(hashes, paths, strict=True) if h not in there}
        with ProcessPoolExecutor(initializer=at_rest) as pool:
            results = pool.map(
                partial(_hear, self.front_end), new.values(), new.keys(), chunksize=_CHUNK
            )
            for done, (file_hash, result) in enumerate(zip(new, results, strict=True), start=1):
                if isinstance(result, str):
                    failed[file_hash] = result
                else:
                    heard.append((file_hash, *result))
                on_progress(done, len(new))
        if heard:
            columns = dict(zip(_CONTENT, zip(*heard, strict=True), strict=True))
            fresh = pl.DataFrame({**columns, "log_mel": np.stack(columns["log_mel"])})
            everything = self._read()
            write_table(fresh if everything is None else pl.concat([everything, fresh]), self.path)
            known = fresh if known is None else pl.concat([known, fresh])
        kept = [i for i, file_hash in enumerate(hashes) if file_hash not in failed]
        rows = [data.rows[i] for i in kept]
        wanted = pl.DataFrame(
            {
                "label": [row.label for row in rows],
                "file": [row.path for row in rows],
                "file_hash": [hashes[i] for i in kept],
            },
            schema=dict.fromkeys(("label", "file", "file_hash"), pl.String),
        )
        if known is None or not rows:
            first = next(iter(failed.values()), "There are none.")
            raise DataError(
                f"None of the {len(data.rows)} sounds needed from {data.root} can be read. "
                f"{data.of_root(first)}"
            )
        table = wanted.join(known, on="file_hash", how="left", maintain_order="left")
        failures = [  # one message per content: put in the name of each file
            data.of_root(failed[file_hash].replace(new[file_hash], path))
            for file_hash, path in zip(hashes, paths, strict=True)
            if file_hash in failed
        ]
        return Features(Data(data.root, rows), table, failures)

    def _nothing(self) -> pl.DataFrame:
        log_mel = pl.Array(pl.Float32, (self.front_end.n_mels, self.front_end.n_frames))
        return pl.DataFrame(schema={"file_hash": pl.String, "log_mel": log_mel})

    def _read(self, hashes: Sequence[str] | None = None) -> pl.DataFrame | None:
        """What earlier runs computed, for these contents or for all."""
        if not self.path.exists():
            return None
        try:
            table = pl.scan_parquet(self.path).select(_CONTENT)
            if hashes is not None:
                table = table.filter(pl.col("file_hash").is_in(list(set(hashes))))
            return table.collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise DataError(
                f"The cache {self.path} is damaged: delete it; it will be made again."
            ) from error


def file_hashes(paths: Sequence[str]) -> list[str]:
    """SHA-256 of the bytes of each file, or its path if it cannot be read."""
    with ThreadPoolExecutor() as pool:  # hashing releases the interpreter lock
        return list(pool.map(_file_hash, paths))


def _file_hash(path: str) -> str:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123  (``file_digest`` takes a plain stream)
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return path


def _hear(
    front_end: LogMel, path: str, file_hash: str
) -> tuple[int, float, NDArray[np.float32]] | str:
    """Rate, duration and log-mel of one file, or what is wrong with it."""
    try:
        clip = decode(Path(path), samples=front_end.native_samples)
    except AudioError as error:
        return str(error)
    return clip.rate, clip.duration, front_end(clip)
