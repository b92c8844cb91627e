"""What processes that work for another one have in common."""

import signal

from threadpoolctl import threadpool_limits


def at_rest() -> None:
    """One thread, as there is a process for each core; and Ctrl-C is for the first process."""
    threadpool_limits(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
