"""Operators: functions (`ops.exp`), primitive classes (`ops.Exp`), and what composes them."""

from __future__ import annotations

from msjax.core.names import unknown_name
from msjax.ops import (
    activation,
    adaptive_pooling,
    arrange,
    arrays,
    assigning,
    bands,
    blocks,
    casting,
    classification,
    clipping,
    comparison,
    composite,
    convolution,
    creation,
    decomposition,
    diagonals,
    differences,
    distance,
    dropping,
    elementwise,
    embeddings,
    folding,
    fourier,
    gathering,
    histograms,
    index,
    joining,
    linalg,
    loops,
    loss,
    methods,
    normalization,
    numpy_only,
    older,
    order,
    pads,
    polynomials,
    pooling,
    properties,
    random,
    reduction,
    resize,
    sampling_grid,
    scattering,
    search,
    segments,
    shaping,
    table,
    updates,
)
from msjax.ops.primitive import Primitive, PrimitiveWithCheck, PrimitiveWithInfer, prim_attr_register

methods.attach()

__getattr__ = unknown_name(__name__, table.lazily("ops"))


def __dir__():
    return sorted({*globals(), *table.names("ops")})
