"""What a workflow reports, as the page's job shows it."""

from drumsort.web.jobs import Control
from drumsort.workflows.progress import Progress, Step

_WORDS = {Step.CUT: "Cutting", Step.LOOK: "Looking", Step.LISTEN: "Listening"}


class JobProgress(Progress):
    """Passes the reports of a workflow on to a job, and keeps its warnings.

    Attributes:
        warnings: one sentence for each problem that did not stop the workflow.

    Args:
        control: of the job.
    """

    def __init__(self, control: Control) -> None:
        self.warnings: list[str] = []
        self._control = control

    def at(self, step: Step, done: int, total: int | None = None) -> None:
        """Show how far the job is; stops the workflow if the job is to stop."""
        self._control.at(done, total, _WORDS.get(step))

    def warn(self, sentence: str) -> None:
        """Keep a warning, to be shown when the job ends."""
        self.warnings.append(sentence)
