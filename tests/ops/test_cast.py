"""Dtypes of Tensors, questions about them, and numpy's faces."""

import jax
import numpy as np
import pytest

import msjax as ms
import msjax.numpy as mnp
from msjax import Tensor, nn, ops
from msjax.core.tensor import raw


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (ms.int32, ms.int32),
        (np.float64, ms.float64),
        ("float16", ms.float16),
        (int, ms.int64),
        (float, ms.float64),
        (bool, ms.bool_),
    ],
)
def test_astype_knows_many_names_of_a_dtype(dtype, expected):
    assert Tensor([1.5]).astype(dtype).dtype == expected


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("float", ms.float32), ("half", ms.float16), ("double", ms.float64), ("bfloat16", ms.bfloat16),
        ("int", ms.int32), ("long", ms.int64), ("short", ms.int16), ("byte", ms.uint8), ("bool", ms.bool_),
    ],
)  # fmt: skip
def test_methods_named_after_dtypes(name, dtype):
    assert getattr(Tensor([1, 2]), name)().dtype == dtype


def test_casts_follow_c():
    values = ops.cast(Tensor([1.9, -1.0, 300.0]), ms.uint8)
    assert values.asnumpy().tolist() == [1, 255, 44]
    assert int(Tensor([float("nan")]).int()) == -(2**31)


def test_to_and_type():
    x = Tensor([1.0])
    assert x.to(ms.int8).dtype == ms.int8
    assert x.to(Tensor([1])).dtype == ms.int64
    assert x.to("CPU", ms.float16).dtype == ms.float16
    assert x.to() is x
    assert x.type() == "Float32"
    assert x.type_as(Tensor([True])).dtype == ms.bool_


@pytest.mark.parametrize("dtype", [int, np.int32, "int32", None])
def test_cast_wants_a_dtype_of_mindspore(dtype):
    with pytest.raises(TypeError, match=r"mindspore\.float32"):
        ops.cast(Tensor([1.0]), dtype)


def test_questions_are_answered_in_python():
    x = Tensor(np.zeros((2, 3), np.float32))
    assert (ops.shape(x), ops.rank(x), ops.size(x), ops.dtype(x)) == ((2, 3), 2, 6, ms.float32)
    assert (ops.Shape()(x), ops.Rank()(x), ops.Size()(x), ops.DType()(x)) == ((2, 3), 2, 6, ms.float32)
    assert (x.dim(), x.numel(), x.element_size(), x.is_floating_point(), x.is_complex()) == (2, 6, 4, True, False)
    assert ops.TensorShape()(x).asnumpy().tolist() == [2, 3]
    with pytest.raises(TypeError, match="must be a Tensor"):
        ops.size(3)


def test_new_tensors_take_the_dtype():
    x = Tensor([1, 2])
    assert x.new_zeros((2, 2)).dtype == ms.int64
    assert x.new_ones(3, dtype=ms.float32).asnumpy().tolist() == [1, 1, 1]
    assert x.new_full((2,), 7).asnumpy().tolist() == [7, 7]


def test_fill():
    assert ops.fill(ms.int32, (2,), 3.7).asnumpy().tolist() == [3, 3]
    assert ops.fills(Tensor([1.0, 2.0]), 3).asnumpy().tolist() == [3, 3]
    assert ops.tuple_to_array((1, 2)).dtype == ms.int32
    assert (
        ops.tuple_to_array(range(3)).asnumpy().tolist() == ops.TupleToArray()(range(3)).asnumpy().tolist() == [0, 1, 2]
    )


# -- numpy's faces ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("add", ([1, 2], [3, 4])),
        ("concatenate", ((np.ones((2, 2)), np.zeros((1, 2))),)),
        ("interp", ([1.5, 0.0], [1.0, 2.0], [3.0, 4.0])),
        ("digitize", ([0.5, 2.5], [1.0, 2.0])),
        ("bincount", ([1, 1, 2],)),
        ("gradient", ([1.0, 2.0, 4.0],)),
        ("isin", ([1, 2], [2])),
        ("intersect1d", ([3, 1, 2], [1, 3])),
        ("setdiff1d", ([3, 1, 2], [1])),
        ("polyadd", ([1, 2], [3])),
        ("polymul", ([1, 2], [3, 1])),
        ("polyder", ([1.0, 2.0, 3.0],)),
        ("polyint", ([1.0, 2.0],)),
        ("polyval", ([1.0, 2.0], [3.0])),
        ("unwrap", ([0.0, 7.0],)),
        ("ediff1d", ([1, 2, 4],)),
        ("choose", ([0, 1], [[1, 2], [3, 4]])),
        ("where", ([True, False], [1, 2], [3, 4])),
        ("searchsorted", ([1, 2, 3], [2.5, 1])),
        ("histogram_bin_edges", ([1.0, 2.0, 4.0], 3)),
        ("array_equal", ([1, 2], [1, 2])),
    ],
)
def test_numpy_faces_take_lists(call, arguments):
    ours = [Tensor(a.astype(np.float32)) if isinstance(a, np.ndarray) else a for a in arguments]
    if call == "concatenate":
        ours = [[Tensor(a.astype(np.float32)) for a in arguments[0]]]
    result = getattr(mnp, call)(*ours)
    np.testing.assert_allclose(result.asnumpy(), getattr(np, call)(*arguments), rtol=1e-6)
    assert result.dtype in (ms.int32, ms.float32, ms.bool_)


def test_numpy_dtype_casts_the_result():
    assert mnp.exp(Tensor([1.0]), dtype=ms.float64).dtype == ms.float64
    assert mnp.multiply(Tensor([1.0]), Tensor([2.0]), ms.float16).dtype == ms.float16


def test_numpy_histograms():
    counts, edges = mnp.histogram([1.0, 2.0, 1.0], bins=2)
    assert counts.asnumpy().tolist() == [2, 1]
    assert edges.dtype == ms.float32
    cells, *_ = mnp.histogram2d([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], bins=(2, 3))
    np.testing.assert_array_equal(cells.asnumpy(), np.histogram2d([0, 1, 2], [0, 1, 2], bins=(2, 3))[0])


def test_numpy_unique_keeps_the_order_of_appearance():
    values, places = mnp.unique(Tensor([3, 1, 3]), return_inverse=True)
    assert (values.asnumpy().tolist(), places.asnumpy().tolist()) == ([3, 1], [0, 1, 0])


def test_numpy_functions_of_functions():
    x = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    assert mnp.apply_along_axis(lambda v: v.sum(), 0, x).asnumpy().tolist() == [3, 5, 7]
    assert mnp.apply_along_axis(lambda v: v * 2, 1, x).shape == (2, 3)
    assert mnp.apply_over_axes(mnp.sum, x, (0, 1)).asnumpy().tolist() == [[15]]
    assert mnp.piecewise(x[0], [x[0] < 1, x[0] >= 1], [-1, lambda v: v]).asnumpy().tolist() == [-1, 1, 2]


def test_numpy_dtypes_and_constants():
    assert mnp.promote_types(ms.int32, ms.float16) == ms.float16
    assert mnp.result_type(Tensor([1], ms.int8), 2.5) == ms.float32
    assert (mnp.int_, mnp.float_) == (ms.int32, ms.float32)
    assert mnp.pi == np.pi


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "rfftn", "irfft2"])
def test_numpy_fft(name):
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    result = getattr(mnp.fft, name)(Tensor(x))
    np.testing.assert_allclose(result.asnumpy(), getattr(np.fft, name)(x), atol=1e-4)
    assert result.dtype in (ms.float32, ms.complex64)


@pytest.mark.parametrize(
    ("call", "dtype"),
    [
        (lambda x: nn.MSELoss()(x.astype(ms.int32), x.astype(ms.int32)), ms.float32),
        (lambda x: ops.l1_loss(x.astype(ms.int32), x.astype(ms.int32)), ms.float32),
        (lambda x: ops.bincount(x.astype(ms.int32), x), ms.float64),
        (lambda x: mnp.linspace(x, x + 1, 3), ms.float64),
        (lambda x: mnp.logspace(x, x + 1, 3), ms.float64),
        (lambda x: mnp.geomspace(x, x + 1, 3), ms.float64),
        (mnp.ceil, ms.float64),
        (mnp.trunc, ms.float64),
        (mnp.fix, ms.float64),
        (lambda x: ops.exp2(x.astype(ms.bfloat16)), ms.bfloat16),
    ],
)
def test_dtypes_that_differ_on_purpose(call, dtype):
    """docs/differences.md, "Dtypes that are seldom given"."""
    assert call(Tensor([1.5, 2.5], ms.float64)).dtype is dtype


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64"])
def test_a_trace_is_silent(name):
    """What numpy warns of is not compiled; JAX computes with constants by numpy."""
    with np.errstate(over="raise", invalid="raise"):
        for dtype in (ms.int8, ms.uint8, ms.int16, ms.int32, ms.int64, ms.uint32, ms.uint64, ms.bool_, ms.float16):
            jax.make_jaxpr(lambda a, dtype=dtype: raw(Tensor(a).astype(dtype)))(raw(ms.ops.ones(2, getattr(ms, name))))
