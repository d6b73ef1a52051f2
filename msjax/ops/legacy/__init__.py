"""Operators that only older programs use, what only MindSpore's numpy has, and what composes operators."""

from msjax.ops.legacy import (
    composite,
    loops,
    numpy_only,
    older,
)
