"""Path -> clip -> log-mel -> scores, and what else is to be known of the file."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from drumsort.analysis import analyse
from drumsort.analysis.low_tone import is_low_tone
from drumsort.audio.decode import decode
from drumsort.errors import AudioError, DamagedError, DrumsortError
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Heard, Network
from drumsort.model.low_tone import weighed
from drumsort.types import Clip, Facts

_OF_ALL = (DrumsortError, ImportError, MemoryError)  # what is wrong with more than one file
_SOUND = Path(__file__).parents[1] / "demo" / "BillieDrum" / "cowbell.ogg"  # that can be heard


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
        unread: whether the error is that it could not be read; it may be another time.
    """

    size: int = 0
    mtime_ns: int = 0
    heard: Heard | None = None
    remark: str = ""
    error: str | None = None
    damaged: bool = False
    facts: Facts | None = None
    unread: bool = False


class Listener:
    """Hears files; may be used from several threads at once.

    Raises:
        BundleError: ONNX Runtime cannot run the graph, or it does not fit the bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._classes = bundle.classes
        self._samples = bundle.front_end.native_samples
        self._network = Network(bundle)
        self._works = False

    def __call__(self, path: Path, *, facts: bool = False) -> HeardFile:
        """Hear one file; what is wrong with it stands in what is given.

        Args:
            path: the file.
            facts: whether ``facts`` are asked for; the whole file is read for them.

        Raises:
            DrumsortError: no file can be heard, it seems.
        """
        return self.hear_all([path], facts=facts)[0]

    def hear_all(self, paths: Sequence[Path], *, facts: bool = False) -> list[HeardFile]:
        """Hear each file as if it were alone, but together, which is quicker.

        Where that fails in a way that nobody foresaw, they are heard once more, one by one, and
        what fails then is to blame. Raises what hearing one does.
        """
        try:
            heard = self._hear_all(paths, facts)
        except _OF_ALL:
            raise
        except Exception as error:
            if len(paths) == 1:
                return [self._failed(paths[0], error, facts)]
            return [self(path, facts=facts) for path in paths]
        self._works = self._works or any(file.heard for file in heard)
        return heard

    def _hear_all(self, paths: Sequence[Path], facts: bool) -> list[HeardFile]:
        read = [self._read(path, facts) for path in paths]
        clips = [clip for _, clip in read if clip is not None]
        heard = iter(self._network.hear_all(clips) if clips else ())
        return [
            file if clip is None else self._with(file, clip, next(heard)) for file, clip in read
        ]

    def _failed(self, path: Path, error: Exception, facts: bool) -> HeardFile:
        """A file that fails in a way that nobody foresaw.

        Raises:
            DrumsortError: a sound that comes with drumsort fails as well, so all would.
        """
        why = " ".join(f"{type(error).__name__}: {error}".split())
        if not self._works:
            with suppress(Exception):
                self._works = bool(self._hear_all([_SOUND], facts)[0].heard)
        if not self._works:
            raise DrumsortError(
                f"No sound can be heard, {path} as little as one that comes with drumsort ({why}): "
                "install drumsort again, and report it if that does not help."
            ) from error
        return unheard(
            path,
            f"{path} makes drumsort fail in a way that was not foreseen ({why}): please report it, "
            "and add the file.",
        )

    def _with(self, file: HeardFile, clip: Clip, heard: Heard) -> HeardFile:
        """The file with what the network says of it, and what follows from a low tone."""
        return replace(file, heard=weighed(heard, self._classes) if is_low_tone(clip) else heard)

    def _read(self, path: Path, facts: bool) -> tuple[HeardFile, Clip | None]:
        """What is to be known of a file, and what is to be heard of it."""
        size = mtime_ns = 0
        try:
            try:
                stat = path.stat()
            except ValueError as error:  # a NUL in it
                return HeardFile(error=f"{str(path)!r} is no path: {error}."), None
            size, mtime_ns = stat.st_size, stat.st_mtime_ns
            clip = decode(path, samples=self._samples, hashed=facts)
        except AudioError as error:
            damaged = isinstance(error, DamagedError)
            unread = isinstance(error.__cause__, OSError)
            said = HeardFile(size, mtime_ns, error=str(error), damaged=damaged, unread=unread)
            return said, None
        except OSError as error:
            sentence = f"{path} cannot be opened: {error.strerror or error}."
            return HeardFile(size, mtime_ns, error=sentence, unread=True), None
        known = _facts(clip) if facts else None
        return HeardFile(size, mtime_ns, remark=clip.remark, facts=known), clip


def unheard(path: Path, error: str) -> HeardFile:
    """A file with an error, and its size and time of change if it can be looked at."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return HeardFile(error=error)
    return HeardFile(stat.st_size, stat.st_mtime_ns, error=error)


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
