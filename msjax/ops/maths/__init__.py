"""Operators of mathematics: elementwise, reductions, matrices, Fourier transforms, random numbers."""

from msjax.ops.maths import (
    clipping,
    comparison,
    decomposition,
    differences,
    distance,
    elementwise,
    fourier,
    linalg,
    polynomials,
    random,
    reduction,
)
