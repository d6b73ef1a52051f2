"""The exact text of str and repr."""

from golden.cases import Table

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")

VALUES = """
    0.0
    -0.0
    1.0
    -1.5
    3.14159265
    0.1
    1/3
    1e-10
    1e10
    123456.789
    1234567.0
    0.0001
    0.00001
    float('nan')
    float('inf')
    -float('inf')
"""

VECTORS = """
    [1.0, 2.5]
    [-1.0, 2.5]
    [0.1, 0.25, 1/3]
    [1e-10, 1.0]
    [1e10, -1.0]
    [1.0, float('nan')]
    [1.0, float('inf'), -float('inf')]
    [float('nan'), float('nan')]
    [100.0, 2.0, 30.5]
    [1.0]
    [[1.0, 2.0], [3.0, -4.0]]
    [[1.0], [2.0]]
    [[1.0, float('nan')], [-float('inf'), 1e-5]]
    [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]
    []
    [[]]
    [[[]]]
"""

INT_VECTORS = ("[1, 2]", "[1, 20, 100]", "[[1, 20], [100, 3]]", "[[[1, 2]], [[3, 100]]]", "[7]", "[]", "7", "0")

LARGE = """
    Tensor(np.arange(1000, dtype=np.float32))
    Tensor(np.arange(1001, dtype=np.float32))
    Tensor(np.arange(1001, dtype=np.int64))
    Tensor(np.arange(1001) % 2 == 0)
    Tensor(np.arange(2000, dtype=np.float32).reshape(2, 1000))
    Tensor(np.arange(2000, dtype=np.float32).reshape(1000, 2))
    Tensor(np.arange(1600, dtype=np.float32).reshape(40, 40))
    Tensor(np.arange(1600, dtype=np.int32).reshape(40, 40))
    Tensor(np.arange(2400, dtype=np.float32).reshape(2, 30, 40))
    Tensor(np.arange(1200, dtype=np.float32).reshape(10, 12, 10))
    Tensor(np.arange(1200, dtype=np.float64).reshape(300, 2, 2))
    Tensor(np.arange(30, dtype=np.float32))
    Tensor(np.arange(60, dtype=np.float32).reshape(2, 30))
    Tensor(np.arange(60, dtype=np.int32))
    Tensor(np.linspace(-1, 1, 40).astype(np.float32))
    Tensor(np.arange(12, dtype=np.float32))
    Tensor(np.arange(13, dtype=np.float32))
    Tensor(np.arange(24))
    Tensor(np.arange(25))
    Tensor(np.arange(25) % 2 == 0)
    Tensor(np.arange(13), ms.float16)
    Tensor(np.arange(13), ms.bfloat16)
    Tensor(np.arange(13), ms.complex64)
    Tensor(np.arange(24, dtype=np.float32).reshape(2, 12))
    Tensor(np.arange(26, dtype=np.float32).reshape(2, 13))
    Tensor(np.arange(48).reshape(2, 24))
    Tensor(np.arange(50).reshape(2, 25))
    Tensor(np.arange(26, dtype=np.float32).reshape(13, 2))
    Tensor(np.arange(60).reshape(30, 2))
    Tensor(np.arange(52, dtype=np.float32).reshape(2, 2, 13))
    Tensor(np.arange(52, dtype=np.float32).reshape(1, 26, 2))
    Tensor(np.arange(52, dtype=np.float32).reshape(26, 1, 2))
    Tensor(np.arange(999).reshape(3, 333))
    Tensor(np.arange(7, dtype=np.float32).reshape(1, 7))
"""

CELLS = {
    "Dense": "repr(nn.Dense(2, 3))",
    "Dense without bias": "repr(nn.Dense(2, 3, has_bias=False))",
    "Dense with activation": "repr(nn.Dense(2, 3, activation='relu'))",
    "Conv2d": "repr(nn.Conv2d(3, 4, 3, weight_init='ones'))",
    "ReLU": "repr(nn.ReLU())",
    "Tanh": "str(nn.Tanh())",
    "Flatten": "repr(nn.Flatten())",
    "Dropout": "repr(nn.Dropout(p=0.5))",
    "MaxPool2d": "repr(nn.MaxPool2d(2, 2))",
    "LayerNorm": "repr(nn.LayerNorm((3,)))",
    "BatchNorm1d": "repr(nn.BatchNorm1d(3))",
    "Embedding": "repr(nn.Embedding(10, 3))",
    "SequentialCell": "repr(nn.SequentialCell(nn.Dense(2, 3), nn.ReLU(), nn.Dense(3, 1)))",
    "CellList": "repr(nn.CellList([nn.Dense(2, 3), nn.ReLU()]))",
    "empty SequentialCell": "repr(nn.SequentialCell())",
    "MSELoss": "repr(nn.MSELoss())",
    "empty Cell": "repr(nn.Cell())",
    "nested": """
        class Block(nn.Cell):
            def __init__(self):
                super().__init__()
                self.fc = nn.Dense(2, 2)
                self.act = nn.ReLU()

        class Net(nn.Cell):
            def __init__(self):
                super().__init__()
                self.block = Block()
                self.seq = nn.SequentialCell(nn.Dense(2, 3), Block())
                self.scale = Parameter(Tensor([1.0]), name='scale')

        str(Net())
    """,
    "extend_repr": """
        class Net(nn.Cell):
            def extend_repr(self):
                return 'a=1'

        repr(Net())
    """,
}


def texts(expressions) -> str:
    return "\n".join(f"{function}({expression})" for expression in expressions for function in ("str", "repr"))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


TABLES = [
    Table("scalar", texts(f"Tensor({value}, ms.{d})" for d in FLOATS for value in lines(VALUES))),
    Table("vector", texts(f"Tensor({value}, ms.{d})" for d in FLOATS for value in lines(VECTORS))),
    Table("integers", texts(f"Tensor({value}, ms.{d})" for d in INTS for value in INT_VECTORS)),
    Table(
        "other",
        texts(
            lines("""
                Tensor([-1, 20, -300])
                Tensor([[-1, 2], [3, -40]], ms.int32)
                Tensor(True)
                Tensor(False)
                Tensor([True, False])
                Tensor([True, True])
                Tensor([[True, False], [False, False]])
                Tensor(1 + 2j)
                Tensor(1 - 2j, ms.complex64)
                Tensor(0.1 + 1/3 * 1j, ms.complex64)
                Tensor([1 + 2j, 3.5 - 1j], ms.complex64)
                Tensor([1 + 2j, 3.5 - 1j])
                Tensor([[1 + 2j], [0]], ms.complex64)
                Tensor([], ms.int32)
                Tensor(np.zeros((0, 3), np.float32))
                Tensor(np.zeros((2, 0), np.float32))
                Tensor(np.zeros((2, 1, 2), np.float32))
                Tensor(np.zeros((1, 1, 1, 1), np.float32))
                Tensor(np.zeros((1, 2, 1, 2), np.int32))
                (Tensor([1.0]), Tensor(2))
                [Tensor([1.0, 2.0])]
                {'a': Tensor([[1.0], [2.0]])}
                Tensor([1.0])[0]
                Tensor([1.0, 2.0]).shape
                Tensor([1.0, 2.0]).dtype
                Parameter(Tensor([1.0, 2.0]), name='p')
                Parameter(Tensor([[1, 2]]), name='p', requires_grad=False)
                Parameter(Tensor(1.0, ms.float16), name='p')
                (Parameter(Tensor([1.0]), name='p'),)
                ParameterTuple([Parameter(Tensor([1.0]), name='p')])
                ms.float16
                [ms.int32, ms.bool_]
            """)
        ),
    ),
    Table("large", texts(lines(LARGE))),
    Table(
        "dtype", texts(f"ms.{d}" for d in (*INTS, *FLOATS, "bool_", "complex64", "complex128", "string", "tensor_type"))
    ),
    Table("cell", CELLS),
]
