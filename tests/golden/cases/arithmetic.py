"""Default dtypes, promotion, casts."""

from golden.cases import Table

INTS = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
ALL = ("bool_", *INTS, *UNSIGNED, *FLOATS, *COMPLEX)
FEW = ("bool_", "int32", "int64", "float16", "float32")
COMMON = ("bool_", "uint8", "int8", "int32", "int64", "float16", "float32", "float64", "complex64")

DEFAULT_DTYPES = """
    Tensor(1)
    Tensor([1, 2])
    Tensor(1.0)
    Tensor([1.0, 2])
    Tensor([])
    Tensor([[]])
    Tensor(True)
    Tensor([True, False])
    Tensor(1j)
    Tensor([1, True])
    Tensor([1.5, True])
    Tensor([[1, 2], [3, 4]])
    Tensor((1, 2))
    Tensor(np.float64(1))
    Tensor(np.float32(1))
    Tensor(np.int32(1))
    Tensor(np.ones(2))
    Tensor(np.arange(2))
    Tensor(np.array(['a']))
    Tensor([Tensor(1), Tensor(2.0)])
    Tensor([Tensor(1), Tensor(2)])
    Tensor(Tensor([1, 2]))
    Tensor(Tensor([1, 2]), ms.float32)
    Tensor([1, 2], ms.float16)
    Tensor([1.7, -2.7], ms.int32)
    Tensor([0, 2], ms.bool_)
    Tensor(1, dtype=ms.float32)
    Tensor(input_data=[1], dtype=ms.int8)
    Tensor(shape=(2,), dtype=ms.float32)
    Tensor(None)
    Tensor('a')
    Tensor(range(3))
    Tensor({1, 2})
    Tensor(())
    Tensor({'a': 1})
    Tensor([[1, 2], [3]])
    Tensor([1, 'a'])
    Tensor([None])
    Tensor(2**70)
    Tensor(2**40)
    Tensor(-2**63)
    Tensor(2**63)
    Tensor(shape=(2,), dtype=ms.float32, init=1).asnumpy()
    Tensor(shape=(2, None), dtype=ms.float32).asnumpy()
    Tensor(shape=(2, None), dtype=ms.float32).item()
    str(Tensor(shape=(2, None), dtype=ms.float32))
    bool(Tensor(shape=(2, None), dtype=ms.float32))
    float(Tensor(shape=(2, None), dtype=ms.float32))
    np.asarray(Tensor(shape=(2, None), dtype=ms.float32))
    Tensor([1], float)
    Tensor([1], np.float32)
    Tensor([1], 'float32')
    ms.tensor([1, 2])
    ms.tensor(1.5)
    ms.tensor([1, 2], ms.float32)
    ops.arange(3)
    ops.arange(3.0)
    ops.arange(1, 4)
    ops.arange(0, 1, 0.25)
    ops.zeros((2,))
    ops.ones((2,))
    ops.zeros(2)
    ops.ones((2,), ms.int32)
    ops.eye(2)
    ops.linspace(0, 1, 3)
    ops.full((2,), 1.5)
    ops.full((2,), 1.5, dtype=ms.float32)
    ops.full((2,), 3)
    ops.zeros_like(Tensor([1, 2]))
    ops.ones_like(Tensor([1.0, 2]))
    ops.argmax(Tensor([1.0, 3.0, 2.0]))
    ops.argmin(Tensor([1.0, 3.0, 2.0]))
    ops.sort(Tensor([3.0, 1.0, 2.0]))
    ops.max(Tensor([3.0, 1.0, 2.0]), 0)
    Tensor([3.0, 1.0, 2.0]).max(axis=0)
    ops.topk(Tensor([3.0, 1.0, 2.0]), 2)
    ops.nonzero(Tensor([0, 1, 2]))
    ops.std(Tensor([1.0, 2.0, 4.0]))
    Tensor([1.0, 2.0, 4.0]).std()
    ops.var(Tensor([1.0, 2.0, 4.0]))
    Tensor([1.0, 2.0, 4.0]).var()
    ops.add(1, 2)
    ops.add(1.0, 2)
    ops.mul(2, Tensor(3.0))
    ops.cast(Tensor([1.5]), ms.int32)
    ops.unique(Tensor([1, 2, 1]))
    ops.shape(Tensor([1, 2]))
    ops.size(Tensor([1, 2]))
    ops.rank(Tensor([1, 2]))
    ops.stack((Tensor([1, 2]), Tensor([1.0, 2.0])))
    ops.cat((Tensor([1, 2]), Tensor([3, 4])))
    ops.where(Tensor([True, False]), Tensor([1, 2]), Tensor([1.5, 2.5]))
    ops.matmul(Tensor([[1.0]]), Tensor([[1.0]], ms.float64))
    ops.matmul(Tensor([[1.0, 2.0]]), Tensor([[1.0], [2.0]]))
    Tensor([1.0, 2.0]) @ Tensor([3.0, 4.0])
    Tensor([1.0]).astype(int)
    Tensor([1.0]).astype(float)
    Tensor([1.0]).astype(bool)
    Tensor([1.0]).astype('int32')
    Tensor([1.0]).astype(np.float16)
    Tensor([1.0]).astype(ms.int8)
    Tensor([1.0]).astype('nonsense')
"""

REDUCTIONS = "sum mean prod max min argmax cumsum any all".split()
UNARY = "sqrt exp sin log sigmoid tanh abs square neg floor sign isnan logical_not".split()


def binary(operators: str, left: tuple, right: tuple) -> str:
    return "\n".join(
        f"Tensor([2, 3], ms.{a}) {op} Tensor([1, 2], ms.{b})" for op in operators.split() for a in left for b in right
    )


SCALAR_EXPRESSIONS = """
    t + True; t + 1; t + 1.5; 1 + t; 1.5 + t; t - 1; 1 - t; t * 2;
    2.5 * t; t / 1; 1 / t; t / 2.0; t // 2; 7 // t; t ** 2; t ** 2.5;
    2 ** t; t % 2; 7.5 % t; t / t; t & 1; t | 1; t ^ 1; -t;
    +t; ~t; abs(t); t == 1; t < 2.5; t != 3; 1 > t
"""

PYTHON_OPERANDS = """
    t + (1 + 2j)
    t + np.float64(1.5)
    t + np.float32(1.5)
    t + np.int64(2)
    h + np.float32(1.5)
    h + np.float64(1.5)
    i + np.float64(1.5)
    np.float64(2) * t
    np.array([1.0, 2.0]) + t
    t + np.array([1.0, 2.0])
    t + [1, 2]
    t + (1.5, 2.5)
    [1, 2] + t
    t + 'a'
    t + None
    t - None
    t * 'a'
    t == None
    t != None
    t == 'a'
    t == [1.0, 2.0]
    t < 'a'
    t < None
    t + Tensor([1.0, 2.0, 3.0])
    t == Tensor([1.0, 2.0, 3.0])
    t + Tensor([[1.0], [2.0]])
    t << 1
    t >> 1
    i << 1
    i >> 1
    divmod(i, 2)
    divmod(t, 2)
    Tensor([1, 2], ms.int8) + [1, 2]
    (1, 2) - Tensor([1, 2], ms.int32)
    Tensor([1, 2], ms.float16) + [1.5, 2.5]
    Tensor([1, 2], ms.float64) - (1.5, 2.5)
    Tensor([1, 2], ms.int8) + [300, 1]
    [2, 3] ** Tensor([1, 2], ms.float16)
    Tensor(5, ms.int32) - [1, 2]
    Tensor([1, 2], ms.int32) - [[1, 2], [3, 4]]
    Tensor([1, 2], ms.complex64) + [1j, 2]
    Tensor([1, 2], ms.uint8) + 300
    Tensor([1, 1], ms.uint8) - 2
    Tensor([1, 2], ms.int8) + 200
    Tensor([1, 2], ms.int32) + 2**40
    Tensor([1, 2], ms.int64) + 2**70
    Tensor([1, 2], ms.float16) + 70000
    Tensor([100, 100], ms.int8) * Tensor([2, 3], ms.int8)
    Tensor([-7, 7]) // 2
    Tensor([-7, 7]) % 3
    Tensor([-7, 7]) // -2
    Tensor([-7, 7]) % -3
    Tensor([-7.5, 7.5]) // 2
    Tensor([-7.5, 7.5]) % 2
    Tensor([1.0, -1.0, 0.0]) / 0
    Tensor([1.0, -1.0, 0.0]) // 0
    Tensor([1.0, -1.0, 0.0]) % 0
    Tensor([1, 2]) / 0
    Tensor([2, 3]) ** -1
    Tensor([2, 3]) ** Tensor([2, 0])
    Tensor([2.0, 3.0]) ** -1
    Tensor([-8.0]) ** (1 / 3)
    Tensor([1.0, 2.0]) + Tensor(1.0, ms.float64)
    Tensor([1.0, 2.0]) + Tensor(1)
    Tensor([1, 2], ms.int8) + Tensor(1)
    Tensor([1, 2]) + Tensor(1.0, ms.float16)
    1 < Tensor(2) < 3
    0 < Tensor([1, 2]) < 3
    i and t
    not Tensor(0)
    Tensor([True, False]) & Tensor([True, True])
    Tensor([True, False]) | Tensor([False, False])
    Tensor([True, False]) ^ Tensor([True, True])
    Tensor([True, False]) & True
    i & i
    i & t
    t.__add__(1)
    t.__eq__('a')
"""

AUGMENTED = """
    t += 1
    t -= 1.5
    t *= 2
    t /= 2
    t //= 2
    t **= 2
    t %= 2
    i += 1
    i += 1.5
    i /= 2
    t += t
    t += 'a'
    i -= t
"""

CAST = "Tensor(np.array([0.0, 1.0, 2.7, -1.0, -2.7, 100.5]), ms.float64).astype(ms.{a}).astype(ms.{b})"
INT_CAST = "Tensor([0, 1, -1, 127, 300, -300]).astype(ms.{b})"
SPECIAL_CAST = "Tensor([float('nan'), float('inf'), -float('inf')], ms.{a}).astype(ms.{b})"
SMALL = ("bool_", "int8", "int32", "int64", "uint8", "float16", "float32", "float64", "complex64")

MIXED = ("float16 float32", "float32 float64", "float32 float16", "int32 float32", "int16 int64", "float32 int32")

TABLES = [
    Table("default dtypes", DEFAULT_DTYPES),
    Table("promotion", binary("+", ALL, ALL)),
    Table("promotion", binary("- * / // %", COMMON, COMMON)),
    Table("promotion", binary("< == **", FEW, FEW)),
    Table(
        "beside no dimensions",
        {
            f"{call}, {d} and {e}": f"a, b = Tensor([3, 2], ms.{d}), Tensor(3, ms.{e})\n{call}"
            for call in (
                "a * b",
                "b / a",
                "ops.mul(b, a)",
                "mint.div(a, b)",
                "a - b",
                "ops.RealDiv()(a, b)",
                "mnp.multiply(a, b)",
            )
            for d, e in map(str.split, MIXED)
        },
    ),
    Table(
        "python scalars",
        {
            f"{expression}, {d}": f"t = Tensor([1, 3], ms.{d})\n{expression}"
            for d in ALL
            for expression in map(str.strip, SCALAR_EXPRESSIONS.split(";"))
        },
    ),
    Table(
        "operands",
        PYTHON_OPERANDS,
        "t = Tensor([1.0, 2.0])\nh = Tensor([1.0, 2.0], ms.float16)\ni = Tensor([5, 6])\n",
    ),
    Table(
        "augmented",
        {line: f"before = t, i\n{line}\nt, i, before" for line in map(str.strip, AUGMENTED.strip().splitlines())},
        "t = Tensor([1.0, 2.0])\ni = Tensor([5, 6])\n",
    ),
    Table("unary", "\n".join(f"ops.{f}(Tensor([1, 2], ms.{d}))" for f in UNARY for d in ALL if "complex" not in d)),
    Table(
        "reductions",
        "\n".join(
            f"Tensor([[1, 2], [4, 4]], ms.{d}).{f}({'0' if f == 'cumsum' else ''})" for f in REDUCTIONS for d in ALL
        ),
    ),
    Table(
        "reductions",
        """
            Tensor([1, 2]).mean()
            Tensor([-1, -2]).mean()
            Tensor([1, 2], ms.int32).mean()
            Tensor([[1.0, 2.0], [3.0, 5.0]]).sum(0)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).sum(axis=1, keepdims=True)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).sum((0, 1))
            Tensor([[1.0, 2.0], [3.0, 5.0]]).sum(5)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).mean(0)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).mean(-1, True)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).max(0)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).argmax(1)
            Tensor([[1.0, 2.0], [3.0, 5.0]]).min(axis=1)
            ops.sum(Tensor([[1, 2], [3, 4]]), 0)
            ops.mean(Tensor([[1.0, 2.0], [3.0, 4.0]]), 0)
            ops.mean(Tensor([[1.0, 2.0], [3.0, 4.0]]), 0, True)
            ops.prod(Tensor([[1.0, 2.0], [3.0, 4.0]]), 0)
            ops.amax(Tensor([[1.0, 2.0], [3.0, 4.0]]), 1)
            ops.norm(Tensor([[1.0, 2.0], [3.0, 4.0]]))
            ops.sum(Tensor([1, 2]), dtype=ms.float32)
            Tensor([]).max()
        """,
    ),
    Table("casts", "\n".join(CAST.format(a=a, b=b) for a in ("int32", "float32", "float64", "bool_") for b in ALL)),
    Table("casts", "\n".join(INT_CAST.format(b=b) for b in ALL)),
    Table("casts", "\n".join(SPECIAL_CAST.format(a=a, b=b) for a in ("float32", "float16") for b in SMALL)),
    Table("casts", "\n".join(f"Tensor([1.7, -1.2]).{m}()" for m in ("half", "float", "double", "int", "long", "bool"))),
]
