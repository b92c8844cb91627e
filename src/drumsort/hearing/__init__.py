"""Path -> what was heard in the file: in this process, or in one process for each core.

``Ear`` is the way in. ``Listener`` hears one file. ``in_order`` hears a stream of them: a few in
this process, more in a ``Pool`` of worker processes. A worker is a process rather than a thread
because Python runs one thread at a time, and because a decoder that crashes takes its process down.
"""

from drumsort.hearing.ear import Ear
from drumsort.hearing.line import AHEAD, in_order
from drumsort.hearing.listener import HeardFile, Listener
from drumsort.hearing.pool import Pool, cores

__all__ = ["AHEAD", "Ear", "HeardFile", "Listener", "Pool", "cores", "in_order"]
