"""Values that are equal and yet not the same, what compares and formats them, and who holds them."""

import dataclasses
import enum

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor

X = Tensor([1.0, 2.0, 3.0])
WHOLE = Tensor([1, 2, 3])
POWERS = {1, 2}
TERMS = {1: "a", 2: "b"}
LIMITS = range(0, 3, 2)
FIRST, SECOND = [1], [1]
CONSTANTS = {"a": (1, [2])}
NOTHING = object()


class Mode(enum.Enum):
    A = 1
    B = 2

    @property
    def scale(self):
        return {Mode.A: 2.0, Mode.B: 3.0}[self] if self is Mode.A else 4.0

    def applied(self, x):
        return x * self.rate


@dataclasses.dataclass(unsafe_hash=True)
class Options:
    rate: float = 1.0
    names: tuple = ("a",)


OPTIONS, USUAL = Options(), Options()


class Loud:
    count = 0

    def __repr__(self):
        Loud.count += 1
        return "loud"


@program
def order_of_sets():
    chosen = {0, 8}
    f = ms.value_and_grad(lambda x: (x.sum(), list(chosen)), has_aux=True)
    for k in STEPS:
        chosen = {0, 8} if k % 2 == 0 else {8, 0}
        yield str(f(X))


@program
def elements_of_sets_of_another_type():
    global POWERS
    f = ms.value_and_grad(lambda x: (x.sum(), sum(WHOLE * p for p in POWERS)), has_aux=True)
    for given in ({1, 2}, {1, 2}, {1.0, 2.0}, {True, 2}, {2, 1}):
        POWERS = given
        yield f(X)


@program
def keys_of_another_type():
    global TERMS
    f = ms.value_and_grad(lambda x: (x.sum(), sum(WHOLE * p for p in TERMS)), has_aux=True)
    for given in ({1: "a", 2: "b"}, {1: "a", 2: "b"}, {1.0: "a", 2: "b"}, {True: "a", 2: "b"}, {1: "a", 2: "b"}):
        TERMS = given
        yield f(X)


@program
def signs_of_complex_parts():
    f = ms.value_and_grad(lambda x, z: (x.sum(), str(z.imag)), has_aux=True)
    for part in (0.0, 0.0, -0.0, 0.0, -0.0):
        yield f(X, complex(1, part))


@program
def signs_of_numpy_numbers():
    f = ms.value_and_grad(lambda x, z: (x * z).sum())
    for value in (0.0, 0.0, -0.0, 0.0, -0.0):
        yield str(f(X, np.float32(value)))


@program
def ends_of_ranges():
    global LIMITS
    captured = range(0, 3, 2)
    f, g = ms.grad(lambda x: x * captured.stop), ms.grad(lambda x: x * LIMITS.stop)
    for k in STEPS:
        captured = LIMITS = range(0, 3 + k % 2, 2)
        yield f(X), g(X)


@program
def lists_compared_by_identity():
    global FIRST, SECOND
    f = ms.grad(lambda x: x * 2 if FIRST is SECOND else x)
    for k in STEPS:
        FIRST = [1]
        SECOND = FIRST if k > 2 else [1]
        yield f(X)


@program
def tensors_compared_by_identity():
    global FIRST, SECOND
    f = ms.grad(lambda x: x * 2 if FIRST is SECOND else x)
    for k in STEPS:
        FIRST = Tensor([1.0])
        SECOND = FIRST if k in (2, 3) else Tensor([2.0])
        yield f(X)


@program(compiles=True)
def object_that_stands_for_nothing():
    def loss(x, weight=NOTHING):
        return x * x if weight is NOTHING else x * weight

    f = watch(ms.grad(loss))
    for _ in STEPS:
        yield f(X), f(X, X)


@program
def members_of_enumerations():
    Mode.A.rate, Mode.B.rate = 1.0, 2.0
    mode = Mode.A
    f = ms.grad(lambda x: mode.applied(x) * mode.scale)
    g = ms.grad(lambda x, m: x * m.rate * Mode.B.rate)
    for k in STEPS:
        yield f(X), g(X, mode)
        Mode.A.rate += 1.0
        mode = Mode.B if k > 2 else Mode.A


@program
def dataclasses_compared():
    functions = [
        ms.grad(lambda x: x * 2 if OPTIONS == USUAL else x),
        ms.grad(lambda x: x * 2 if OPTIONS in [USUAL] else x),
        ms.grad(lambda x: x * [USUAL, OPTIONS].index(OPTIONS) + x),
        ms.grad(lambda x: x * [USUAL].count(OPTIONS)),
    ]
    for k in STEPS:
        OPTIONS.rate = 1.0 + k % 3
        yield [f(X) for f in functions]


@program
def dataclasses_in_order():
    @dataclasses.dataclass(order=True)
    class Task:
        priority: int
        value: float

    tasks = [Task(1, 2.0), Task(2, 3.0)]
    f, g = ms.grad(lambda x: x * sorted(tasks)[0].value), ms.grad(lambda x: x * max(tasks).value)
    h = ms.grad(lambda x: x * (2 if tasks[0] < tasks[1] else 3))
    for k in STEPS:
        yield f(X), g(X), h(X)
        tasks[0].priority = 1 + k


@program
def dataclasses_as_keys():
    @dataclasses.dataclass(unsafe_hash=True)
    class Key:
        a: int

    one, table = Key(1), {Key(1): 2.0, Key(2): 3.0}
    f, g = ms.grad(lambda x: x * table[one]), ms.grad(lambda x: x * table.get(one, 5.0))
    for k in STEPS:
        yield f(X), g(X)
        one.a = 2 if k > 1 else 1


@program
def defaults_of_dataclasses():
    usual = Options()

    @dataclasses.dataclass
    class Batch:
        options: Options = usual

    f = ms.grad(lambda x: x * Batch().options.rate)
    for _ in STEPS:
        yield f(X)
        usual.rate += 1.0


@program
def texts_of_objects():
    functions = [
        ms.value_and_grad(lambda x: (x.sum(), str(OPTIONS)), has_aux=True),
        ms.value_and_grad(lambda x: (x.sum(), "%s" % (OPTIONS,)), has_aux=True),  # noqa: UP031
        ms.value_and_grad(lambda x: (x.sum(), "{0.rate}".format(OPTIONS)), has_aux=True),  # noqa: UP030, UP032
        ms.value_and_grad(lambda x: (x.sum(), f"{[OPTIONS]}"), has_aux=True),
        ms.value_and_grad(lambda x: (x.sum(), ",".join(map(str, [OPTIONS]))), has_aux=True),
    ]
    for k in STEPS:
        OPTIONS.rate = 1.0 + k % 3
        yield [f(X) for f in functions]


@program
def texts_that_count():
    loud = Loud()
    functions = [
        ms.value_and_grad(lambda x: (x.sum(), str(loud)), has_aux=True),
        ms.value_and_grad(lambda x: (x.sum(), f"{[loud]}"), has_aux=True),
        ms.value_and_grad(lambda x: (x.sum(), "%r" % loud), has_aux=True),  # noqa: UP031
    ]
    for _ in STEPS:
        yield [f(X) for f in functions], Loud.count


@program(compiles=True)
def texts_of_plain_values():
    name = "layer_1.weight"

    def loss(x):
        index = int(name.split("_")[1][0])
        label = f"{name!r:>20}" + "%s-%d" % (name, 3)  # noqa: UP031
        label += f"{name}/{index}" + ",".join(c.upper() for c in name)
        return x * len(label) * index

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X)
        name = f"layer_{1 + k // 3}.bias"


@program
def containers_from_outside_returned():
    captured = [1, 2]
    f = ms.value_and_grad(lambda x: (x.sum(), captured), has_aux=True)
    g = ms.value_and_grad(lambda x: (x.sum(), CONSTANTS, CONSTANTS["a"]), has_aux=True)
    for _ in STEPS:
        (_, one), (_, two, three) = f(X)[0], g(X)[0]
        yield one is captured, two is CONSTANTS, three is CONSTANTS["a"]


@program
def one_container_in_two_places():
    def loss(x):
        made = [1]
        return x.sum(), made, {"again": made}

    f = ms.value_and_grad(loss, has_aux=True)
    for _ in STEPS:
        _, one, other = f(X)[0]
        yield one is other["again"]


@dataclasses.dataclass
class Outcome:
    loss: object
    more: object = None
    parts: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        if self.more is None:
            self.more = self.loss * RATE
        self.parts.append(self.loss)


RATE = 2.0


@program(compiles=True)
def dataclass_that_goes_on_after_init():
    def forward(x):
        outcome = Outcome((x * x).sum())
        return outcome.loss + outcome.more + outcome.parts[0]

    global RATE
    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)
        RATE = 2.0 + k


@program
def dataclass_that_prints_after_init():
    @dataclasses.dataclass
    class Loud:
        value: object

        def __post_init__(self):
            print("made", sorted(self.__dict__))

    f = ms.grad(lambda x: (Loud(x).value * x).sum())
    for k in STEPS:
        yield f(X + k)
