"""Shapes and dtypes that change with each call, arguments that come and go."""

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program
from msjax import Tensor, ops

X = Tensor([1.0, 2.0, 3.0])


@program
def shapes_change():
    f = ms.grad(lambda x: (x * x).sum())
    for k in STEPS:
        yield f(ops.ones((k + 1, 2), ms.float32)), f(ops.ones((k + 1,), ms.float32))


@program
def shapes_alternate():
    f = ms.grad(lambda x: x * x.shape[0])
    for k in STEPS:
        yield f(ops.ones((2 + k % 2,), ms.float32) * k)


@program
def dtypes_change():
    f = ms.value_and_grad(lambda x: x * 2.5)
    for dtype in (ms.float32, ms.float16, ms.float64, ms.bfloat16, ms.float32):
        value, gradient = f(X.astype(dtype))
        yield value.astype(ms.float32), gradient.astype(ms.float32), str(value.dtype), str(gradient.dtype)


@program
def python_float_or_tensor():
    f = ms.value_and_grad(lambda x, k: (x * k).astype(ms.float32))
    for k in (2, 2.0, Tensor(2.0), Tensor(2), np.float32(2.0)):
        yield f(X, k), f(X, k)


@program
def integer_tensor_and_float():
    f = ms.value_and_grad(lambda x, n: x * n)
    for dtype in (ms.int32, ms.float32, ms.int64, ms.bool_, ms.int32):
        yield f(X, ops.ones((3,), dtype))


@program
def number_of_arguments_changes():
    f = ms.grad(lambda *xs: sum(x * x for x in xs))
    for k in STEPS:
        yield f(*[X] * (k % 3 + 1))


@program
def optional_argument():
    def forward(x, mask=None):
        return x * x if mask is None else x * mask

    f = ms.grad(forward)
    yield f(X), f(X), f(X, X), f(X, None), f(X, mask=X), f(X, mask=None), f(X)


@program
def keywords_in_another_order():
    f = ms.grad(lambda x, a, b: x * a - x * b)
    for k in STEPS:
        yield f(X, a=X * k, b=X), f(X, b=X, a=X * k), f(X, X * k, X)


@program
def containers_of_another_length():
    f = ms.grad(lambda x, many: sum((x * m for m in many), x))
    for k in STEPS:
        yield f(X, [X] * k), f(X, (X,) * k)


@program
def list_or_tuple_or_dict():
    def forward(x, box):
        return x * len(type(box).__name__)

    f = ms.grad(forward)
    for _ in range(3):
        yield f(X, [X, X]), f(X, (X, X)), f(X, {"a": X}), f(X, {X.shape: X})


@program
def empty_and_scalar():
    f = ms.grad(lambda x: x * x)
    for shape in ((), (0,), (1,), (0, 3), ()):
        yield f(ops.ones(shape, ms.float32))


@program
def numpy_arguments():
    f = ms.grad(lambda x, n: x * Tensor(n))
    array = np.array([1.0, 2.0, 3.0], np.float32)
    for k in STEPS:
        yield f(X, array)
        array[0] = k


@program
def output_shape_changes_with_a_value():
    n = 1
    f = ms.value_and_grad(lambda x: x[:n])
    for k in STEPS:
        n = 1 + k % 3
        yield f(X)


@program
def objects_as_arguments():
    class Options:
        def __init__(self, rate):
            self.rate = rate

    f = ms.grad(lambda x, options: x * options.rate)
    options = Options(1.0)
    for k in STEPS:
        yield f(X, options), f(X, Options(float(k)))
        options.rate = k + 0.5


@program
def unhashable_and_odd_arguments():
    f = ms.grad(lambda x, odd: x * 2)
    for odd in ({1, 2}, slice(0, 1), ..., [1, [2]], b"bytes"):
        yield f(X, odd), f(X, odd), attempt(f, X, odd)


@program
def weak_scalars():
    f = ms.value_and_grad(lambda x: x * 2)
    for value in (Tensor(1.0), Tensor(1.0, ms.float64), Tensor(1.0, ms.float16), Tensor(3.0), Tensor(3)):
        yield attempt(f, value)
