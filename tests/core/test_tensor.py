"""The handle: construction, protocol, pytrees, copies."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, ParameterTuple, Tensor


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1, ms.int64),
        ([1, 2], ms.int64),
        (1.0, ms.float32),
        ([1.0, 2], ms.float32),
        ([], ms.float32),
        (True, ms.bool_),
        (1j, ms.complex128),
        (np.float64(1), ms.float64),
        (np.ones(2, np.float16), ms.float16),
        ([1, True], ms.int64),
        ([Tensor(1), Tensor(2.0)], ms.float32),
    ],
)
def test_default_dtypes(data, dtype):
    assert Tensor(data).dtype is dtype


@pytest.mark.parametrize("data", [None, "text", range(3), {1, 2}, object()])
def test_data_of_no_numeric_kind(data):
    with pytest.raises(TypeError, match="input_data"):
        Tensor(data)


@pytest.mark.parametrize("dtype", [float, np.float32, "float32"])
def test_constructor_takes_only_mindspore_dtypes(dtype):
    with pytest.raises(TypeError, match="mindspore dtype"):
        Tensor([1.0], dtype)


def test_integer_beyond_int64():
    with pytest.raises(RuntimeError, match="int64"):
        Tensor(2**70)


def test_tensor_of_tensor_shares():
    x = Tensor([1.0, 2.0])
    y = Tensor(x)
    y[0] = 5.0
    assert x.asnumpy().tolist() == [5.0, 2.0]
    x[1] = 7.0
    assert y.asnumpy().tolist() == [5.0, 7.0]


def test_views_write_back_and_see_writes():
    x = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    row, corner = x[1], x[1][2:]
    corner[0] = -1.0
    assert x.asnumpy()[1, 2] == -1.0 and row.asnumpy()[2] == -1.0
    x[1, 0] = 9.0
    assert row.asnumpy().tolist() == [9.0, 4.0, -1.0]


def test_size_one_protocol():
    assert float(Tensor([2.0])) == 2.0 and int(Tensor(3)) == 3 and bool(Tensor([True]))
    assert [10, 20][Tensor(1)] == 20
    for convert in (bool, int, float, Tensor.item):
        with pytest.raises(ValueError, match="only one element"):
            convert(Tensor([1.0, 2.0]))


def test_hash_is_identity_and_attributes_may_be_set():
    x, y = Tensor([1.0]), Tensor([1.0])
    assert len({x, y, x}) == 2
    x.note = "kept"
    assert x.note == "kept"


def test_comparison_with_nothing():
    assert (Tensor([1.0]) == None) is False and (Tensor([1.0]) != "a") is True  # noqa: E711


def test_numpy_meets_tensor():
    x = Tensor([1.0, 2.0])
    assert isinstance(np.ones(2, np.float32) * x, np.ndarray)
    assert np.asarray(x).dtype == np.float32
    assert jnp.sin(x).shape == (2,)


def test_pytree():
    x = Tensor([1.0, 2.0])
    assert isinstance(jax.tree.map(lambda a: a + 1, x), Tensor)
    assert jax.jit(lambda t: t * 2)(x).asnumpy().tolist() == [2.0, 4.0]
    assert jax.grad(lambda t: raw_sum(t * t))(x).asnumpy().tolist() == [2.0, 4.0]


def raw_sum(t):
    return jnp.sum(jnp.asarray(t))


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_are_independent(clone):
    x, p = Tensor([1.0]), Parameter(Tensor([1.0]), name="p")
    y, q = clone(x), clone(p)
    y[0] = 2.0
    q[0] = 2.0
    assert float(x) == 1.0 and float(p) == 1.0 and isinstance(q, Parameter) and q.name == "p"


def test_import_starts_no_backend(run_python):
    run_python("import msjax, jax._src.xla_bridge as b; assert not b._backends")


def test_parameter_checks():
    with pytest.raises(ValueError, match="bool"):
        Parameter(True)
    with pytest.raises(TypeError, match="default_input"):
        Parameter((1.0,))
    with pytest.raises(ValueError, match="name"):
        Parameter(1.0, name=3)
    with pytest.raises(TypeError, match="requires_grad"):
        Parameter(1.0, requires_grad=1)
    assert Parameter(1).dtype is ms.int32


def test_data_that_is_set_is_copied():
    p, q = Parameter(Tensor([1.0]), name="p"), Parameter(Tensor([2.0]), name="q")
    q.set_data(p)
    p[0] = 9.0
    q[0] = q[0] + 1
    assert (p.asnumpy().tolist(), q.asnumpy().tolist()) == ([9.0], [2.0])


def test_set_data_casts_and_detaches():
    p = Parameter(Tensor([1.0]), name="p")
    assert p.set_data(Tensor([2], ms.int32)) is p and p.dtype is ms.float32
    with pytest.raises(TypeError):
        p.set_data([1.0])
    assert float(p) == 2.0


def test_parameter_tuple():
    a, b = Parameter(1.0, name="a"), Parameter(2.0, name="a")
    assert len(ParameterTuple([a, a])) == 2
    with pytest.raises(ValueError, match="already exists"):
        ParameterTuple([a, b])
    with pytest.raises(TypeError, match="Parameter"):
        ParameterTuple([Tensor([1.0])])
    assert [p.name for p in ParameterTuple([a]).clone("c")] == ["c.a"]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_attributes_go_with_a_copy(again):
    x = Tensor([1.0])
    x.note, x.parts = "kept", [x]
    y = again(x)
    assert y is not x and y.note == "kept" and len(y.parts) == 1
    assert np.array_equal(y.asnumpy(), [1.0])


@pytest.mark.parametrize(
    "again", [Parameter.copy, Parameter.clone, copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))]
)
def test_settings_go_with_a_copy_of_a_parameter_and_hooks_do_not(again):
    p = Parameter(Tensor([1.0, 2.0]), name="p", layerwise_parallel=True, parallel_optimizer=False)
    p.comm_fusion, p.key = 3, 4
    p.register_hook(print)
    q = again(p)
    assert (q.name, q.layerwise_parallel, q.parallel_optimizer, q.comm_fusion, q.key) == ("p", True, False, 3, 4)
    assert p.hooks() == [print] and q.hooks() == []


def test_no_real_tensor_equals_a_complex_number():
    for other in (1j, 1 + 0j, np.complex64(1)):
        assert (Tensor([1, 2]) == other) is False and (Tensor([1.0]) != other) is True
    assert (Tensor([1 + 0j]) == 1 + 0j).asnumpy().all()


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    ("part", "goes_back"),
    [
        (lambda copied: copied, True),
        (lambda copied: copied[0:1], True),
        (lambda copied: copied[:][..., 0], True),
        (lambda copied: copied[[0, 1]], True),
        (lambda copied: copied.reshape(-1), False),
        (lambda copied: copied.T, False),
        (lambda copied: copied.squeeze(), False),
        (lambda copied: copied.view(-1)[0:1], False),
        (lambda copied: copied.astype(ms.float32), False),
        (lambda copied: copied.copy(), False),
    ],
    ids="itself part parts copied_again reshape T squeeze view astype copy".split(),
)
def test_which_writes_to_a_copy_by_an_index_go_back(part, goes_back, compiled):
    x, index = Tensor(np.arange(12, dtype=np.float32).reshape(4, 3)), Tensor([1, 2])

    def taken(factor):
        rows = x[index]
        return (x * factor).sum(), rows, part(rows)

    taken = ms.value_and_grad(taken, has_aux=True) if compiled else taken
    for k in range(3):  # compiled from the second on
        before = x.asnumpy().copy()
        result = taken(Tensor(1.0))
        written = result[0][2] if compiled else result[2]
        written[0] = 50.0 + k
        assert (x.asnumpy() != before).any() == goes_back
