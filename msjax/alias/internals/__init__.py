"""Names of MindSpore's inside that programs reach for, by topic; docs/internals.md says what each means here."""

from msjax.core import random
from msjax.core import tensor as _tensor

# Functions that hide a module of the same name, and the names of that module that programs look for on them.
_HIDING = (
    (_tensor.tensor, _tensor, ("Tensor", "from_numpy")),
    (random.seed, random, ("get_seed", "set_seed")),
)


def lend() -> None:
    """Lets `mindspore.common.tensor.Tensor` be found without an import, as when `tensor` was that module."""
    for function, module, names in _HIDING:
        for name in names:
            setattr(function, name, getattr(module, name))
    random.seed._get_graph_seed = _get_graph_seed


def _get_graph_seed(op_seed: int | None, kernel_name: str) -> tuple[int, int]:
    """`internals.seeds._get_graph_seed`, which is loaded when it is first used."""
    from msjax.alias.internals import seeds

    return seeds._get_graph_seed(op_seed, kernel_name)
