"""Layers of diagonals, gradients of images and sparse matrices that MindSpore keeps for older programs."""

from __future__ import annotations

__stateless__ = True  # see core.effects: a function may make these layers anew on each call

from msjax import ops
from msjax.core.kinds import takes
from msjax.nn.cell import Cell
from msjax.nn.documented import documented


@documented
class MatrixDiag(Cell):
    """Matrices with these diagonals, and zeros elsewhere.

    Inputs:
        input_x: diagonals, of shape (..., n).

    Returns:
        A Tensor (..., n, n).

    Example:
        >>> nn.MatrixDiag()(Tensor([1.0, 2.0])).tolist()
        [[1.0, 0.0], [0.0, 2.0]]
    """

    def construct(self, input_x):
        return ops.diag_embed(input_x)


@documented
class MatrixDiagPart(Cell):
    """The diagonals of matrices.

    Inputs:
        input_x: matrices, of shape (..., m, n).

    Returns:
        A Tensor (..., min(m, n)).

    Example:
        >>> nn.MatrixDiagPart()(Tensor([[1.0, 2.0], [3.0, 4.0]])).tolist()
        [1.0, 4.0]
    """

    def construct(self, input_x):
        return ops.diagonal(input_x, 0, -2, -1)


@documented
class MatrixSetDiag(Cell):
    """Matrices with other diagonals.

    Inputs:
        input_x: matrices, of shape (..., m, n).
        diagonal: the new diagonals, of shape (..., min(m, n)).

    Returns:
        A Tensor like `input_x`.

    Example:
        >>> nn.MatrixSetDiag()(Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([7.0, 8.0])).tolist()
        [[7.0, 2.0], [3.0, 8.0]]
    """

    def construct(self, input_x, diagonal):
        return ops.matrix_set_diag(input_x, diagonal)


@documented
class ImageGradients(Cell):
    """The differences of each pixel to the next one, down and across; 0 in the last row and column.

    Inputs:
        images: of shape (batch, channels, height, width).

    Returns:
        (differences down, differences across), two Tensors like `images`.

    Raises:
        ValueError: if the input has not 4 axes.

    Example:
        >>> down, across = nn.ImageGradients()(Tensor([[[[0.0, 1.0], [2.0, 5.0]]]]))
        >>> down.tolist(), across.tolist()
        ([[[[2.0, 4.0], [0.0, 0.0]]]], [[[[1.0, 0.0], [3.0, 0.0]]]])
    """

    def construct(self, images):
        if images.ndim != 4:
            raise ValueError(f"For 'ImageGradients', the 'images' must have 4 axes, but got {images.shape}.")
        down, across = images[:, :, 1:] - images[:, :, :-1], images[..., 1:] - images[..., :-1]
        return (
            ops.cat((down, ops.zeros_like(images[:, :, :1])), 2),
            ops.cat((across, ops.zeros_like(images[..., :1])), 3),
        )


@documented
class SparseToDense(Cell):
    """A sparse Tensor with its zeros.

    Inputs:
        sparse_tensor: a COOTensor.

    Returns:
        A Tensor.

    Example:
        >>> sparse = ms.COOTensor(Tensor([[0, 1]]), Tensor([2.0]), (1, 2))
        >>> nn.SparseToDense()(sparse).tolist()
        [[0.0, 2.0]]
    """

    def construct(self, sparse_tensor):
        return sparse_tensor.to_dense()


@documented
@takes(adjoint_st="bool", adjoint_dt="bool")
class SparseTensorDenseMatmul(Cell):
    """The product of a sparse matrix and a dense one.

    Args:
        adjoint_st, adjoint_dt: whether the sparse, or the dense one is transposed first.

    Inputs:
        indices: of the elements that are there, (n, 2).
        values: these elements, (n,).
        sparse_shape: the shape of the sparse matrix, a tuple.
        dense: the dense matrix.

    Returns:
        A matrix.

    Example:
        >>> product = nn.SparseTensorDenseMatmul()
        >>> product(Tensor([[0, 1]]), Tensor([2.0]), (1, 2), Tensor([[1.0], [3.0]])).tolist()
        [[6.0]]
    """

    def __init__(self, adjoint_st: bool = False, adjoint_dt: bool = False):
        super().__init__()
        self.adj_st, self.adj_dt = adjoint_st, adjoint_dt
        self.sparse_dense_matmul = ops.SparseTensorDenseMatmul(adjoint_st, adjoint_dt)

    def construct(self, indices, values, sparse_shape, dense):
        return self.sparse_dense_matmul(indices, values, sparse_shape, dense)
