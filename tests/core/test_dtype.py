"""The names of dtypes, 8-bit floats, and Python's types."""

import pickle

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("float", ms.float32), ("int", ms.int32), ("long", ms.int64), ("double", ms.float64), ("half", ms.float16),
        ("short", ms.int16), ("cfloat", ms.complex64), ("cdouble", ms.complex128), ("bool", ms.bool_),
    ],
)  # fmt: skip
def test_names(name, dtype):
    for module in (ms, ms.common.dtype):
        assert getattr(module, name) is dtype
    assert Tensor([1], getattr(ms, name)).dtype is dtype


@pytest.mark.parametrize("name", ["float8_e4m3fn", "float8_e5m2"])
def test_eight_bit_floats(name):
    dtype = getattr(ms, name)
    x = Tensor([[1.0, -2.5]], dtype)
    assert x.dtype is dtype and x.shape == (1, 2) and (x.itemsize, x.nbytes) == (1, 2)
    assert x.astype(ms.float32).tolist() == [[1.0, -2.5]] and np.asarray(x).dtype.name == name
    assert pickle.loads(pickle.dumps(x)).dtype is dtype and "2.5" in repr(x)


@pytest.mark.parametrize(
    ("dtype", "python"),
    [
        (ms.list_, list), (ms.tuple_, tuple), (ms.string, str), (ms.type_none, type(None)), (ms.int_, int),
        (ms.float_, float), (ms.bool_, bool), (ms.float16, float), (ms.complex64, complex), (ms.uint8, int),
    ],
)  # fmt: skip
def test_types_of_python(dtype, python):
    assert ms.dtype_to_pytype(dtype) is python
