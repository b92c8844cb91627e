"""What all worker processes do first."""

import signal

from threadpoolctl import threadpool_limits


def at_rest() -> None:
    """Use one thread, because each core has a process, and leave Ctrl-C to the main process."""
    threadpool_limits(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
