"""Sparse arrays: what they hold, their arithmetic against dense arrays, gradients, errors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import COOTensor, CSRTensor, RowTensor, SparseTensor, Tensor, ops
from msjax.core.tensor import raw

DENSE = np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, -2.0, 3.0], [0.0, 0.0, 0.0, 0.0]], np.float32)
VALUES = Tensor([1.0, -2.0, 3.0])


def coo(values=VALUES):
    return COOTensor(Tensor([[0, 1], [1, 2], [1, 3]], ms.int32), values, (3, 4))


def csr(values=VALUES):
    return CSRTensor(Tensor([0, 1, 3, 3], ms.int32), Tensor([1, 2, 3], ms.int32), values, (3, 4))


@pytest.mark.parametrize("make", [coo, csr])
def test_properties(make):
    x = make()
    assert (x.shape, x.ndim, x.size, x.itemsize, x.dtype) == ((3, 4), 2, 3, 4, ms.float32)
    assert x.astype(ms.float64).dtype is ms.float64
    assert x.to_tuple()[-2:] == (x.values, (3, 4))
    np.testing.assert_array_equal(x.to_dense().asnumpy(), DENSE)
    np.testing.assert_array_equal(x.abs().to_dense().asnumpy(), abs(DENSE))
    np.testing.assert_array_equal((-x).to_dense().asnumpy(), -DENSE)


def test_text():
    assert repr(coo(Tensor([1.0, 2.0, 3.0]))) == (
        "COOTensor(shape=[3, 4], dtype=Float32, indices=Tensor(shape=[3, 2], dtype=Int32, value=\n"
        "[[0 1]\n [1 2]\n [1 3]]), "
        "values=Tensor(shape=[3], dtype=Float32, value=[ 1.00000000e+00  2.00000000e+00  3.00000000e+00]))"
    )


def test_conversion():
    np.testing.assert_array_equal(coo().to_csr().indptr.asnumpy(), [0, 1, 3, 3])
    np.testing.assert_array_equal(csr().to_coo().indices.asnumpy(), coo().indices.asnumpy())
    unordered = COOTensor(Tensor([[1, 3], [0, 1], [1, 2]]), Tensor([3.0, 1.0, -2.0]), (3, 4))
    np.testing.assert_array_equal(unordered.to_csr().to_dense().asnumpy(), DENSE)


def test_coalesce_adds_values_at_one_place():
    x = COOTensor(Tensor([[1, 0], [0, 1], [1, 0]]), Tensor([1.0, 2.0, 3.0]), (2, 2)).coalesce()
    assert (x.indices.tolist(), x.values.tolist()) == ([[0, 1], [1, 0]], [2.0, 4.0])


@pytest.mark.parametrize("make", [coo, csr])
def test_sums_of_sparse_arrays(make):
    np.testing.assert_array_equal((make() + make()).to_dense().asnumpy(), 2 * DENSE)
    np.testing.assert_array_equal((make() - make(VALUES * 2)).to_dense().asnumpy(), -DENSE)


def test_sums_drop_what_is_below_the_threshold():
    assert coo().add(coo(), Tensor(3.0)).values.tolist() == [-4.0, 6.0]
    total = csr().add(csr(), Tensor(2.0), Tensor(1.0))
    np.testing.assert_array_equal(total.to_dense().asnumpy(), 3 * DENSE)


def test_with_dense_arrays():
    other = np.arange(1.0, 13.0, dtype=np.float32).reshape(3, 4)
    for make in (coo, csr):
        np.testing.assert_allclose((make() * Tensor(other)).to_dense().asnumpy(), DENSE * other)
        np.testing.assert_allclose((make() / Tensor(other)).to_dense().asnumpy(), DENSE / other, rtol=1e-6)
    np.testing.assert_allclose((coo() + Tensor(other)).asnumpy(), DENSE + other)
    np.testing.assert_allclose((Tensor(other) + coo()).asnumpy(), DENSE + other)
    np.testing.assert_allclose((coo() - Tensor(other)).asnumpy(), DENSE - other)
    assert (coo() * 2).values.tolist() == [2.0, -4.0, 6.0]
    assert (csr() * 2.0).tolist() == [2.0, -4.0, 6.0]


def test_products_and_sums_of_rows():
    matrix = np.arange(8.0, dtype=np.float32).reshape(4, 2)
    np.testing.assert_allclose(csr().mm(Tensor(matrix)).asnumpy(), DENSE @ matrix)
    np.testing.assert_allclose(csr().mv(Tensor(matrix[:, :1])).asnumpy(), DENSE @ matrix[:, :1])
    np.testing.assert_allclose(csr().sum(1).asnumpy(), DENSE.sum(1, keepdims=True))
    right = COOTensor(Tensor([[1, 0], [3, 1]]), Tensor([5.0, 7.0]), (4, 2)).to_csr()
    np.testing.assert_allclose(csr().mm(right).to_dense().asnumpy(), DENSE @ right.to_dense().asnumpy())
    with pytest.raises(ValueError, match="axis"):
        csr().sum(0)


def test_gradients_reach_the_values():
    weights = Tensor(np.arange(12.0, dtype=np.float32).reshape(3, 4))
    for make in (coo, csr):
        gradient = ms.grad(lambda v: (make(v).to_dense() * weights).sum())(VALUES)  # noqa: B023
        assert gradient.tolist() == [1.0, 6.0, 7.0]
    gradient = ms.grad(lambda v: csr(v).mm(ops.ones((4, 1), ms.float32)).sum())(VALUES)
    assert gradient.tolist() == [1.0, 1.0, 1.0]


def test_they_are_pytrees():
    doubled = jax.tree.map(lambda a: a * 2, csr().astype(ms.float32))
    assert isinstance(doubled, CSRTensor) and doubled.values.tolist() == [2.0, -4.0, 6.0]


def test_rows():
    x = RowTensor(Tensor([0, 2], ms.int32), Tensor([[1.0, 2.0], [3.0, 4.0]]), (3, 2))
    assert (x.dense_shape, x.to_dense().tolist()) == ((3, 2), [[1.0, 2.0], [0.0, 0.0], [3.0, 4.0]])


def test_sharing_and_the_former_name(capsys):
    x = coo()
    assert COOTensor(coo_tensor=x).values is x.values
    assert CSRTensor(csr_tensor=csr()).shape == (3, 4)
    assert isinstance(SparseTensor(*x.to_tuple()), COOTensor)
    assert "deprecated" in capsys.readouterr().err
    assert not ms.is_tensor(x)


I2 = Tensor([[0, 1]], ms.int32)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: COOTensor(I2, VALUES, (3, 4)), ValueError),
        (lambda: COOTensor(I2, Tensor([1.0]), (3,)), ValueError),
        (lambda: COOTensor(I2, Tensor([1.0]), (-3, 4)), ValueError),
        (lambda: COOTensor(I2, Tensor([[1.0]]), (3, 4)), ValueError),
        (lambda: COOTensor(Tensor([0, 1]), Tensor([1.0, 2.0]), (3, 4)), ValueError),
        (lambda: COOTensor(I2, Tensor([1.0]), [3, 4]), TypeError),
        (lambda: COOTensor(I2, Tensor([1.0]), (3.0, 4)), TypeError),
        (lambda: COOTensor([[0, 1]], Tensor([1.0]), (3, 4)), TypeError),
        (lambda: COOTensor(Tensor([[0.0, 1.0]]), Tensor([1.0]), (3, 4)), TypeError),
        (lambda: COOTensor(), TypeError),
        (lambda: COOTensor(I2, coo_tensor=coo()), TypeError),
        (lambda: COOTensor(coo_tensor=csr()), TypeError),
        (lambda: coo() * coo(), TypeError),
        (lambda: CSRTensor(Tensor([0, 1]), Tensor([0]), Tensor([1.0]), (2, 4)), ValueError),
        (lambda: CSRTensor(Tensor([0, 1]), Tensor([0]), VALUES, (1, 4)), ValueError),
        (lambda: CSRTensor(Tensor([0, 1]), Tensor([0]), Tensor([1.0]), (1,)), ValueError),
        (lambda: CSRTensor(Tensor([0.0, 1.0]), Tensor([0]), Tensor([1.0]), (1, 4)), TypeError),
        (lambda: RowTensor(Tensor([0, 2]), Tensor([[1.0, 2.0]]), (3, 2)), ValueError),
    ],
)
def test_what_is_refused(make, error):
    with pytest.raises(error):
        make()


def test_a_matrix_as_a_sparse_one():
    x = ms.Tensor([[1.0, 0.0], [-5.0, 0.0]])
    assert x.to_csr().indptr.asnumpy().tolist() == [0, 1, 2]
    assert x.to_coo().indices.asnumpy().tolist() == [[0, 0], [1, 0]]
    assert x.to_coo().to_dense().asnumpy().tolist() == x.asnumpy().tolist()


# -- functions; what MindSpore answers is in tests/golden/cases/sparse.py --------------------------------------------


def test_products_of_rows():
    left, right = csr(), COOTensor(Tensor([[1, 0], [3, 1]]), Tensor([5.0, 7.0]), (4, 2)).to_csr()
    expected = raw(left.to_dense()) @ raw(right.to_dense())
    assert ops.csr_mm(left, right).to_dense().tolist() == expected.tolist()
    turned = ops.csr_mm(right, left, trans_a=True, adjoint_b=True)
    assert isinstance(turned, CSRTensor) and turned.to_dense().tolist() == expected.T.tolist()
    with pytest.raises(TypeError, match="CSRTensor"):
        ops.csr_mm(left, right.to_dense())


def test_functions_go_through_transforms():
    def through_rows(v):
        return (ops.csr_softmax(ops.csr_exp(csr(v)), ms.float32).values * Tensor([1.0, 2.0, 3.0])).sum()

    def through_places(v):
        both = ops.coo_concat((ops.coo_square(coo(v)), coo(v)), 1)
        return ops.coo_add(both, both, Tensor(0.0)).to_dense().sum()

    v = Tensor([1.0, -2.0, 0.5])
    for function, dense in (
        (through_rows, lambda v: 1 + (jax.nn.softmax(jnp.exp(v[1:])) * jnp.array([2.0, 3.0])).sum()),
        (through_places, lambda v: 2 * (v**2 + v).sum()),
    ):
        found = ms.grad(function)(v)
        np.testing.assert_allclose(found.asnumpy(), jax.grad(dense)(raw(v)), rtol=1e-6)
        np.testing.assert_allclose(ms.jit(function)(v).asnumpy(), dense(raw(v)), rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: ops.coo_add(coo(), Tensor([1.0]), Tensor(0.0)), TypeError),
        (lambda: ops.coo_add(coo(), coo(), 0), TypeError),
        (lambda: ops.coo_add(coo(), COOTensor(Tensor([[0, 1]]), Tensor([1.0]), (4, 4)), Tensor(0.0)), ValueError),
        (lambda: ops.coo_concat((coo(), Tensor([1.0]))), TypeError),
        (lambda: ops.csr_to_dense(coo()), TypeError),
        (lambda: ops.SparseTensorDenseMatmul()(Tensor([[0, 1]]), Tensor([1.0]), (3, 4), Tensor([[1.0]])), ValueError),
    ],
)
def test_functions_refuse(make, error):
    with pytest.raises(error):
        make()
