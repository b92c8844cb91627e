"""What takes long: one job at a time, in its own thread, with progress and a way to stop it."""

import threading
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from msgspec.structs import replace

from drumsort.errors import DrumsortError, in_words
from drumsort.web.protocol.fields import MOST_FAILURES
from drumsort.web.protocol.jobs import Job, JobKind
from drumsort.web.response import Refused


class Stopped(Exception):  # noqa: N818  (it names what happened to the job)
    """Raised within a job that is to stop."""


class Control:
    """How a job that runs says where it is, and learns that it is to stop."""

    def __init__(self, jobs: "Jobs") -> None:
        self._jobs = jobs
        self.stopping = threading.Event()

    def at(self, done: int, total: int | None = None, what: str | None = None) -> None:
        """Say how many are done.

        Raises:
            Stopped: the job is to stop.
        """
        if self.stopping.is_set():
            raise Stopped
        self._jobs.change(done=done, total=total, **({"what": what} if what else {}))


Work = Callable[[Control], tuple[str, Iterable[str]]]
"""Does a job; returns one sentence on what came of it, and one for each file that failed."""


class Jobs:
    """The job that runs, or the last one that did.

    Attributes:
        job: that job, or ``None`` where there was none yet.
    """

    def __init__(self) -> None:
        self.job: Job | None = None
        self._lock = threading.Lock()
        self._control: Control | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether one runs."""
        return self.job is not None and self.job.state == "running"

    def begin(self, kind: JobKind, what: str, work: Work, unit: str = "files") -> Job:
        """Start a job.

        Raises:
            Refused: another runs.
        """
        with self._lock:
            if self.running:
                raise Refused(409, "Something else is running: wait until it is done, or stop it.")
            job = Job((self.job.number if self.job else 0) + 1, kind, what, unit=unit)
            self.job, control = job, Control(self)
            self._control = control
            self._thread = threading.Thread(
                target=self._run, args=(work, control), name=kind, daemon=True
            )
            self._thread.start()
        return job

    def change(self, **facts: Any) -> None:
        """Change fields of the job."""
        assert self.job is not None
        self.job = replace(self.job, **facts)

    def stop(self, seconds: float = 0) -> bool:
        """Ask the job to stop, and wait up to ``seconds`` for it; whether it has stopped."""
        with self._lock:
            if not self.running or self._control is None or self._thread is None:
                return True
            self._control.stopping.set()
            thread = self._thread
        thread.join(seconds)
        return not thread.is_alive()

    def _run(self, work: Work, control: Control) -> None:
        try:
            sentence, failures = work(control)
            kept = tuple(islice(failures, MOST_FAILURES))
            self.change(state="done", sentence=sentence, failures=kept)
        except Stopped:
            self.change(state="stopped", sentence="Stopped; what was done stays.")
        except Refused as refused:
            self.change(state="failed", sentence=refused.sentence)
        except DrumsortError as error:
            self.change(state="failed", sentence=str(error))
        except OSError as error:
            self.change(state="failed", sentence=in_words(error))
        except Exception as error:  # a mistake of ours must not leave a job running for ever
            self.change(state="failed", sentence=f"Something unexpected went wrong: {error!r}.")
            raise
