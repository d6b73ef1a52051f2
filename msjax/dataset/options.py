"""What sources take besides data: how to shuffle; the cache, which needs MindSpore's own server."""

from __future__ import annotations

from enum import Enum


class Shuffle(str, Enum):  # noqa: UP042 (prints as an Enum)
    """How a source shuffles: not at all, everything, the order of the files, or within each file.

    Example:
        >>> ds.Shuffle.FILES.value
        'files'
    """

    FALSE = "false"
    ADAPTIVE = "adaptive"
    GLOBAL = "global"
    PARTIAL = "partial"
    FILES = "files"
    INFILE = "infile"


class DatasetCache:
    """A cache for rows in MindSpore's cache server. It is accepted, and pipelines read their files instead.

    Args:
        session_id (int), size (int), spilling (bool), hostname (str), port (int), num_connections (int),
            prefetch_size (int): as for MindSpore's server; no effect.

    Differs from MindSpore: there is no server, so nothing is cached, and the rows are the same.
    """

    def __init__(
        self, session_id, size=0, spilling=False, hostname=None, port=None, num_connections=None, prefetch_size=None
    ):
        self.session_id, self.size, self.spilling = session_id, size, spilling
        self.hostname, self.port = hostname, port
        self.num_connections, self.prefetch_size = num_connections, prefetch_size

    def get_stat(self):
        """There are no statistics, as there is no server.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("DatasetCache has no server in msjax, so there are no statistics of one.")
