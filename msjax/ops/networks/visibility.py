"""Which keys a query sees in attention, by masks, by places in sequences, and by the modes that MindSpore numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

COMPRESSED = 2048  # queries and keys of the mask that stands for a triangle of any size
SHIFTED = 1024  # rows of a shift that stands for one along diagonals


class Places(NamedTuple):
    """Where queries and keys stand in their sequences, to be broadcast to (batch, heads, queries, keys).

    Attributes:
        rows: the number of each query.
        columns: the number of each key.
        longer: by how much keys are more than queries.
        real: where both are of one sequence, and not beyond its end; None for everywhere.
    """

    rows: Any
    columns: Any
    longer: Any
    real: Any = None


def places(queries: int, keys: int, lengths=None, key_lengths=None, padding=None, key_padding=None) -> Places:
    """Of sequences with `lengths` (batch,), which begin with the arrays or end `padding` before their end."""
    rows, columns = np.arange(queries)[:, None], np.arange(keys)
    if lengths is None and key_lengths is None:
        return Places(rows, columns, keys - queries)
    own, other = (_per_sample(n, whole) for n, whole in ((lengths, queries), (key_lengths, keys)))
    rows = rows if padding is None else rows - (queries - padding - own)
    columns = columns if key_padding is None else columns - (keys - key_padding - other)
    real = (rows >= 0) & (rows < own) & (columns >= 0) & (columns < other)
    return Places(rows, columns, other - own, real)


def _per_sample(lengths, whole: int):
    return np.int64(whole) if lengths is None else jnp.asarray(lengths).reshape(-1, 1, 1, 1).astype(np.int64)


def packed_places(queries: int, keys: int, ends, key_ends) -> Places:
    """Of sequences that stand one behind the other and end at `ends`."""
    if ends is None or key_ends is None:
        raise ValueError("In the layout 'TND' the ends of the sequences must be given, of query and key.")
    sequence, start, length = in_sequence(queries, ends)
    key_sequence, key_start, _ = in_sequence(keys, key_ends)
    own_keys = jnp.diff(jnp.asarray(key_ends), prepend=0)[jnp.minimum(sequence, len(key_ends) - 1)]
    rows, columns = (np.arange(queries) - start)[:, None], np.arange(keys) - key_start
    return Places(rows, columns, (own_keys - length)[:, None], sequence[:, None] == key_sequence)


def in_sequence(total: int, ends):
    """For each place: which sequence it is in, where that begins, how long it is."""
    ends = jnp.asarray(ends)
    sequence = jnp.searchsorted(ends, np.arange(total), side="right")
    start = jnp.concatenate([jnp.zeros(1, ends.dtype), ends])[sequence]
    length = jnp.diff(ends, prepend=0)[jnp.minimum(sequence, len(ends) - 1)]
    return sequence, start, length


def allowed(
    where: Places, mask, *, mode: int, before: int, after: int, prefix=None, error: type[Exception] = RuntimeError
):
    """Which keys a query sees, to be broadcast to (batch, heads, queries, keys); None for all.

    Args:
        mask: where it is not 0, a key is not seen.
        mode: 0 for the mask, and at most `before` keys before and `after` keys behind the query's own place; 1 for the
            mask; 2 for the keys up to the query's own place; 3 for the same, counted from the ends; 4 for `before` and
            `after` counted from the ends; 5 for 3 and the first keys of each sample, as many as `prefix` says.

    Raises:
        RuntimeError, or another `error`: for another mode, and for modes 2 to 4 unless the mask is of 2048 queries and
            keys, as it is for MindSpore's kernels.
    """
    if mode not in range(6):
        raise error(f"'sparse_mode' must be one of 0, 1, 2, 3, 4, 5, but got {mode}.")
    if mode in (2, 3, 4) and (mask is None or mask.shape[-2:] != (COMPRESSED, COMPRESSED)):
        raise RuntimeError(
            f"With 'sparse_mode' {mode}, the mask must be the upper triangle of shape (2048, 2048), as in "
            "ops.triu(ops.ones((2048, 2048)), 1), whatever the lengths of the sequences are."
        )
    if mode == 1 and mask is None:
        raise RuntimeError("With 'sparse_mode' 1, a mask must be given.")
    if mode == 5 and prefix is None:
        raise RuntimeError("With 'sparse_mode' 5, 'prefix' must be given: how many of the first keys all queries see.")
    ahead = where.columns - where.rows
    conditions = {
        0: lambda: mask is None or ((ahead >= -before) & (ahead <= after)),
        1: lambda: True,
        2: lambda: ahead <= 0,
        3: lambda: ahead <= where.longer,
        4: lambda: (ahead >= where.longer - before) & (ahead <= where.longer + after),
        5: lambda: (ahead <= where.longer) | (where.columns < jnp.asarray(prefix).reshape(-1, 1, 1, 1)),
    }
    found = [] if (own := conditions[mode]()) is True else [own]
    found += [] if where.real is None else [where.real]
    found += [] if mask is None or mode in (2, 3, 4) else [mask == 0]
    if not found:
        return None
    seen = jnp.asarray(found[0])
    for other in found[1:]:
        seen = seen & other
    return seen[(None,) * (4 - seen.ndim)]


def shifts(pse, where: Places, queries: int) -> Any:
    """What is added to the scores. Of more than 1024 queries the last 1024 rows may be given alone: the other rows are
    the same along diagonals."""
    if pse is None or pse.shape[-2] == queries or queries <= SHIFTED or pse.shape[-2] != SHIFTED:
        return pse
    last = pse[..., -1, :]
    place = last.shape[-1] - 1 + where.columns - where.rows - where.longer
    return jnp.take(last, jnp.clip(place, 0, last.shape[-1] - 1), axis=-1).reshape(*last.shape[:2], *place.shape[-2:])
