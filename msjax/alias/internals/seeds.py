"""Seeds of single operators, which MindSpore derives from the one of the program: `common.seed._get_graph_seed`."""

from __future__ import annotations

from msjax.alias import checkparam
from msjax.core import random

DEFAULT_GRAPH_SEED = 87654321
_MAXINT32 = 2**31 - 1
_STEP = 533697028  # from one seed of an operator to the next
_given: dict[tuple[str, int], int] = {}  # how many were given to an operator that asked with a seed


def _truncate_seed(seed: int) -> int:
    """A seed that 32 bits hold."""
    return seed % _MAXINT32


def _get_graph_seed(op_seed: int | None, kernel_name: str) -> tuple[int, int]:
    """The program's seed, 0 without one, and one for the operator, which is another one each time."""
    seed = 0 if op_seed is None else checkparam.check_non_negative_int(op_seed, "seed", kernel_name)
    times = _given.get((kernel_name, seed), 0)
    # Without any seed the numbers are to be others in each run, which is what 0 means.
    if random.get_seed() is None and seed == 0:
        return 0, 0
    _given[kernel_name, seed] = times + 1
    return _truncate_seed(random.get_seed() or 0), _truncate_seed(seed + times * _STEP)


def _get_op_seed(op_seed: int | None, kernel_name: str) -> int:
    """The seed that was given for an operator, 0 without one."""
    return 0 if op_seed is None else checkparam.check_non_negative_int(op_seed, "seed", kernel_name)


def _reset_op_seed() -> None:
    """Begin again with the first seed of each operator, as `set_seed` does."""
    _given.clear()


random.followers.append(lambda seed: _reset_op_seed())
