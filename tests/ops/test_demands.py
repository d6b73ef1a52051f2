"""Values that are wrong raise: eagerly at once; a function that is being compiled demands that they are not."""

from contextlib import nullcontext

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, mint, nn, ops
from msjax import numpy as mnp
from msjax.core import demands
from msjax.core.tensor import raw, wrap
from msjax.core.trace import Kind
from msjax.ops import inner_ops  # noqa: F401 (its room)
from msjax.ops.table import rooms
from msjax.scipy import linalg


def floats(*values):
    return Tensor(np.asarray(values, np.float32))


def integers(*values):
    return Tensor(np.asarray(values, np.int32))


V, X = floats(1, 2, 3), floats([1, 2], [3, 4], [5, 6])
LOGITS = floats([0.1, 0.2, 0.3], [0.3, 0.1, 0.2])
TWO, THREE = floats(7, 8), floats(1, 1, 1)
SCATTER = ("update", "add", "sub", "mul", "div", "max", "min")
FUNCTIONAL = mint.nn.functional


def written(x, index):
    y = x * 2
    y[index] = 0.0
    return y


def into_parameter(function):
    return lambda x, i: function(Parameter(x * 1, name="p"), i)


# name: (function of a float Tensor and of what may be wrong, the float Tensor, right, wrong, error)
VECTOR = V, integers(0, -3), integers(0, 3), RuntimeError
CELLS = V, integers([0], [2]), integers([0], [-1]), RuntimeError
TARGETS = LOGITS, integers(0, -1), integers(0, 3), RuntimeError
IGNORED = LOGITS, integers(0, -100), integers(0, -4), RuntimeError
CLASSES = LOGITS, integers(0, -100), integers(0, -1), ValueError
LINES = X, integers(0, -3), integers(0, 3), RuntimeError

ROWS = {
    "ops.NoRepeatNGram": (
        lambda x, i: ops.NoRepeatNGram(1)(i, x), floats([[0.1, 0.2, 0.3]]), integers([[0, 1, 1]]),
        integers([[0, 3, 3]]), ValueError,
    ),
    "ops.quantile": (lambda x, q: ops.quantile(x, q), V, floats(0, 1), floats(0.5, 1.5), ValueError),
    "ops.nanquantile": (lambda x, q: ops.nanquantile(x, q), V, floats(0, 1), floats(0.5, -0.5), ValueError),
    "ops.Quantile": (lambda x, q: ops.Quantile()(x, q), V, floats(0, 1), floats(0.5, 1.5), ValueError),
    "x[i]": (lambda x, i: x[i], *VECTOR),
    "x[i, 0]": (lambda x, i: x[i, 0], *LINES),
    "x[:, i]": (lambda x, i: x[:, i], X, integers(1), integers(2), RuntimeError),
    "x[i, i]": (lambda x, i: x[i, i], X, integers(1), integers(2), RuntimeError),
    "x[i] of int8": (lambda x, i: x[i.astype(ms.int8)], ops.ones(300), integers(-3, 127), None, RuntimeError),
    "x[i] = v": (written, V, integers(0, 2), integers(0, -4), ValueError),
    "x[:, i] = v": (lambda x, i: written(x, (slice(None), i)), X, integers(1), integers(2), ValueError),
    "ops.gather": (lambda x, i: ops.gather(x, i, 0), *LINES),
    "ops.gather of batches": (
        lambda x, i: ops.gather(x, i, 1, 1), X, integers([0], [1], [0]), integers([0], [2], [0]), RuntimeError,
    ),
    "ops.index_select": (lambda x, i: ops.index_select(x, 0, i), *LINES),
    "ops.gather_elements": (lambda x, i: ops.gather_elements(x, 0, i), *VECTOR),
    "ops.gather_nd": (lambda x, i: ops.gather_nd(x, i), *CELLS),
    "ops.take": (lambda x, i: ops.take(x, i), X, integers(0, -6), integers(0, 6), RuntimeError),
    "numpy.take_along_axis": (lambda x, i: mnp.take_along_axis(x, i, 0), *VECTOR),
    **{
        f"ops.tensor_scatter_{how}": (
            lambda x, i, how=how: getattr(ops, f"tensor_scatter_{how}")(x, i, TWO), *CELLS
        ) for how in SCATTER
    },
    **{
        f"ops.scatter_{how}": (
            into_parameter(lambda x, i, how=how: getattr(ops, f"scatter_{how}")(x, i, TWO)), *VECTOR
        ) for how in SCATTER
    },
    **{
        f"ops.scatter_nd_{how}": (
            into_parameter(lambda x, i, how=how: getattr(ops, f"scatter_nd_{how}")(x, i, TWO)), *CELLS
        ) for how in SCATTER
    },
    "ops.ScatterNonAliasingAdd": (into_parameter(lambda x, i: ops.ScatterNonAliasingAdd()(x, i, TWO)), *CELLS),
    "ops.scatter_nd": (lambda x, i: ops.scatter_nd(i, x[:2], (3,)), *CELLS),
    "ops.SparseToDense": (
        lambda x, i: ops.SparseToDense()(i, x, (2, 2)), V, integers([0, 1], [1, 0], [1, 1]),
        integers([0, 1], [1, 0], [1, 2]), ValueError,
    ),
    "ops.SparseTensorDenseAdd": (
        lambda x, i: ops.SparseTensorDenseAdd()(i, x, (2, 2), ops.ones((2, 2))), V, integers([0, 1], [1, 0], [1, 1]),
        integers([0, 1], [1, 0], [1, 2]), ValueError,
    ),
    "Tensor.index_copy_": (lambda x, i: (x * 1).index_copy_(0, i, TWO), *VECTOR),
    "ops.index_add": (into_parameter(lambda x, i: ops.index_add(x, i, TWO, 0)), *VECTOR),
    "mint.index_add": (lambda x, i: mint.index_add(x, 0, i, TWO), *VECTOR),
    "ops.index_fill": (lambda x, i: ops.index_fill(x, 0, i, 9.0), *VECTOR),
    "Tensor.index_put": (lambda x, i: x.index_put((i,), TWO), *VECTOR[:3], ValueError),
    "Tensor.put_": (lambda x, i: (x * 1).put_(i, TWO), *VECTOR),
    "Tensor.masked_scatter": (
        lambda x, m: x.masked_scatter(m, TWO), V, Tensor([True, True, False]), Tensor([True] * 3), ValueError,
    ),
    **{
        f"ops.unsorted_segment_{how}": (
            lambda x, i, how=how: getattr(ops, f"unsorted_segment_{how}")(x, i, 3),
            V, integers(0, -1, 2), integers(0, 1, 3), RuntimeError,
        ) for how in ("sum", "max", "min", "prod")
    },
    "ops.embedding": (lambda x, i: ops.embedding(i, x), *LINES),
    "nn.Embedding": (lambda x, i: nn.Embedding(3, 2)(i) * x.sum(), *LINES),
    "mint.nn.Embedding": (lambda x, i: mint.nn.Embedding(3, 2)(i) * x.sum(), *LINES),
    "ops.cross_entropy": (ops.cross_entropy, *TARGETS),
    "ops.cross_entropy, one ignored": (ops.cross_entropy, *IGNORED),
    "ops.cross_entropy, another ignored": (
        lambda x, i: ops.cross_entropy(x, i, ignore_index=5), LOGITS, integers(0, 5), integers(0, -100), RuntimeError,
    ),
    "ops.cross_entropy, weighted": (lambda x, i: ops.cross_entropy(x, i, THREE), *TARGETS),
    "ops.cross_entropy, smooth": (lambda x, i: ops.cross_entropy(x, i, label_smoothing=0.1), *TARGETS),
    "ops.cross_entropy of a vector": (
        ops.cross_entropy, V, Tensor(2, ms.int32), Tensor(3, ms.int32), RuntimeError,
    ),
    "nn.CrossEntropyLoss": (nn.CrossEntropyLoss(), *TARGETS),
    "ops.nll_loss": (ops.nll_loss, *IGNORED),
    "ops.nll_loss_ext": (ops.nll_loss_ext, *CLASSES),
    "mint.nn.functional.nll_loss": (FUNCTIONAL.nll_loss, *CLASSES),
    "ops.NLLLoss": (lambda x, i: ops.NLLLoss()(x, i, THREE)[0], *CLASSES),
    "nn.NLLLoss": (nn.NLLLoss(), *IGNORED),
    "ops.SparseSoftmaxCrossEntropyWithLogits": (
        ops.SparseSoftmaxCrossEntropyWithLogits(), LOGITS, integers(0, 3), integers(0, -100), RuntimeError,
    ),
    "nn.SoftmaxCrossEntropyWithLogits": (
        nn.SoftmaxCrossEntropyWithLogits(True, "mean"), LOGITS, integers(0, 3), integers(0, -1), RuntimeError,
    ),
    "nn.SoftmaxCrossEntropyWithLogits, none": (
        nn.SoftmaxCrossEntropyWithLogits(True), LOGITS, integers(5, -100), None, RuntimeError,
    ),
    "ops.multi_margin_loss": (ops.multi_margin_loss, LOGITS, integers(0, 2), integers(0, -1), ValueError),
    "ops.binary_cross_entropy": (
        lambda x, p: ops.binary_cross_entropy(p, p * 0, x), V, floats(0, np.nan, 1), floats(0, 1.5, 1), RuntimeError,
    ),
    "ops.UnravelIndex": (
        lambda x, i: ops.UnravelIndex()(i, (3, 2)) * x.sum(), V, integers(0, 5), integers(0, -1), ValueError,
    ),
    "ops.Bincount": (lambda x, i: ops.Bincount()(i, 3, x), V, integers(0, 2, 9), integers(0, -1, 2), RuntimeError),
    "ops.reverse_sequence": (
        lambda x, i: ops.reverse_sequence(x, i, 1), X, integers(0, 1, 2), integers(0, 1, 3), RuntimeError,
    ),
    **{
        f"ops.max_unpool{n}d": (
            lambda x, i, n=n: getattr(ops, f"max_unpool{n}d")(x, i, 2),
            ops.ones((1,) * (n + 2)), ops.full((1,) * (n + 2), 1), ops.full((1,) * (n + 2), 2**n), RuntimeError,
        ) for n in (1, 2, 3)
    },
    **{
        f"ops.MaxUnpool{n}D": (
            lambda x, i, n=n: getattr(ops, f"MaxUnpool{n}D")(2)(x, i),
            ops.ones((1,) * (n + 2)), ops.full((1,) * (n + 2), 1), ops.full((1,) * (n + 2), -1), RuntimeError,
        ) for n in (2, 3)
    },
    **{
        f"ops.{name}": (function, V, Tensor(np.eye(3, dtype=np.float32)), ops.ones((3, 3)), error)
        for name, function, error in (
            ("cholesky", lambda x, m: ops.cholesky(m) * x, RuntimeError),
            ("matrix_solve", lambda x, m: ops.matrix_solve(m, x.expand_dims(1)), ValueError),
            ("matrix_power", lambda x, m: ops.matrix_power(m, -2) * x, ValueError),
        )
    },
    "scipy.linalg.cholesky": (
        lambda x, m: linalg.cholesky(m) * x, V, Tensor(np.eye(3, dtype=np.float32)), ops.ones((3, 3)), RuntimeError,
    ),
    "ops.multilabel_margin_loss": (
        ops.multilabel_margin_loss, LOGITS, integers([0, 2, -1], [1, -1, 2]), integers([0, 3, -1], [1, -1, 2]),
        ValueError,
    ),
    "ops.MultilabelMarginLoss": (
        lambda x, i: ops.MultilabelMarginLoss()(x, i)[0], LOGITS, integers([0, -1, 2], [1, -1, 2]),
        integers([0, -2, 2], [1, -1, 2]), ValueError,
    ),
    "ops.ROIAlign": (
        ops.ROIAlign(1, 1, 1.0), ops.ones((1, 1, 2, 2)), floats([0, 0, 0, 1, 1]), floats([1, 0, 0, 1, 1]), RuntimeError,
    ),
    "ops.PSROIPooling": (
        lambda x, i: ops.PSROIPooling(1.0, 1, 1)(x, i.T[None]), ops.ones((1, 1, 2, 2)), floats([0, 0, 0, 1, 1]),
        floats([1, 0, 0, 1, 1]), RuntimeError,
    ),
    "ops.RNNTLoss": (
        lambda x, i: ops.RNNTLoss()(x, i, integers(2), integers(1))[0], ops.ones((1, 2, 2, 3)), integers([2]),
        integers([3]), ValueError,
    ),
    "ops.SparseApplyAdagradV2": (
        lambda x, i: ops.SparseApplyAdagradV2(0.1, 0.1)(x * 1, x * 1, x[:2], i)[0], X, integers(0, 2), integers(0, 3),
        RuntimeError,
    ),
    "ops.uniform_candidate_sampler": (
        lambda x, i: ops.uniform_candidate_sampler(i.expand_dims(1), 1, 2, True, 3, 1, True)[2] + x[0], X,
        integers(0, 0), integers(0, 1), ValueError,
    ),
    "ops.crop_and_resize": (
        lambda x, i: ops.crop_and_resize(x, floats([0, 0, 1, 1]), i, (1, 1)), ops.ones((1, 2, 2, 1)), integers(0),
        integers(1), ValueError,
    ),
    **{
        f"ops.{name}": (
            lambda x, n, loss=loss: loss(x, integers([2]), n, integers(1))[0], ops.ones((3, 1, 3)), integers(3),
            integers(4), ValueError,
        ) for name, loss in (("ctc_loss", ops.ctc_loss), ("CTCLossV2", ops.CTCLossV2()))
    },
    "ops.CTCLoss": (
        lambda x, n: ops.CTCLoss()(x, Tensor([[0, 0]]), integers(1), n)[0], ops.ones((3, 1, 3)), integers(3),
        integers(4), RuntimeError,
    ),
}  # fmt: skip

# Operators that take integers which could be out of range, and raise for none.
DROPPED = "what is out of range is dropped, as in MindSpore"
VALUED = "the shape of the result depends on values, so that it runs eagerly"
WITHOUT = {
    "ops.scatter": DROPPED,
    "Tensor.scatter_add": DROPPED,
    "Tensor.scatter_": DROPPED,
    "ops.tensor_scatter_elements": DROPPED,
    "ops.one_hot": "a row of off_value",
    "ops.EmbeddingLookup": "a row of zeros",
    "ops.intopk": "False",
    "numpy.take": "clipped or wrapped",
    "numpy.choose": "clipped or wrapped",
    "numpy.unravel_index": "clipped",
    "numpy.ravel_multi_index": "clipped or wrapped",
    "ops.sparse_segment_mean": VALUED,
    **{f"ops.Segment{how}": VALUED for how in ("Sum", "Max", "Min", "Prod", "Mean")},
    "ops.bincount": VALUED,
    "numpy.bincount": VALUED,
    "ops.sequence_mask": "compared only",
    "ops.searchsorted": "the sorter is not for CPUs in MindSpore",
    "ops.SearchSorted": "the sorter is not for CPUs in MindSpore",
    "numpy.searchsorted": "the sorter is not for CPUs in MindSpore",
    "Tensor.searchsorted": "the sorter is not for CPUs in MindSpore",
    "ops.lu_solve": "pivots are what lu gave",
    "ops.LuUnpack": "pivots are what lu gave",
    "ops.lu_unpack": "pivots are what lu gave",
    "scipy.linalg.lu_pivots_to_permutation": "pivots are what lu gave",
    "ops.masked_select": VALUED,
    "ops.masked_fill": "all that the mask needs is a shape",
}
WITHOUT |= {
    f"ops.{name}": "rows that are not there are left out"
    for name in (
        *(f"SparseApply{rule}" for rule in ("Adagrad", "Adadelta", "RMSProp", "ProximalAdagrad", "Ftrl", "FtrlV2")),
        *(f"FusedSparse{rule}" for rule in ("Adam", "LazyAdam", "ProximalAdagrad", "Ftrl")),
    )
} | {
    "ops.moe_token_permute": "experts are sorted by their numbers, whatever these are",
    "ops.MoeTokenPermute": "experts are sorted by their numbers, whatever these are",
    "ops.DropoutDoMask": "the mask is of bits",
    "ops.inner_ops.DynamicStitch": "negative indices count from the end; MindSpore's process ends",
    "ops.inner_ops.SequenceMask": "compared only",
    "ops.coalesce": "the number of places that differ is the shape of the result: it runs eagerly",
    "ops.SparseTensorDenseMatmul": "indices are checked eagerly, when the sparse Tensor is made dense",
}  # fmt: skip
INDICES = {
    "index", "indices", "labels", "segment_ids", "seq_lengths", "lengths", "sorter", "mask", "argmax", "pivots",
}  # fmt: skip
PROBABILITIES = "targets are no class numbers"
WITHOUT |= {
    f"ops.{name}": PROBABILITIES
    for name in (
        "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "gaussian_nll_loss", "kl_div", "cosine_embedding_loss",
        "binary_cross_entropy_with_logits", "SigmoidCrossEntropyWithLogits", "margin_ranking_loss",
        "hinge_embedding_loss", "multilabel_soft_margin_loss", "soft_margin_loss", "SoftmaxCrossEntropyWithLogits",
    )
}  # fmt: skip


def operators(face: str) -> set:
    """The operators behind a name such as "ops.gather"."""
    room, _, name = face.partition(",")[0].partition(" of ")[0].rpartition(".")
    return {operator for operator, _ in rooms[room].rows.get(name, ())} if room in rooms else set()


def test_all_operators_with_indices_are_here():
    known = set().union(*map(operators, [*ROWS, *WITHOUT]))
    missing = {
        f"{room}.{name}"
        for room, entries in rooms.items()
        if room != "ops.grad_ops"  # derivatives are given what their operators have checked
        for name, rows in entries.rows.items()
        for operator, _ in rows
        if (INDICES | {"target"}) & set(operator.arrays) or operator.check
        if operator not in known
    }
    assert not missing
    assert not [face for face in WITHOUT if not operators(face)]


def held(function, x, right, wrong) -> tuple[list[bool], list[bool]]:
    """Of each demand of `function(x, ...)`, traced once, whether it holds for what is right, and for what is wrong."""
    frame = demands.Placed([x, right], records=True, kind=Kind.COMPILE)

    @jax.jit
    def traced(*arrays):
        with frame.running(arrays):
            function(x, right)
            flags = jnp.asarray(demands.met(frame.demands), bool)
        frame.abandon()
        return flags

    return traced(raw(x), raw(right)).tolist(), traced(raw(x), raw(wrong)).tolist()


def summed(function):
    return lambda x, i: function(x, i).astype(ms.float32).sum()


def lanes(function):
    return lambda x, i: ms.vmap(lambda y, j: function(y, j))(ops.stack((x, x)), ops.stack((i, i)))


class Block(nn.Cell):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def construct(self, x, i):
        return self.function(x, i)


# a transform of a function of (x, i)
NESTED = {
    "grad": lambda f: ms.grad(summed(f)),
    "vmap": lanes,
    "recompute": lambda f: ms.grad(summed(lambda x, i: ms.recompute(Block(f), x, i))),
}
DEEP = {
    "grad of grad": lambda f: ms.grad(lambda x, i: ms.grad(summed(f))(x, i).sum()),
    "jvp": lambda f: lambda x, i: ms.jvp(lambda y: summed(f)(y, i), x, x),
    "linearize": lambda f: lambda x, i: ops.linearize(lambda y: summed(f)(y, i), x)[1](x),
    "vmap of grad": lambda f: lanes(ms.grad(summed(f))),
    "grad of vmap": lambda f: ms.grad(summed(lanes(f))),
    "vmap of vmap": lambda f: lanes(lanes(f)),
    "recompute of vmap": lambda f: ms.grad(summed(lambda x, i: ms.recompute(Block(lanes(f)), x, i))),
    "vmap of recompute": lambda f: lanes(ms.grad(summed(lambda x, i: ms.recompute(Block(f), x, i)))),
}
LIKE_OTHERS = ("_sub", "_mul", "_div", "_max", "_min", "_prod", "1d", "3d", "3D")
CASES = [(name, inside) for name in ROWS for inside in NESTED if not name.endswith(LIKE_OTHERS)]
CASES += [(name, inside) for name in ("x[i]", "ops.gather", "ops.cross_entropy", "ops.embedding") for inside in DEEP]


@pytest.fixture(autouse=True)
def _eager():
    ms.set_compile("off")
    yield
    ms.set_compile("auto")


@pytest.mark.parametrize("name", ROWS)
def test_wrong_values_raise_eagerly(name):
    function, x, right, wrong, error = ROWS[name]
    function(x, right)
    with pytest.raises(error) if wrong is not None else nullcontext():
        function(x, right if wrong is None else wrong)


@pytest.mark.parametrize("name", ROWS)
def test_compiled_functions_demand_right_values(name):
    function, x, right, wrong, _ = ROWS[name]
    if name == "nn.SoftmaxCrossEntropyWithLogits, none":
        return
    for_right, for_wrong = held(function, x, right, right if wrong is None else wrong)
    assert for_right and all(for_right)
    assert not all(for_wrong) or wrong is None


@pytest.mark.parametrize(("name", "inside"), CASES)
def test_demands_leave_nested_transforms(name, inside):
    function, x, right, wrong, error = ROWS[name]
    nested = (NESTED | DEEP)[inside](function)
    if wrong is None:
        return
    nested(x, right)
    with pytest.raises(error):
        nested(x, wrong)
    for_right, for_wrong = held(nested, x, right, wrong)
    assert for_right and all(for_right)
    assert not all(for_wrong)


def demanded(function, *tensors) -> list:
    """The demands of a function traced under `jax.jit`."""
    frame = demands.Placed(tensors, records=True, kind=Kind.COMPILE)

    @jax.jit
    def traced(*arrays):
        with frame.running(arrays):
            function(*tensors)
            held = jnp.asarray(demands.met(frame.demands), bool)
        frame.abandon()
        return held

    traced(*map(raw, tensors))
    return frame.demands


@pytest.mark.parametrize(
    "function",
    [lambda x: x[1, 0], lambda x: x[-1:], lambda x: x[[0, 2]], lambda x: mint.select(x, 0, 2), lambda x: x[:, [0, 0]]],
)
def test_known_indices_demand_nothing(function):
    assert not demanded(function, X)


def test_errors_name_the_operator_and_the_range():
    ((_, error),) = demanded(lambda x, i: ops.gather(x, i, 0), V, integers(0, 1))
    assert type(error) is RuntimeError and str(error) == "For 'Gather', the indices should be in the range [-3, 3)."


def inside_jit(x, i):
    return wrap(jax.jit(lambda i: raw(V[wrap(i)]))(raw(i)))


@pytest.mark.parametrize("inside", [*NESTED, *DEEP])
def test_nothing_is_demanded_inside_a_jit_of_jax(inside):
    """A flag would not get out of it."""
    function = (NESTED | DEEP)[inside](lambda x, i: inside_jit(x, i) * x.sum())
    assert not demanded(function, V, integers(0, 1))


def test_demands_of_differential_operators():
    def chosen(i):
        return lambda x: (ops.gather(x, i, -1) ** 3).sum(-1, keepdims=True)

    points = ops.ones((4, 3))
    for chunk in (None, 2):
        laplacian = lambda x, i, chunk=chunk: ms.diffops.laplacian(chosen(i), chunk=chunk)(x)  # noqa: E731
        laplacian(points, integers(0, 2))
        for_right, for_wrong = held(laplacian, points, integers(0, 2), integers(0, 3))
        assert all(for_right)
        assert chunk or not all(for_wrong)
    with pytest.raises(RuntimeError, match="Gather"):
        ms.diffops.laplacian(chosen(integers(0, 3)))(points)
