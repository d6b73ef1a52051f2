"""Random expressions of Tensors. The generated text is the case; the seed is fixed, so the text never changes."""

import random

from golden.cases import Table

SEED = 2026
COUNT = 360


def several(text: str) -> tuple[str, ...]:
    return tuple(map(str.strip, text.split(";")))


DTYPES = ("bool_", "uint8", "int8", "int32", "int64", "float16", "float32", "float32", "float64")
SHAPES = ((), (3,), (2, 3), (2, 3), (1, 3), (2, 1))
SCALARS = ("2", "-1", "3", "0.5", "1.5", "-2.0", "True")
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
UNARY = several("""
    -{}; abs({}); {}.abs(); {}.square(); ops.sqrt(abs({})); ops.floor({}); ops.tanh({}); ops.sign({});
    ops.exp({}); ops.relu({}); ops.logical_not({}); {}.neg(); ops.sin({}); ops.zeros_like({}); {}.T
""")
REDUCTIONS = several("""
    {}.sum(); {}.mean(); {}.max(); {}.min(); {}.sum(axis=0); {}.mean(axis=-1); {}.max(axis=0); {}.prod();
    {}.argmax(); {}.any(); {}.all(); {}.sum(axis=-1, keepdims=True); {}.cumsum(0)
""")
SHAPING = several("""
    {}.reshape(-1); {}.flatten(); {}.expand_dims(0); {}.squeeze(); {}.transpose(); ops.stack(({0}, {0}));
    ops.cat(({0}, {0})); {}.broadcast_to((2, 3)); ops.tile({}, (2,)); {}.copy()
""")
INDICES = several("""
    0; -1; 1; 1:; ::2; ::-1; ...; None;
    [0, 1]; [1, 0, 1]; :, 1; ..., 0; 0, 1; 5; Tensor([0, 1]); [True, False, True];
    0:1; ..., None; :, ::-1; [0, 1], [1, 2]
""")
VALUES = ("0", "7", "-2.5", "True", "Tensor(4)", "Tensor([1.5, 2.5, 3.5])", "[1, 2, 3]")


class Generator:
    """Writes one case at a time: two tensors, then up to three statements, each on what is already there."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def case(self) -> str:
        self.lines, self.names = [], []
        for name in "ab":
            self.bind(name, self.tensor())
        for name in "cde"[: self.random.randint(1, 3)]:
            self.step(name)
        return "\n".join([*self.lines, self.names[-1] if self.random.random() < 0.7 else ", ".join(self.names)])

    def bind(self, name: str, expression: str) -> None:
        self.lines.append(f"{name} = {expression}")
        self.names.append(name)

    def pick(self, options) -> str:
        return options[self.random.randrange(len(options))]

    def operand(self) -> str:
        return self.pick(self.names)

    def tensor(self) -> str:
        dtype, shape = self.pick(DTYPES), self.pick(SHAPES)
        count = 1
        for extent in shape:
            count *= extent
        unsigned, integral = dtype in ("bool_", "uint8"), not dtype.startswith("float")
        numbers = [self.random.randint(0 if unsigned else -4, 5) for _ in range(count)]
        values = numbers if integral else [n + self.pick((0.0, 0.25, 0.5)) for n in numbers]
        text = str(values) if shape else str(values[0])
        reshape = f".reshape({shape})" if len(shape) > 1 else ""
        return f"Tensor({text}, ms.{dtype}){reshape}"

    def step(self, name: str) -> None:
        kind = self.random.random()
        if kind < 0.4:
            self.bind(name, self.binary())
        elif kind < 0.52:
            self.bind(name, self.pick(UNARY).format(self.operand()))
        elif kind < 0.64:
            self.bind(name, self.pick(REDUCTIONS).format(self.operand()))
        elif kind < 0.70:
            self.bind(name, self.pick(SHAPING).format(self.operand()))
        elif kind < 0.76:
            self.bind(name, f"{self.operand()}.astype(ms.{self.pick(DTYPES)})")
        elif kind < 0.88:
            self.bind(name, f"{self.operand()}[{self.pick(INDICES)}]")
        else:
            self.lines.append(f"{self.operand()}[{self.pick(INDICES)}] = {self.pick(VALUES)}")

    def binary(self) -> str:
        operator = self.pick(ARITHMETIC if self.random.random() < 0.75 else COMPARISONS)
        left = self.operand()
        right = self.operand() if self.random.random() < 0.6 else self.pick(SCALARS)
        return f"{right} {operator} {left}" if self.random.random() < 0.2 else f"{left} {operator} {right}"


def generate() -> dict[str, str]:
    generator = Generator(SEED)
    return {f"{number:03d}": generator.case() for number in range(COUNT)}


TABLES = [Table("random", generate())]
