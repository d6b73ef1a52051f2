"""Calls of every operator with arguments that are empty, huge, extreme or negative, told one by one to whoever runs
this: `python extremes.py FIRST NAME ...`. What ends a process, or never returns, is only seen from outside.

Each line says which call is next ("? number name change") and how the one before ended ("! kind of error").
"""

from __future__ import annotations

import itertools
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ADDRESSES = 24 << 30  # bytes: what is larger is refused by the system, not given page by page
INTEGERS = (0, -1, 2**40, 2**62, 2**63, -(2**63))
# What MindSpore raises; a program that was written for it catches nothing else.
EXPECTED = (TypeError, ValueError, RuntimeError, IndexError, KeyError, AttributeError)

# What has no derivative is no sample there. Its arguments are these, by their names.
USUAL: dict[str, Any] = {"shape": (2, 3), "size": (2, 3), "dimensions": (2, 3), "permutation": (1, 0, 2)}
USUAL |= {"dtype": np.dtype(np.int32), "output_type": np.dtype(np.int32), "end": 5}
USUAL |= dict.fromkeys("n m length row col window_length num_samples numsamples num_sample nbins count k".split(), 2)
OF_INTEGERS = """
    ops.gcd ops.lcm ops.bitwise_and ops.bitwise_or ops.bitwise_xor ops.bitwise_left_shift ops.bitwise_right_shift
    ops.LeftShift ops.RightShift ops.invert mint.bitwise_not mint.nn.functional.one_hot numpy.ravel_multi_index
    ops.UnravelIndex Tensor.__invert__ ops.population_count ops.sequence_mask numpy.bincount
""".split()


def changes(value) -> Iterator[tuple[str, Any]]:
    """What an argument is replaced by: (how, value)."""
    from msjax import Tensor

    if isinstance(value, Tensor):
        yield from ((how, Tensor(array)) for how, array in arrays(value.asnumpy()))
    elif isinstance(value, (list, tuple)):
        for k, part in enumerate(value):
            for how, new in changes(part):
                yield f"[{k}] {how}", type(value)([*value[:k], new, *value[k + 1 :]])
        if len(value) > 1 and all(type(part) is int for part in value):
            yield from ((f"all {n}", type(value)([n] * len(value))) for n in INTEGERS)
    elif type(value) is int:
        yield from ((str(n), n) for n in INTEGERS)
    elif type(value) is float:
        yield from ((str(x), x) for x in (0.0, -1.0, float("inf"), float("nan"), 1e300))


def arrays(a: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    for axis, size in enumerate(a.shape):
        if size:
            yield f"no elements along {axis}", np.take(a, [], axis)
    kinds = [np.dtype(np.int32), np.dtype(np.int8)]
    if a.dtype.kind in "iu":
        kinds = [a.dtype]
    elif a.dtype.kind == "f":
        yield from ((f"all {x}", np.full_like(a, x)) for x in (np.nan, np.inf, np.finfo(a.dtype).max, 0))
    for dtype in kinds:
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
        other = -1 if least else 1
        yield from ((f"{dtype} {n}", np.full(a.shape, n, dtype)) for n in (least, other, 0, most))
        yield f"{dtype} least and {other}", np.resize(np.array([least, other], dtype), a.shape)
        if a.ndim:
            yield f"{dtype}, no elements", np.zeros((0, *a.shape[1:]), dtype)


def calls(names: list[str]) -> Iterator[tuple[str, Any]]:
    """(name and change, what runs it), in a fixed order, of these operators or of all."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "autodiff"))
    import samples

    from msjax import Tensor

    for name, operator in samples.operators().items():
        if names and name not in names:
            continue
        given, statics = samples.sample(name, operator)
        if name in samples.LEFT_OUT:
            whole = name in OF_INTEGERS
            given = [samples.i((6, 4, 9), (5, 2, 3)) if whole and isinstance(a, Tensor) else a for a in given]
            statics = tuple(USUAL.get(key, value) for key, value in zip(operator.statics, statics, strict=True))
        for k, argument in enumerate(given):
            for how, new in changes(argument):
                yield f"{name} array {k} {how}", (operator, [*given[:k], new, *given[k + 1 :]], statics)
        for k, argument in enumerate(statics):
            for how, new in changes(argument):
                yield (
                    f"{name} {operator.statics[k]} {how}",
                    (operator, given, (*statics[:k], new, *statics[k + 1 :])),
                )


def main(first: int, names: list[str]) -> None:
    import jax

    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    told = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for number, (name, (operator, given, statics)) in enumerate(itertools.islice(calls(names), first, None)):
        told.write(f"? {first + number} {name}\n")
        try:
            jax.block_until_ready(operator.call(given, statics))
        except EXPECTED:
            continue
        except Exception as error:
            told.write(f"! {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
