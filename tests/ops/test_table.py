"""The operator table as a whole."""

import pytest

import msjax as ms
from msjax import mint, numpy, ops, scipy
from msjax.numpy import fft
from msjax.ops import grad_ops, inner_ops, table

HOMES = {
    "ops": ops, "numpy": numpy, "Tensor": ms.Tensor, "mint": mint, "mint.nn.functional": mint.nn.functional,
    "mint.special": mint.special, "mint.linalg": mint.linalg, "numpy.fft": fft, "scipy.linalg": scipy.linalg,
    "scipy.fft": scipy.fft, "scipy.ops": scipy.ops, "scipy.optimize": scipy.optimize,
    "scipy.sparse.linalg": scipy.sparse.linalg,
    "ops.grad_ops": grad_ops, "ops.inner_ops": inner_ops,
}  # fmt: skip


def test_rows_are_of_known_rooms():
    for room in (grad_ops, inner_ops):  # loaded when they are first asked
        dir(room)
    assert {name for name, room in table.rooms.items() if room.rows} == set(HOMES)


@pytest.mark.parametrize("room", HOMES)
def test_every_row_makes_its_face(room):
    """Looked up in the module, as `msjax.numpy` adds to what a row declares."""
    assert not [name for name in table.names(room) if not hasattr(HOMES[room], name)]
