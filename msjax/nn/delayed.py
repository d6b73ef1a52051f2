"""Parameters without values yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_init_parameters() -> Iterator[None]:
    """A context inside which Parameters may wait for their values until these are loaded or asked for.

    Nobody can tell: a Parameter that is asked has its value. Here all have theirs at once.

    Example:
        >>> with nn.no_init_parameters():
        ...     net = nn.Dense(2, 3)
        >>> net.weight.shape
        (3, 2)
    """
    yield
