"""What runs on a machine of the cluster: one model in a process, which hears groups of files."""

import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from threadpoolctl import threadpool_limits

from drumsort.hearing.listener import HeardFile, Listener
from drumsort.model.bundle import Bundle
from drumsort.remote import Url


class Node:
    """Hears files with the model of the process that asks.

    Several groups may be asked for at once: all are fetched from their stores at once, and heard
    one after the other.

    Args:
        model: the files of a model folder.
        ear: ``second`` or ``quick``.
        facts: whether facts are asked for.
    """

    def __init__(self, model: Mapping[str, bytes], ear: str, facts: bool) -> None:
        self._facts, self._at_it = facts, Lock()
        with tempfile.TemporaryDirectory(prefix="drumsort-") as name:
            for file, content in model.items():
                Path(name, file).write_bytes(content)
            bundle = Bundle.load(Path(name), ear)
            self._model = bundle.id
            self._listener = Listener(bundle)
        self._threads = threadpool_limits(limits=1, user_api="blas")  # one for each core is there

    def version(self) -> tuple[str, str]:
        """Who hears: drumsort's version, and the id of the model."""
        return version("drumsort"), self._model

    def hear(self, paths: Sequence[Path]) -> list[HeardFile]:
        """What was heard in each of some files."""
        for path in paths:
            if isinstance(path, Url):
                path.ahead(whole=self._facts)
        with self._at_it:
            return self._listener.hear_all(paths, facts=self._facts)
