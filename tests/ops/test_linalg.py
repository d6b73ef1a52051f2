"""Products, norms and decompositions, against numpy."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.table import lookup

rng = np.random.default_rng(0)
A = rng.normal(size=(3, 4)).astype(np.float32)
B = rng.normal(size=(4, 2)).astype(np.float32)
S = (lambda m: m @ m.T + np.eye(3))(rng.normal(size=(3, 3))).astype(np.float32)


def close(result, expected):
    assert result.dtype is ms.float32
    np.testing.assert_allclose(result.asnumpy(), expected, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: ops.matmul(Tensor(A), Tensor(B)), A @ B),
        (lambda: Tensor(A) @ Tensor(B[:, 0].copy()), A @ B[:, 0]),
        (lambda: ops.MatMul(transpose_b=True)(Tensor(A), Tensor(A)), A @ A.T),
        (lambda: ops.BatchMatMul(True)(Tensor(A[None]), Tensor(A[None])), (A.T @ A)[None]),
        (lambda: ops.inner(Tensor(A), Tensor(A)), np.inner(A, A)),
        (lambda: ops.outer(Tensor(A[0]), Tensor(B[0])), np.outer(A[0], B[0])),
        (lambda: ops.tensor_dot(Tensor(A), Tensor(A), ((0,), (0,))), A.T @ A),
        (lambda: ops.einsum("ij,jk->ki", Tensor(A), Tensor(B)), (A @ B).T),
        (lambda: ops.kron(Tensor(A), Tensor(B)), np.kron(A, B)),
        (lambda: ops.cross(Tensor(S), Tensor(S[::-1].copy()), 1), np.cross(S, S[::-1])),
        (lambda: ops.addmm(Tensor(A @ B), Tensor(A), Tensor(B), beta=2, alpha=0.5), 2.5 * (A @ B)),
        (lambda: ops.addcdiv(Tensor(A), Tensor(A), Tensor(A), 2), A + 2),
        (lambda: ops.norm(Tensor(A)), np.linalg.norm(A)),
        (lambda: ops.norm(Tensor(A), 2), np.linalg.norm(A, 2)),
        (lambda: ops.norm(Tensor(A), dim=1, keepdim=True), np.linalg.norm(A, axis=1, keepdims=True)),
        (lambda: ops.vector_norm(Tensor(A), 3), (np.abs(A) ** 3).sum() ** (1 / 3)),
        (lambda: ops.inverse(Tensor(S)), np.linalg.inv(S)),
        (lambda: ops.det(Tensor(S)), np.linalg.det(S)),
        (lambda: ops.slogdet(Tensor(S))[1], np.linalg.slogdet(S)[1]),
        (lambda: ops.cholesky(Tensor(S), True), np.linalg.cholesky(S).T),
        (lambda: ops.cholesky_inverse(ops.cholesky(Tensor(S))), np.linalg.inv(S)),
        (lambda: ops.matrix_solve(Tensor(S), Tensor(A)), np.linalg.solve(S, A)),
        (lambda: ops.lstsq(Tensor(B), Tensor(A.T.copy())), np.linalg.lstsq(B, A.T, None)[0]),
        (lambda: ops.pinv(Tensor(A)), np.linalg.pinv(A)),
        (lambda: ops.matrix_power(Tensor(S), -2), np.linalg.matrix_power(S, -2)),
        (lambda: ops.cov(Tensor(A)), np.cov(A)),
        (lambda: ops.orgqr(*ops.geqrf(Tensor(S))), np.linalg.qr(S)[0]),
    ],
)
def test_against_numpy(call, expected):
    close(call(), expected)


def test_factors_multiply_back():
    q, r = ops.qr(Tensor(A))
    close(q @ r, A)
    s, u, v = ops.svd(Tensor(A))
    close((u * s) @ ops.transpose(v, (1, 0)), A)
    p, lower, upper = ops.lu_unpack(Tensor(S), Tensor([2, 3, 3], ms.int32))
    assert p.shape == lower.shape == upper.shape == (3, 3)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.matmul(Tensor(A), Tensor(A)), RuntimeError),
        (lambda: ops.matmul(Tensor(A), Tensor(A[0, :2].copy())), ValueError),
        (lambda: ops.matmul(Tensor(A), Tensor(2.0)), ValueError),
        (lambda: ops.matmul(Tensor(A), 2), TypeError),
        (lambda: ops.matmul(Tensor(A), Tensor(B.astype(np.float16))), TypeError),
        (lambda: ops.mm(Tensor(A), Tensor(A[0])), ValueError),
        (lambda: ops.dot(Tensor(A[0]), Tensor(A[0])), ValueError),
        (lambda: ops.inverse(Tensor(A)), ValueError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()


def test_gradient_of_a_product():
    grads = ms.grad(ops.matmul, (0, 1))(Tensor(A), Tensor(B))
    ones = np.ones((3, 2), np.float32)
    close(grads[0], ones @ B.T)
    close(grads[1], A.T @ ones)


@pytest.mark.parametrize("p", [0.0, 1.0, 2.0, 3.0, float("inf")])
def test_distances(p):
    expected = np.linalg.norm(A[:, None] - A[None, ::-1], p, axis=-1)
    close(ops.cdist(Tensor(A), Tensor(A[::-1].copy()), p), expected)
    close(ops.pdist(Tensor(A), p), np.linalg.norm(A[[0, 0, 1]] - A[[1, 2, 2]], p, axis=-1))


def test_distance_of_equal_points_has_gradient_zero():
    assert ms.grad(ops.cdist)(Tensor(A[:1]), Tensor(A[:1])).tolist() == [[0, 0, 0, 0]]


TWO_DTYPES = {
    "ops.matmul": [(2, 2), (2, 2)], "ops.mm": [(2, 2), (2, 2)], "ops.bmm": [(1, 2, 2), (1, 2, 2)],
    "ops.mv": [(2, 2), (2,)], "ops.dot": [(2, 2), (2, 2)], "ops.inner": [(2,), (2,)], "ops.ger": [(2,), (2,)],
    "ops.batch_dot": [(2, 2), (2, 2)], "ops.dense": [(2, 2), (2, 2)], "ops.bias_add": [(2, 2), (2,)],
    "ops.conv1d": [(1, 1, 4), (1, 1, 2)], "ops.conv2d": [(1, 1, 4, 4), (1, 1, 2, 2)],
    "ops.conv3d": [(1, 1, 2, 2, 2), (1, 1, 2, 2, 2)],
    "mint.nn.functional.conv_transpose2d": [(1, 1, 4, 4), (1, 1, 2, 2)], "ops.cdist": [(2, 2), (2, 2)],
    "ops.matrix_solve": [(2, 2), (2, 2)], "ops.cholesky_solve": [(2, 1), (2, 2)], "numpy.dot": [(2, 2), (2, 2)],
    "numpy.inner": [(2,), (2,)],
}  # fmt: skip


@pytest.mark.parametrize("name", TWO_DTYPES)
@pytest.mark.parametrize("dtypes", [(np.float32, np.float64), (np.float16, np.float32)])
def test_factors_of_two_dtypes_are_refused(name, dtypes):
    room, _, function = name.rpartition(".")
    tensors = [Tensor(np.ones(shape, dtype)) for shape, dtype in zip(TWO_DTYPES[name], dtypes, strict=True)]
    for given in (tensors, tensors[::-1] if len({*TWO_DTYPES[name]}) == 1 else tensors):
        with pytest.raises(TypeError, match="must be of one dtype"):
            lookup(room, function)(*given)


def test_biases_and_operands_of_another_dtype_are_refused():
    x, wide = Tensor(np.ones((1, 1, 2, 2), np.float32)), Tensor(np.ones(1))
    for call in (
        lambda: ops.dense(x[0, 0], x[0, 0], Tensor(np.ones(2))),
        lambda: ops.conv2d(x, x, wide),
        lambda: ops.einsum("ij,j->i", x[0, 0], Tensor(np.ones(2))),
        lambda: ops.baddbmm(Tensor(np.ones((1, 2, 2))), x[0], x[0]),
        lambda: ops.addr(x[0, 0], x[0, 0, 0], Tensor(np.ones(2))),
    ):
        with pytest.raises(TypeError, match="must be of one dtype"):
            call()


@pytest.mark.parametrize("kind", ["fft", "rfft", "irfft", "hfft", "ihfft", "fft2", "irfft2", "fftn", "ihfftn"])
def test_transforms_of_nothing_are_refused(kind):
    for shape in ((2, 0), (0, 2)):
        with pytest.raises(ValueError, match="must have elements"):
            getattr(ops, kind)(ops.zeros(shape))
