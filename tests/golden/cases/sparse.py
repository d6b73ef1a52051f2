"""Functions of sparse arrays: of their values, sums, joins, products and conversions."""

from golden.cases import Table

SETUP = """
COOTensor, CSRTensor = ms.COOTensor, ms.CSRTensor

def coo(*values, dtype=ms.float32, shape=(3, 4), places=((0, 1), (1, 2), (1, 3))):
    return COOTensor(Tensor(places[: len(values)], ms.int64), Tensor(values, dtype), shape)

def csr(*values, dtype=ms.float32):
    return CSRTensor(Tensor([0, 1, 3, 3], ms.int32), Tensor([1, 0, 3], ms.int32), Tensor(values, dtype), (3, 4))

def parts(x):
    return type(x).__name__, x.to_tuple()
"""

# What each is applied to, so that some values are beyond the domain.
NAMES = {
    (0.4, -0.7, 2.5): (
        "abs acos acosh asin asinh atan atanh ceil cos cosh exp expm1 floor inv log log1p neg relu relu6 round sigmoid "
        "sin sinh softsign sqrt square tan tanh"
    ),
    ("float('nan')", "float('inf')", 7.5): "isfinite isinf isnan relu6 round",
    (3, -2, 8): "abs neg relu relu6 square sqrt isnan round",
}


def calls(kind: str) -> str:
    rows = []
    for values, names in NAMES.items():
        given = ", ".join(map(str, values)) + (", dtype=ms.int32" if isinstance(values[0], int) else "")
        rows += [f"parts(ops.{kind}_{name}({kind}({given})))" for name in names.split()]
    other = {"coo": "csr", "csr": "coo"}[kind]
    rows += [f"ops.{kind}_sin(Tensor([1.0]))", f"ops.{kind}_sin({other}(1.0, 2.0, 3.0))"]
    return "\n".join(rows)


OTHERS = """
    parts(ops.coo_add(coo(1, 2, 3), coo(5, 4, places=((0, 0), (1, 2))), Tensor(0, ms.float32)))
    parts(ops.coo_add(coo(1, 2, 3), coo(4, -5, places=((1, 2), (1, 3))), Tensor(2.5, ms.float32)))
    parts(ops.coo_add(coo(1, 2, 3), coo(-1, places=((0, 1),)), Tensor(0, ms.float32)))
    parts(ops.coo_add(coo(1, 2, dtype=ms.int32), coo(4, 5, dtype=ms.int32), Tensor(0, ms.int32)))
    ops.coo_add(coo(1, 2), coo(1, 2), Tensor([0.0]))
    parts(ops.coo_concat((coo(1, 2, 3), coo(4, 5))))
    parts(ops.coo_concat([coo(1, 2, 3), coo(4, 5)], 1))
    parts(ops.coo_concat((coo(1, 2, 3), coo(4, 5), coo(6)), -1))
    parts(ops.coo_concat((coo(1, 2, places=((1, 2), (0, 1))), coo(3, 4)), 1))
    parts(ops.coo_concat((coo(1, 2, places=((1, 2), (0, 1))), coo(3, 4)), 0))
    ops.coo_concat((coo(1, 2),))
    ops.coo_concat((coo(1, 2), coo(1, 2)), 2)
    ops.coo_concat((coo(1, 2), coo(1, 2, shape=(3, 5))), 0)
    ops.coo_concat(coo(1, 2), 0)
    parts(ops.csr_add(csr(1, 2, 3), csr(4, 5, 6), Tensor(2, ms.float32), Tensor(-1, ms.float32)))
    ops.csr_add(csr(1, 2, 3), coo(4, 5, 6), Tensor(2, ms.float32), Tensor(-1, ms.float32))
    ops.csr_add(csr(1, 2, 3), csr(4, 5, 6), 2.0, 1.0)
    parts(ops.csr_softmax(csr(1, 2, 3), ms.float32))
    parts(ops.csr_softmax(csr(1, 2, 3), ms.float64))
    ops.csr_softmax(Tensor([[1.0]]), ms.float32)
    parts(ops.csr_to_coo(csr(1, 2, 3)))
    ops.csr_to_coo(coo(1, 2))
    ops.csr_to_coo(CSRTensor(Tensor([0, 1], ms.int32), Tensor([0], ms.int32), Tensor([[1.0]], ms.float32), (1, 2, 1)))
    ops.csr_to_dense(csr(1, 2, 3))
    parts(ops.dense_to_sparse_coo(Tensor([[1, 0], [-5, 0]], ms.float32)))
    parts(ops.dense_to_sparse_csr(Tensor([[1, 0], [-5, 0]], ms.float32)))
    ops.dense_to_sparse_coo(Tensor([1.0]))
    ops.dense_to_sparse_csr([[1.0]])
    ops.csr_mm(csr(1, 2, 3), Tensor(np.arange(8).reshape(4, 2), ms.float32))
    ops.csr_mv(csr(1, 2, 3), Tensor([[1], [2], [3], [4]], ms.float32))
    ops.csr_reduce_sum(csr(1, 2, 3), 1)
    ops.csr_reduce_sum(csr(1, 2, 3), 0)
    parts(ops.csr_mul(csr(1, 2, 3), Tensor([[1], [2], [3]], ms.float32)))
    parts(ops.csr_div(csr(1, 2, 3), Tensor([[1], [2], [4]], ms.float32)))
    ops.coo_tensor_get_values(coo(1, 2))
    ops.coo_tensor_get_dense_shape(coo(1, 2))
    ops.csr_tensor_get_indptr(csr(1, 2, 3))
    ms.grad(lambda v: ops.coo_square(COOTensor(Tensor([[0, 1], [1, 2]]), v, (3, 4))).values.sum())(Tensor([3.0, 4.0]))
    ms.grad(lambda v: ops.csr_exp(csr(1, 2, 3)).values.sum() * v)(Tensor(3.0))
    ops.SparseToDense()(Tensor([[0, 1], [1, 2]]), Tensor([1, 2], ms.float32), (3, 4))
    ops.SparseToDense()(Tensor([[0, 1], [0, 1]]), Tensor([1, 2], ms.float32), (3, 4))
    ops.SparseToDense()(Tensor([[0, 1], [1, 2]]), Tensor([1, 2], ms.int32), (3, 4))
    ops.SparseToDense()(Tensor([[0, 1], [3, 2]]), Tensor([1, 2], ms.float32), (3, 4))
    ops.SparseToDense()(Tensor([[0.0, 1], [1, 2]]), Tensor([1, 2], ms.float32), (3, 4))
    ops.SparseToDense()(Tensor([[0, 1]]), Tensor([1, 2], ms.float32), (3, 4))
    ops.SparseTensorDenseMatmul()(Tensor([[0, 1], [1, 2]], ms.int32), Tensor([1, 2], ms.float32), (3, 4), dense)
    ops.SparseTensorDenseMatmul(True)(Tensor([[0, 1], [1, 2]], ms.int32), Tensor([1, 2], ms.float32), (3, 4), dense[:3])
    ops.SparseTensorDenseMatmul(False, True)(Tensor([[0, 1]]), Tensor([2], ms.float32), (3, 4), dense.T)
    ops.SparseTensorDenseMatmul()(Tensor([[0, 1]]), Tensor([1], ms.int32), (3, 4), dense)
    ops.SparseTensorDenseMatmul(1)
    ms.grad(lambda v, d: ops.SparseTensorDenseMatmul()(Tensor([[0, 1], [1, 2]]), v, (3, 4), d), (0, 1))(pair, dense)
"""

TABLES = [
    Table("coordinates", calls("coo"), SETUP),
    Table("rows", calls("csr"), SETUP),
    Table(
        "functions",
        OTHERS,
        SETUP
        + """
dense = Tensor(np.arange(12).reshape(4, 3), ms.float32)
pair = Tensor([3, 4], ms.float32)
""",
    ),
]
