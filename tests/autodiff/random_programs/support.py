"""What the programs use."""

import zlib

import numpy as np

import msjax as ms
from msjax import Tensor, nn

from .construct import SHAPES, WHOLE

BATCH = 2


def array(seed: int, name: str, kind: str, call: int = 0, is_complex: bool = False) -> np.ndarray:
    """The numbers of an argument or a Parameter: between 0.3 and 1.2, some of arguments negative."""
    if is_complex:
        return array(seed, name, kind, call) + 1j * array(seed, f"{name}.imag", kind, call)
    if kind == WHOLE:
        return np.random.default_rng([seed, call]).integers(1, 4, SHAPES["v"]).astype(np.float64)
    shape = SHAPES[kind.removeprefix("batch ")]
    return numbers(seed, name, (BATCH, *shape) if kind.startswith("batch ") else shape, call)


def numbers(seed: int, name: str, shape: tuple[int, ...], call: int = 0) -> np.ndarray:
    rng = np.random.default_rng([seed, zlib.crc32(name.encode()), call])
    made = rng.uniform(0.3, 1.2, shape)
    return made * rng.choice([-1.0, 1.0], shape) if name in ("x", "y", "z") else made


def data(seed, name, kind, dtype, call=0):
    made = array(seed, name, kind, call, dtype == ms.complex64)
    return Tensor(made).astype(ms.int32 if kind == WHOLE else dtype)


def ramp(kind: str) -> np.ndarray:
    """Numbers that differ, by more than they would by chance."""
    shape = SHAPES[kind]
    return np.sin(np.arange(1, 1 + np.prod(shape, dtype=int)) * 1.7).reshape(shape) * 0.8


def ramps(dtype):
    return {kind: Tensor(ramp(kind)).astype(dtype) for kind in SHAPES}


def named(seed, **made):
    """All Parameters of Parameters and Cells by path, with numbers of their own."""
    found = {}
    for name, one in made.items():
        paths = (
            [(f"{name}.{path}", p) for path, p in one.parameters_and_names()]
            if isinstance(one, nn.Cell)
            else [(name, one)]
        )
        for path, p in paths:
            if isinstance(one, nn.Cell):
                p.set_data(Tensor(numbers(seed, path, p.shape)).astype(p.dtype))
            found[path] = p
    return found


def recomputed(cell):
    cell.recompute(use_reentrant=False)
    return cell


def hooked(cell, hook):
    cell.register_backward_hook(hook)
    return cell


def pre_hooked(cell, hook):
    cell.register_backward_pre_hook(hook)
    return cell


def forward_hooked(cell):
    cell.register_forward_pre_hook(lambda cell, args: (args[0] * 0.5,))
    cell.register_forward_hook(lambda cell, args, output: output * 2)
    return cell
