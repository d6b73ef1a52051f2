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


@pytest.mark.parametrize(
    ("dtype", "size", "kind", "signed", "to_complex", "to_real"),
    [
        (ms.bool_, 1, "", False, None, ms.bool_), (ms.uint8, 1, "", False, None, ms.uint8),
        (ms.int64, 8, "", True, None, ms.int64), (ms.float16, 2, "floating_point", True, None, ms.float16),
        (ms.bfloat16, 2, "floating_point", True, ms.complex64, ms.bfloat16),
        (ms.float32, 4, "floating_point", True, ms.complex64, ms.float32),
        (ms.float64, 8, "floating_point", True, ms.complex128, ms.float64),
        (ms.complex128, 16, "complex", True, ms.complex128, ms.float64),
    ],
)  # fmt: skip
def test_what_kind_of_numbers(dtype, size, kind, signed, to_complex, to_real):
    assert (dtype.itemsize, dtype.is_signed, dtype.to_real()) == (size, signed, to_real)
    assert (dtype.is_floating_point, dtype.is_complex) == (kind == "floating_point", kind == "complex")
    if to_complex is None:
        with pytest.raises(TypeError, match="Cannot convert"):
            dtype.to_complex()
    else:
        assert dtype.to_complex() is to_complex


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
