"""What runs or is read where nobody looks: special methods, annotations, rules of gradients, names that are missing."""

import argparse
import enum
import functools
import types

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=False)
def special_methods_for_numpy():
    class Odd:
        def __init__(self):
            self.calls = 0

        def __array_ufunc__(self, *args, **kwargs):
            self.calls += 1
            return 2.0

    odd = Odd()
    f = watch(ms.grad(lambda x: x * np.add(odd, 1)))
    for _ in STEPS:
        yield f(X), odd.calls


@program(compiles=True)
def special_methods_for_conversion():
    class Odd:
        def __init__(self):
            self.calls = 0

        def __complex__(self):
            self.calls += 1
            return 2.0 + 0j

    odd = Odd()
    f = watch(ms.grad(lambda x: x * complex(odd).real))
    for _ in STEPS:
        yield f(X), odd.calls


@program(compiles=False)
def annotations_that_print():
    def forward(x):
        def inner(v: print("argument")) -> print("result"):
            return v * 2

        return inner(x)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program
def attribute_missing_at_first():
    class Options:
        pass

    options = Options()

    def forward(x):
        try:
            return x * options.rate
        except AttributeError:
            return x

    f = ms.grad(forward)
    for k in range(8):
        if k == 3:
            options.rate = 2.0
        if k == 5:
            del options.rate
        if k == 7:
            Options.rate = 4.0
        yield f(X)


@program
def attribute_of_a_member_missing_at_first():
    class Kind(enum.Enum):
        A = "a"

    def forward(x):
        try:
            return x * Kind.A.weight
        except AttributeError:
            return x

    f = ms.grad(forward)
    for k in STEPS:
        if k == 3:
            Kind.weight = 2.0
        yield f(X)


@program
def name_missing_at_first():
    def forward(x):
        try:
            return x * MISSING_AT_FIRST
        except NameError:
            return x

    f = ms.grad(forward)
    for k in range(6):
        if k == 3:
            globals()["MISSING_AT_FIRST"] = 2.0
        if k == 5:
            del globals()["MISSING_AT_FIRST"]
        yield f(X)


@program
def gradients_forbidden_around():
    f = ms.grad(lambda x: (x * x).sum())
    for k in STEPS:
        yield f(X)
        if k > 1:
            with ms._no_grad():
                yield attempt(f, X)


@program
def hooks_on_what_is_saved():
    log = []
    f = ms.grad(lambda x: (x * x).sum())
    for k in range(6):
        if k > 2:
            with ms.saved_tensors_hooks(lambda t: log.append("pack") or t, lambda t: log.append("unpack") or t):
                yield f(X), list(log)
        else:
            yield f(X)


@program(compiles=False)
def draws_in_a_bprop():
    class Net(nn.Cell):
        def construct(self, x):
            return x * 2

        def bprop(self, x, out, dout):
            return (dout * ops.standard_normal((3,)),)

    net = Net()
    f = watch(ms.grad(lambda x: net(x).sum()))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def counter_in_a_bprop():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.calls = Parameter(Tensor(0.0), name="calls", requires_grad=False)

        def construct(self, x):
            return x * 2

        def bprop(self, x, out, dout):
            ops.assign_add(self.calls, Tensor(1.0))
            return (dout * self.calls,)

    net = Net()
    f = watch(ms.grad(lambda x: net(x).sum()))
    for _ in STEPS:
        yield f(X), float(net.calls)


@program(compiles=True)
def function_with_a_rule():
    class Power(ms.common._Function):
        factor = 3.0

        @staticmethod
        def forward(ctx, x, power):
            ctx.save_for_backward(x)
            ctx.power = power
            return x**power

        @staticmethod
        def backward(ctx, dout):
            (x,) = ctx.saved_tensors
            return dout * Power.factor * ctx.power * x, None

    power = 2
    f = watch(ms.grad(lambda x: Power.apply(x, power).sum()))
    for k in range(8):
        if k == 3:
            Power.factor = 5.0
        if k == 5:
            power = 3
        yield f(X)


@program(compiles=False)
def function_whose_rule_counts():
    log = []

    class Double(ms.common._Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, dout):
            log.append(ctx.needs_input_grad)
            return dout * 3

    f = watch(ms.grad(lambda x: Double.apply(x).sum()))
    for _ in STEPS:
        yield f(X), list(log)


@program(compiles=True)
def optimizer_of_one_parameter():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    update = watch(nn.Momentum([w], 0.5, 0.5))
    for k in STEPS:
        yield update((Tensor([1.0, 2.0**k]),)), w.asnumpy()


@program(compiles=True)
def namespaces():
    options, more = argparse.Namespace(rate=2.0, layers=[1, 2]), types.SimpleNamespace(act="tanh")
    f = watch(ms.grad(lambda x: getattr(ops, more.act)(x) * options.rate * sum(options.layers)))
    for k in range(8):
        if k == 2:
            options.rate = 3.0
        if k == 4:
            options.layers.append(3)
        if k == 6:
            more.act = "sin"
        yield f(X)


@program
def namespaces_compared():
    first, second = types.SimpleNamespace(rate=2.0), types.SimpleNamespace(rate=2.0)
    options = argparse.Namespace()
    f = ms.grad(lambda x: x * (2.0 if first == second else 3.0) * (5.0 if "extra" in options else 1.0))
    for k in range(6):
        if k == 2:
            first.rate = 3.0
        if k == 4:
            options.extra = True
        yield f(X)


@program(compiles=True)
def functions_in_a_row():
    functions = [ops.sin, ops.cos, lambda v: v * 2]
    f = watch(ms.grad(lambda x: functools.reduce(lambda v, g: g(v), functions, x)))
    for k in range(6):
        if k == 3:
            functions.append(ops.tanh)
        yield f(X)


@program(compiles=True)
def elements_deleted():
    table = {"a": 1, "b": 2}

    def forward(x):
        own, numbers = dict(table), [3.0, 4.0, 5.0]
        del own["a"], numbers[1:]
        return x * len(own) * sum(numbers)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), table


@program(compiles=False)
def elements_deleted_outside():
    table = {k: float(k) for k in range(6)}

    def forward(x):
        del table[min(table)]
        return x * len(table)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), dict(table)


@program(compiles=True)
def cells_of_a_dictionary():
    cells = nn.CellDict({"a": nn.Tanh(), "b": nn.ReLU()})

    def forward(x):
        for name, cell in cells.items():
            x = cell(x) * len(name)
        return x

    f = watch(ms.grad(forward))
    for k in range(6):
        if k == 3:
            cells["b"] = nn.Sigmoid()
        yield f(X)


@program(compiles=True)
def value_of_each_epoch():
    rate = 0.0
    f = watch(ms.grad(lambda x: x * x * rate))
    for epoch in range(10):
        rate = epoch / 8
        for _ in range(6):
            yield f(X)


@program
def tuple_from_outside_returned():
    pair = (1, 2.0)
    f = ms.value_and_grad(lambda x, other: ((x * x).sum(), (pair, other)), has_aux=True)
    for _ in STEPS:
        other = (3, 4)
        (value, (first, second)), gradient = f(X, other)
        yield value, first is pair, second is other, gradient
