"""jvp, vjp, linearize, jacfwd, jacrev: structures, errors, dtypes."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops

FLOATS = (ms.float16, ms.bfloat16, ms.float32, ms.float64)


def x():
    return Tensor([1.0, 2.0])


def y():
    return Tensor([3.0, 4.0])


def square(a):
    return a * a


def product(a, b):
    return a * b


def two(a, b):
    return a * b, a + b


def three(a, b):
    return a * b, a + b, a


class Scale(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0]), name="w")
        self.b = Parameter(Tensor([1.0, 1.0]), name="b")

    def construct(self, a):
        return a * self.w


def values(tree):
    """Nested tuples of arrays."""
    return tuple(map(values, tree)) if isinstance(tree, tuple) else tree.asnumpy().tolist()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: ms.jvp(square, x(), y()), ([1, 4], [6, 16])),
        (lambda: ms.jvp(square, (x(),), y()), ([1, 4], [6, 16])),
        (lambda: ms.jvp(square, (x(),), (y(),)), ([1, 4], [6, 16])),
        (lambda: ms.jvp(product, [x(), y()], [y(), x()]), ([3, 8], [10, 20])),
        (lambda: ms.jvp(two, (x(), y()), (y(), x())), (([3, 8], [4, 6]), ([10, 20], [4, 6]))),
        (lambda: ms.jvp(lambda a: (a * a,), x(), y()), (([1, 4],), ([6, 16],))),
        (lambda: ms.jvp(two, (x(), y()), (y(), x()), True), ([3, 8], [10, 20], [4, 6])),
        (lambda: ms.jvp(three, (x(), y()), (y(), x()), True), ([3, 8], [10, 20], ([4, 6], [1, 2]))),
        (lambda: ms.jvp(lambda a: Tensor([7.0]), x(), y()), ([7], [0])),
        (lambda: ops.linearize(product, (x(), y()))[0], [3, 8]),
        (lambda: ops.linearize(product, (x(), y()))[1]([y(), x()]), [10, 20]),
        (lambda: ops.linearize(two, [x(), y()])[1]((y(), x())), ([10, 20], [4, 6])),
        (lambda: ms.vjp(square, x())[1](y()), ([6, 16],)),
        (lambda: ms.vjp(two, x(), y())[1](x(), y()), ([6, 12], [4, 8])),
        (lambda: ms.vjp(two, x(), y())[1]((x(), y())), ([6, 12], [4, 8])),
        (lambda: ms.vjp(two, x(), y(), has_aux=True)[::2], ([3, 8], [4, 6])),
        (lambda: ms.vjp(three, x(), y(), has_aux=True)[2], ([4, 6], [1, 2])),
        (lambda: ms.vjp(lambda p: p[0] * p[1], (x(), y()))[1](x()), ()),
        (lambda: ms.jacrev(square)(x()), [[2, 0], [0, 4]]),
        (lambda: ms.jacfwd(product, (1,))(x(), y()), [[1, 0], [0, 2]]),
        (lambda: ms.jacrev(lambda a: (a * a).sum())(x()), [2, 4]),
        (lambda: ms.jacfwd(lambda a: a * a)(Tensor(3.0)), 6),
        (lambda: ms.jacfwd(product)(x(), 2.0), [[2, 0], [0, 2]]),
        (lambda: ms.jacfwd(lambda a: (a * a,))(x()), [[2, 0], [0, 4]]),
    ],
)
def test_structures(call, expected):
    assert values(call()) == expected


@pytest.mark.parametrize("jacobian", [ms.jacfwd, ms.jacrev])
def test_jacobians_nest_outputs_then_positions(jacobian):
    d, e, diagonal = [[3, 0], [0, 4]], [[1, 0], [0, 2]], [[1, 0], [0, 1]]
    assert values(jacobian(product, (1, 0))(x(), y())) == (e, d)
    assert values(jacobian(two)(x(), y())) == (d, diagonal)
    assert values(jacobian(two, (0, 1))(x(), y())) == ((d, e), (diagonal, diagonal))
    assert values(jacobian(two, 0, True)(x(), y())) == (d, [4, 6])
    assert values(jacobian(three, 1, has_aux=True)(x(), y())) == (e, ([4, 6], [1, 2]))


def test_each_slot_is_a_variable_of_its_own_but_vjp_goes_by_the_object():
    a = x()
    assert values(ms.jvp(lambda b, c: b * c * c, (a, a), (x(), Tensor([0.0, 0.0])))[1]) == [1, 8]
    assert values(ms.jacrev(lambda b: b * a)(a)) == [[1, 0], [0, 2]]
    assert values(ms.vjp(product, a, a)[1](Tensor([1.0, 1.0]))) == ([2, 4], [2, 4])


def test_vjp_with_weights():
    net, one = Scale(), Tensor([1.0, 1.0])
    _, pull = ms.vjp(net, x(), weights=[net.w, net.b])
    for _ in range(2):
        assert values(pull(one)) == (([2, 3],), ([1, 2], [0, 0]))
    assert values(ms.vjp(net, x(), weights=net.w)[1](one)) == (([2, 3],), [1, 2])
    assert values(ms.vjp(net, x(), weights=ms.ParameterTuple([net.w]))[1](one)) == (([2, 3],), ([1, 2],))

    @ms.jit
    def compiled(a):
        return ms.vjp(net, a, weights=[net.w])[1](one)

    inputs, weights = compiled(x())
    assert values(inputs) == ([2, 3],)
    assert isinstance(weights, list)


@pytest.mark.parametrize("dtype", FLOATS)
def test_every_float_width(dtype):
    a = Tensor([1.0, 2.0], dtype)
    for result in (ms.jvp(square, a, a)[1], ops.linearize(square, a)[1](a), ms.vjp(square, a)[1](a)[0]):
        assert result.dtype == dtype
    for jacobian in (ms.jacfwd, ms.jacrev):
        assert jacobian(square)(a).dtype == dtype
        assert values(jacobian(square)(a)) == [[2, 0], [0, 4]]


def test_values_can_be_asked_for_and_written():
    seen = []

    def branches(a):
        a = a * 1
        a[0] = 5.0
        seen.append(a)
        return a * 2 if float(a.sum()) > 0 else a

    for derivative in (ms.jvp(branches, x(), y())[1], ops.linearize(branches, x())[1](y())):
        assert values(derivative) == [0, 8]
    assert values(ms.jacfwd(branches)(x())) == values(ms.jacrev(branches)(x())) == [[0, 0], [0, 2]]
    assert values(tuple(seen)) == ([5, 2],) * 4


def test_arguments_can_be_written():
    def write(a):
        a[0] = 5.0
        return a * a

    a = x()
    assert values(ms.jvp(write, a, y())[1]) == [0, 16]
    assert values(ms.jacrev(write)(a)) == [[0, 0], [0, 4]]
    assert values(a) == [1, 2]


@pytest.mark.parametrize(
    ("call", "error", "fragment"),
    [
        (lambda: ms.jvp(product, (x(), y()), (x(),)), ValueError, "v has invalid length: should be 2, but got 1"),
        (lambda: ms.jvp(square, 1.0, x()), TypeError, "The inputs type must be a Tensor, tuple or list of Tensors."),
        (lambda: ms.jvp(product, (x(), y()), (x(), 1.0)), TypeError, "list of Tensors"),
        (lambda: ms.jvp(square, x(), Tensor([1.0, 2.0], ms.float64)), TypeError, "dtype1 = Float32, dtype2 = Float64"),
        (lambda: ms.jvp(square, x(), Tensor([1.0, 2.0, 3.0])), ValueError, "shape"),
        (lambda: ms.jvp(square, x(), x(), 1), TypeError, "The 'has_aux' must be bool type"),
        (lambda: ms.jvp(square, x(), x(), True), ValueError, "requires more than one outputs"),
        (lambda: ops.linearize(square, 1.0), TypeError, "The inputs type must be a Tensor, tuple or list of Tensors."),
        (lambda: ops.linearize(product, (x(), y()))[1](x(), y()), TypeError, ""),
        (lambda: ms.vjp(square, 1.0), TypeError, "The inputs type must be Tensor"),
        (lambda: ms.vjp(square, x())[1](1.0), TypeError, "The inputs type must be Tensor"),
        (lambda: ms.vjp(square, x())[1](Tensor([1.0])), ValueError, "The shape should be"),
        (
            lambda: ms.vjp(square, x())[1](Tensor([1.0, 1.0], ms.float64)),
            TypeError,
            "should be Float32, but got Float64",
        ),
        (lambda: ms.vjp(two, x(), y())[1](x()), RuntimeError, "The given sens gradient's size should be same"),
        (lambda: ms.vjp(square, x(), has_aux=True), ValueError, "requires more than one outputs"),
        (lambda: ms.vjp(3, x()), TypeError, "should be callable"),
        (lambda: ms.jacrev(square, 1)(x()), ValueError, "must belong to [0, args_num)"),
        (lambda: ms.jacfwd(square, -1)(x()), ValueError, "must be >= 0"),
        (lambda: ms.jacfwd(square, [0])(x()), TypeError, "must be int or tuple"),
        (lambda: ms.jacfwd(square, None)(x()), TypeError, "must be int or tuple"),
        (lambda: ms.jacrev(product, (0, 0))(x(), y()), ValueError, "duplicate"),
        (lambda: ms.jacrev(square, has_aux=1), TypeError, "The 'has_aux' must be bool type"),
        (lambda: ms.jacrev(square, has_aux=True)(x()), ValueError, "requires more than one outputs"),
        (lambda: ms.jacrev(square)(2.0), TypeError, "float"),
        (lambda: ms.jacrev(square)(Tensor([1, 2])), TypeError, "Int64"),
        (lambda: ms.jacrev(square)(a=x()), TypeError, "keyword"),
    ],
)
def test_errors(call, error, fragment):
    with pytest.raises(error) as caught:
        call()
    assert fragment in str(caught.value)


def test_hessians_agree():
    def f(a, b):
        return (ops.sin(a) * b * a).sum()

    a, b = x(), y()
    expected = ms.jacrev(ms.grad(f))(a, b).asnumpy()
    for outer in (ms.jacfwd, ms.jacrev):
        for inner in (ms.jacfwd, ms.jacrev):
            np.testing.assert_allclose(outer(inner(f))(a, b).asnumpy(), expected, rtol=1e-6)
    (xx, xy), (yx, yy) = ms.jacfwd(ms.jacrev(f, (0, 1)), (0, 1))(a, b)
    np.testing.assert_allclose(xx.asnumpy(), expected, rtol=1e-6)
    np.testing.assert_allclose(xy.asnumpy(), yx.asnumpy().T, rtol=1e-6)
    assert not yy.asnumpy().any()


def test_products_with_a_hessian_agree():
    def f(a):
        return (a * a * a).sum()

    a, v, expected = x(), y(), [18, 48]
    assert values(ms.grad(lambda b: (ms.grad(f)(b) * v).sum())(a)) == expected
    assert values(ms.vjp(ms.grad(f), a)[1](v)[0]) == expected
    assert values(ms.grad(lambda b: ms.jvp(f, b, v)[1])(a)) == expected
    assert values(ms.jvp(ms.grad(f), a, v)[1]) == expected
