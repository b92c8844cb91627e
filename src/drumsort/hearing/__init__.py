"""Path -> what was heard in the file: in this process, or in one process for each core.

``Listener`` hears one file. ``in_order`` hears a stream of them: few of them here, more of them in
a ``Pool`` of worker processes. A worker is a process of its own rather than a thread, for Python
lets one thread at a time run, and a decoder that crashes takes its process down.
"""

from drumsort.hearing.line import AHEAD, in_order
from drumsort.hearing.listener import HeardFile, Listener
from drumsort.hearing.pool import Pool, cores

__all__ = ["AHEAD", "HeardFile", "Listener", "Pool", "cores", "in_order"]
