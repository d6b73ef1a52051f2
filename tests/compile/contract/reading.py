"""Everyday things that are only read: they compile, and a change of what was read is seen."""

import dataclasses
import functools
import logging
import os
import typing

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn

X = Tensor([1.0, 2.0, 3.0])


def graded(fn):
    return watch(ms.grad(fn))


class Easy(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


class Strict(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


@program(compiles=True)
def dicts_with_attributes():
    c = Easy(scale=2.0, inner=Strict(power=2))
    f = graded(lambda x: (x**c.inner.power * c.scale * c["scale"] * len(c.inner) * c.get("more", 1.0)).sum())
    for k in range(10):
        yield f(X + k)
        if k == 3:
            c.scale = 3.0
        if k == 5:
            c.inner["power"] = 3
        if k == 7:
            c.more = 5.0


@program(compiles=False)
def dict_with_attributes_that_is_changed():
    c = Easy(count=0)

    def forward(x):
        c.count = c.count + 1
        return (x * c.count).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k), c.count


@program(compiles=True)
def dict_with_attributes_made_inside():
    def forward(x):
        c = Strict(scale=2.0)
        c["power"] = 2
        return (x**c.power * c.scale).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def large_arrays():
    a = np.ones((3, 10_000), np.float32)
    f = graded(lambda x: (x.reshape((1, 3)) @ Tensor(a)).sum() * a.shape[0] / 4)
    for k in range(6):
        yield f(X + k)
        if k == 3:
            a[0, 9_999] = 3.0


@program(compiles=False)
def large_array_that_is_written():
    a = np.zeros((3, 10_000), np.float32)

    def forward(x):
        a[0, 0] += 1
        return x.sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k), float(a[0, 0])


@program(compiles=True)
def slices_of_networks():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Tanh(), nn.Dense(3, 3, weight_init="ones"))
    cells = nn.CellList([nn.Dense(3, 3, weight_init="ones"), nn.Sigmoid()])

    def forward(x):
        x = net[:2](x.reshape((1, 3)) / 16)
        for cell in cells[1:]:
            x = cell(x)
        return x.sum()

    f = graded(forward)
    for k in range(6):
        yield f(X + k).asnumpy().round(4)
        if k == 3:
            net[1] = nn.ReLU()


class Point(typing.NamedTuple):
    a: float
    b: float = 1.0


@program(compiles=True)
def named_tuples():
    points = [Point(2.0)]
    f = graded(lambda x: (x * x * points[0]._replace(a=3.0).a * points[0]._asdict()["b"]).sum())
    for k in range(6):
        yield f(X + k)
        if k == 3:
            points[0] = Point(2.0, 5.0)


@dataclasses.dataclass
class Plan:
    scale: float = 2.0
    power: int = 2

    def __post_init__(self):
        self.scale = self.scale * 2


@dataclasses.dataclass
class Whole:
    plan: Plan
    names: list


@program(compiles=True)
def functions_of_dataclasses():
    plan = Plan()
    whole = Whole(plan, ["a"])

    def forward(x):
        found = dataclasses.asdict(whole)
        other = dataclasses.replace(plan, power=3)
        return (x**other.power * found["plan"]["scale"] * len(found["names"])).sum() * other.scale

    f = graded(forward)
    for k in range(8):
        yield f(X + k)
        if k == 3:
            plan.scale = 3.0
        if k == 5:
            whole.names.append("b")


@program(compiles=True)
def patterns_of_classes_and_mappings():
    plan, table = Plan(), {"kind": "square", "factor": 2.0}

    def forward(x):
        match plan:
            case Plan(power=2, scale=scale):
                x = x * scale
            case Plan(scale, power):
                x = x * scale * power
        match table:
            case {"kind": "square", **rest}:
                return (x * x * rest["factor"]).sum()
            case {"factor": factor}:
                return (x * factor).sum()
        return x.sum()

    f = graded(forward)
    for k in range(12):
        yield f(X + k)
        if k == 3:
            plan.power = 3
        if k == 5:
            plan.scale = 7.0
        if k == 7:
            table["factor"] = 5.0
        if k == 9:
            table["kind"] = "plain"


@program(compiles=False)
def pattern_of_a_property_that_prints():
    class Loud:
        @property
        def power(self):
            print("read")
            return 2

    loud = Loud()

    def forward(x):
        match loud:
            case Loud(power=2):
                return x.sum()
        return x.sum() * 2

    f = graded(forward)
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def messages_of_no_level():
    log = logging.getLogger("contract.reading")

    def forward(x):
        logging.debug("called")
        log.debug("x %s", 1)
        return (x * x).sum()

    f = graded(forward)
    for k in range(6):
        yield f(X + k)


@program
def messages_whose_level_is_enabled_later():
    log = logging.getLogger("contract.reading.later")

    def forward(x):
        log.info("x %s", 1)
        return (x * x).sum()

    f = graded(forward)
    for k in range(6):
        yield f(X + k)
        if k == 3:
            log.setLevel(logging.INFO)
    log.setLevel(logging.NOTSET)


SCALE = 2.0


@functools.lru_cache
def cached(k):
    return k * SCALE


@program(compiles=True)
def function_with_a_cache():
    global SCALE
    f = graded(lambda x: (x * x * cached(3)).sum())
    for k in range(8):
        yield f(X + k), cached.cache_info().currsize
        if k == 3:
            SCALE = 5.0  # which the cache does not know
        if k == 5:
            cached.cache_clear()


@program(compiles=False)
def cached_function_with_an_effect():
    calls = []

    @functools.lru_cache
    def noted(k):
        calls.append(k)
        return k * 2.0

    f = graded(lambda x: (x * noted(3)).sum())
    for k in STEPS:
        yield f(X + k), list(calls)
        if k == 3:
            noted.cache_clear()


@program(compiles=True)
def environment():
    os.environ["CONTRACT_SCALE"] = "2"
    extra = "CONTRACT_EXTRA"

    def forward(x):
        y = x * x * float(os.environ["CONTRACT_SCALE"]) * float(os.environ.get(extra, "1"))
        return (y * 2 if extra in os.environ else y).sum()

    f = graded(forward)
    for k in range(8):
        yield f(X + k)
        if k == 3:
            os.environ["CONTRACT_SCALE"] = "3"
        if k == 5:
            os.environ[extra] = "5"
    os.environ.pop(extra)


def double(x):
    return x * 2


def triple(x):
    return x * 3


TABLE, chosen = {double: 2.0, triple: 3.0}, double


@program(compiles=True)
def functions_as_keys():
    global chosen
    f = graded(lambda x: (chosen(x) ** 2 * TABLE[chosen]).sum())
    for k in range(8):
        yield f(X + k)
        if k == 3:
            chosen = triple
        if k == 5:
            TABLE[triple] = 7.0


@program
def captured_functions_as_keys():
    table, picked = {double: 2.0, triple: 3.0}, [double]
    f = graded(lambda x: (picked[0](x) ** 2 * table[picked[0]]).sum())
    for k in range(6):
        yield f(X + k)
        if k == 3:
            picked[0] = triple


@program(compiles=True)
def orders_and_conversions():
    weights = {"a": 2.0, "b": 1.0}

    def forward(x):
        ordered = sorted(weights.items(), key=lambda item: item[1])
        best = max(weights, key=weights.get)
        return (x * x).sum() * ordered[0][1] * len(best) * float(3) * int(2.5) * round(2.4) * min(weights.values())

    f = graded(forward)
    for k in range(6):
        yield f(X + k)
        if k == 3:
            weights["a"] = 0.5


@program(compiles=True)
def all_attributes():
    plan = Plan()
    f = graded(lambda x: (x ** vars(plan)["power"] * plan.__dict__["scale"] * len(vars(plan))).sum())
    for k in range(8):
        yield f(X + k)
        if k == 3:
            plan.scale = 3.0
        if k == 5:
            plan.more = 1


@program(compiles=True)
def hook_on_an_intermediate():
    factor = [2.0]

    def forward(x):
        y = x * x
        y.register_hook(lambda g: g * factor[0])
        return (y * y).sum()

    f = graded(forward)
    for k in range(6):
        yield f(X + k)
        if k == 3:
            factor[0] = 3.0


@program(compiles=False)
def hook_on_an_intermediate_with_an_effect():
    seen = []

    def forward(x):
        y = x * x
        y.register_hook(lambda g: seen.append(g.shape))
        return (y * y).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k), len(seen)


@program
def hooked_tensor_that_is_returned():
    def forward(x):
        y = x * x
        y.register_hook(lambda g: g * 2)
        return y.sum(), y

    f = ms.value_and_grad(forward, has_aux=True)
    for k in STEPS:
        (loss, y), gradient = f(X + k)
        yield loss, gradient, len(y.hooks())


@program(compiles=False)
def hook_that_is_removed_inside():
    x = X * 1
    handle = x.register_hook(lambda g: g * 2)

    def forward(a):
        handle.remove()
        return (a * a).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k), len(x.hooks())


@program(compiles=False)
def iterators_that_move_on():
    numbers = iter(range(100))
    f = graded(lambda x: (x * next(numbers)).sum())
    for k in STEPS:
        yield f(X + k)


@program
def hooked_tensor_that_is_kept():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.cache = Tensor([0.0, 0.0, 0.0])

        def construct(self, x):
            y = x * x
            self.cache = y
            y.register_hook(lambda g: g * 2)
            return y[1:].sum(), y[0]

    net = Net()
    for k in STEPS:
        _, part = net(X + k)
        yield ms.grad(lambda x: net(x)[0])(X + k), part, net.cache, len(net.cache.hooks())
