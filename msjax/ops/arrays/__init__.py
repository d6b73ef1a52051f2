"""Operators that make, pick, move and order elements."""

from msjax.ops.arrays import (
    arrange,
    arrays,
    assigning,
    bands,
    casting,
    creation,
    diagonals,
    gathering,
    histograms,
    index,
    joining,
    order,
    pads,
    properties,
    scattering,
    search,
    segments,
    shaping,
)
