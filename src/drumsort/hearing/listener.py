"""Path -> clip -> log-mel -> scores, and what else is to be known of the file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from drumsort.analysis import analyse
from drumsort.audio.decode import decode
from drumsort.errors import AudioError, DamagedError
from drumsort.features import Spectrogram
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Heard, Network
from drumsort.types import Clip, Facts


@dataclass(frozen=True, slots=True)
class HeardFile:
    """One file and what the network said of it, or an error.

    Attributes:
        size: bytes, when it was heard.
        mtime_ns: time of last change in nanoseconds, when it was heard.
        heard: what the network said, or ``None`` where there is an error.
        remark: what a listener should know of the file, or ``""``.
        error: one sentence, or ``None``.
        damaged: whether that is because the file is damaged.
        facts: what else is known of it, where that was asked for.
    """

    size: int = 0
    mtime_ns: int = 0
    heard: Heard | None = None
    remark: str = ""
    error: str | None = None
    damaged: bool = False
    facts: Facts | None = None


class Listener:
    """Hears files; may be used from several threads at once.

    Raises:
        BundleError: ONNX Runtime cannot run the graph, or it does not fit the bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._front_end = bundle.front_end
        self._network = Network(bundle)

    def __call__(self, path: Path, *, facts: bool = False) -> HeardFile:
        """Hear one file; what is wrong with it stands in what is given, nothing is raised.

        Args:
            path: the file.
            facts: whether ``facts`` are asked for; the whole file is read for them.
        """
        file, mel = self._read(path, facts)
        return file if mel is None else replace(file, heard=self._network(mel))

    def hear_all(self, paths: Sequence[Path], *, facts: bool = False) -> list[HeardFile]:
        """Hear each file as if it were alone, but together, which is quicker."""
        read = [self._read(path, facts) for path in paths]
        mels = [mel for _, mel in read if mel is not None]
        heard = iter(self._network.hear_all(np.stack(mels)) if mels else ())
        return [file if mel is None else replace(file, heard=next(heard)) for file, mel in read]

    def _read(self, path: Path, facts: bool) -> tuple[HeardFile, Spectrogram | None]:
        """What is to be known of a file, and what the network is to hear of it."""
        size = mtime_ns = 0
        try:
            stat = path.stat()
            size, mtime_ns = stat.st_size, stat.st_mtime_ns
            clip = decode(path, samples=self._front_end.native_samples, hashed=facts)
        except AudioError as error:
            damaged = isinstance(error, DamagedError)
            return HeardFile(size, mtime_ns, error=str(error), damaged=damaged), None
        except OSError as error:
            sentence = f"{path} cannot be opened: {error.strerror or error}."
            return HeardFile(size, mtime_ns, error=sentence), None
        except ValueError as error:  # a NUL in it
            return HeardFile(error=f"{str(path)!r} is no path: {error}."), None
        known = _facts(clip) if facts else None
        return HeardFile(size, mtime_ns, remark=clip.remark, facts=known), self._front_end(clip)


def _facts(clip: Clip) -> Facts:
    return Facts(
        file_hash=clip.file_hash,
        audio_hash=clip.audio_hash,
        duration=clip.duration,
        rate=clip.rate,
        channels=clip.channels,
        format=clip.format,
        remark=clip.remark,
        analysis=analyse(clip),
    )
