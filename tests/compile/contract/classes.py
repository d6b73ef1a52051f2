"""Operators and protocols that users define, with effects and without; classes made inside."""

import abc
import dataclasses
import enum

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=False)
def operators_that_count():
    class Number:
        def __init__(self, x, counts):
            self.x, self.counts = x, counts

        def __add__(self, other):
            self.counts["add"] = self.counts.get("add", 0) + 1
            return Number(self.x + other.x, self.counts)

        def __mul__(self, other):
            self.counts["mul"] = self.counts.get("mul", 0) + 1
            return Number(self.x * other.x, self.counts)

    counts = {}

    def forward(x):
        a = Number(x, counts)
        return (a * a + a).x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), dict(counts)


@program  # operators of a user's class run unseen, so it stays eager
def operators_without_effects():
    class Dual:
        def __init__(self, a, b):
            self.a, self.b = a, b

        def __mul__(self, other):
            return Dual(self.a * other.a, self.a * other.b + self.b * other.a)

        def __getitem__(self, index):
            return (self.a, self.b)[index]

        def __iter__(self):
            return iter((self.a, self.b))

    def forward(x):
        a, b = Dual(x, x * 2) * Dual(x, x)
        return a + b

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def protocols_that_count():
    class Counting:
        def __init__(self):
            self.log = []

        def __call__(self, x):
            self.log.append("call")
            return x * 2

        def __len__(self):
            self.log.append("len")
            return 2

        def __iter__(self):
            self.log.append("iter")
            return iter((1.0, 2.0))

        def __contains__(self, item):
            self.log.append("contains")
            return item == 1

        def __bool__(self):
            self.log.append("bool")
            return True

        def __eq__(self, other):
            self.log.append("eq")
            return False

        def __hash__(self):
            return 1

    c = Counting()

    def forward(x):
        x = c(x) * len(c) * sum(c)
        if 1 in c and c and c != 3:
            x = x * 2
        return x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), len(c.log)
    yield c.log[: len(c.log) // 5]


@program
def equality_and_hash_of_keys_that_count():
    log = []

    class Key:
        def __init__(self, name):
            self.name = name

        def __hash__(self):
            log.append("hash")
            return hash(self.name)

        def __eq__(self, other):
            log.append("eq")
            return self.name == other.name

    table = {Key("a"): 2.0}
    f = ms.grad(lambda x: x * table[Key("a")])
    for _ in STEPS:
        yield f(X), len(log)


@program
def hashing_of_arguments_that_counts():
    log = []

    class Option:
        def __hash__(self):
            log.append("hash")
            return 1

        def __eq__(self, other):
            log.append("eq")
            return self is other

        def __repr__(self):
            log.append("repr")
            return "option"

    option = Option()
    f = ms.grad(lambda x, o: x * 2)
    for _ in STEPS:
        yield f(X, option), list(log)


@program(compiles=False)
def getattr_that_counts():
    class Lazy:
        def __init__(self):
            object.__setattr__(self, "reads", 0)

        def __getattribute__(self, name):
            if name == "rate":
                object.__setattr__(self, "reads", self.reads + 1)
                return 2.0
            return object.__getattribute__(self, name)

    lazy = Lazy()
    f = watch(ms.grad(lambda x: x * lazy.rate))
    for _ in STEPS:
        yield f(X), lazy.reads


@program(compiles=False)
def setattr_that_logs():
    log = []

    class Watched:
        def __setattr__(self, name, value):
            log.append(name)
            object.__setattr__(self, name, value)

    watched = Watched()

    def forward(x):
        watched.last = 1
        return x * 2

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(log)


@program
def class_made_inside():
    def forward(x):
        class Square:
            power = 2

            def __call__(self, a):
                return a**self.power

        return Square()(x)

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k)


@program
def cell_made_inside():
    class Scale(nn.Cell):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

        def construct(self, x):
            return x * self.factor

    f = ms.grad(lambda x: Scale(3.0)(x) * Scale(2.0)(x))
    for k in STEPS:
        yield f(X + k)


@program
def registry_filled_by_class_creation():
    registry = []

    class Base:
        def __init_subclass__(cls, **kwargs):
            registry.append(cls.__name__)

    def forward(x):
        class Child(Base):
            pass

        return x * len(registry)

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), list(registry)


@program
def instances_counted_by_their_class():
    class Model:
        made = 0

        def __init__(self):
            type(self).made += 1

    def forward(x):
        Model()
        return x * Model.made

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), Model.made


@program
def enumerations():
    class Kind(enum.Enum):
        SQUARE = 1
        TRIPLE = 2

    kind = Kind.SQUARE
    f = ms.grad(lambda x: x * x if kind is Kind.SQUARE else x * 3)
    for k in STEPS:
        kind = Kind(1 + k % 2)
        yield f(X)


@program
def abstract_and_inherited():
    class Base(abc.ABC):
        factor = 2.0

        def loss(self, x):
            return (self.act(x) * self.factor).sum()

        @abc.abstractmethod
        def act(self, x): ...

    class Square(Base):
        def act(self, x):
            return x * x

    class Cube(Square):
        def act(self, x):
            return super().act(x) * x

    models = [Square(), Cube()]
    functions = [ms.grad(model.loss) for model in models]
    for k in STEPS:
        yield [f(X) for f in functions]
        Base.factor = float(k)


@program
def tensor_subclass():
    class Named(Tensor):
        pass

    f = ms.value_and_grad(lambda x: x * x)
    x = Named([1.0, 2.0, 3.0])
    for _ in STEPS:
        value, gradient = f(x)
        yield type(value).__name__, type(gradient).__name__, value, gradient


@program
def attributes_on_tensors():
    x = X * 1
    x.tag = 1.0
    f = ms.grad(lambda a: a * getattr(a, "tag", 5.0))
    for k in STEPS:
        yield f(x), f(X * 1)
        x.tag = float(k)


@program(compiles=True)
def a_class_that_takes_no_arguments():
    class Empty:
        pass

    def forward(x):
        try:
            Empty(3)
        except TypeError:
            return (x * 2).sum()
        return x.sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def updates_of_all_kinds():
    class Held:
        pass

    def forward(x):
        held, texts, numbers, scale = Held(), {"text": "%d"}, [1, 2.0], 5
        held.value, held.parts = x, [x, 2]
        held.value *= 3
        held.parts[1] <<= 2
        texts["text"] %= 7
        numbers[0] |= 6
        numbers[1] **= 2
        scale %= 3
        held.value += x * scale
        del texts["text"]
        return (held.value * held.parts[1] * numbers[0] * numbers[1] * (len(texts) + 1)).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def post_init_of_a_base():
    @dataclasses.dataclass
    class Base:
        size: float

        def __post_init__(self):
            self.twice = self.size * 2

    @dataclasses.dataclass
    class Derived(Base):
        def __post_init__(self):
            super().__post_init__()
            self.more = self.twice + 1

    f = watch(ms.grad(lambda x: x * Base(2.0).twice * Derived(3.0).more))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def post_init_that_counts():
    made = []

    @dataclasses.dataclass
    class Counted:
        size: float

        def __post_init__(self):
            made.append(self.size)

    f = watch(ms.grad(lambda x: x * Counted(2.0).size))
    for k in STEPS:
        yield f(X + k), list(made)
