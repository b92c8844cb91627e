"""What takes long, stopped from the page."""

from drumsort.web.context import Context
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.jobs import Job
from drumsort.web.request import Request


def stop(context: Context, request: Request[Nothing]) -> Job | None:
    """Stop the job that runs; what is done stays."""
    context.jobs.stop()
    return context.jobs.job
