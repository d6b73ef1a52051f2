"""Functions as values: given to others, compared, of one code in two places, kept by what the library calls."""

import collections
import functools
import importlib.util
import itertools
import operator
import types

import contract_helper as helper
import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])
ROWS = Tensor([[1.0, 2.0, 3.0], [0.5, 0.25, 1.0]])
RATE = 1.0
clip = ops.MultitypeFuncGraph("clip")
CLIPPED = []


@clip.register("Number", "Tensor")
def _clip(limit, gradient):
    CLIPPED.append(limit)
    return gradient * limit


scale = ops.MultitypeFuncGraph("scale")


@scale.register("Tensor")
def _scale(gradient):
    return gradient * RATE


@program
def effects_given_to_builtins():
    def loss(x):
        list(map(print, ["a", "b"]))
        return x * x

    def another(x):
        list(itertools.starmap(print, [("c", 1)]))
        return x * x

    def third(x):
        functools.reduce(print, ["d", "e"])
        return x * x

    for _ in STEPS:
        yield [ms.grad(f)(X) for f in (loss, another, third)]


@program
def methods_given_to_builtins():
    seen = set()
    f = ms.grad(lambda x: x * any(map(seen.add, [1, 2])) + x)
    for _ in STEPS:
        seen.discard(1)
        yield f(X), sorted(seen)


@program
def attributes_read_by_functions_that_are_given():
    class Options:
        rate = 1.0

    options = Options()
    options.rate = 1.0
    by_map = ms.grad(lambda x: x * sum(map(getattr, [options], ["rate"])))
    by_getter = ms.grad(lambda x: x * operator.attrgetter("rate")(options))
    for _ in STEPS:
        yield by_map(X), by_getter(X)
        options.rate += 1.0


@program
def attributes_set_by_functions_that_are_given():
    class Options:
        pass

    options = Options()
    f = ms.grad(lambda x: x * len(list(map(setattr, [options], ["n"], [2]))))
    for _ in STEPS:
        options.n = 0
        yield f(X), options.n


@program
def one_code_in_two_namespaces():
    def loss(x):
        return x * RATE

    functions = [types.FunctionType(loss.__code__, {**globals(), "RATE": r}, "loss") for r in (1.0, 2.0, 3.0)]
    holder = types.SimpleNamespace()

    class Model:
        pass

    model = Model()
    held = ms.grad(lambda x: model.loss(x))
    for k in STEPS:
        model.loss = functions[k // 2]
        holder.last = held(X)
        yield [ms.grad(f)(X) for f in functions], holder.last


@program
def module_loaded_twice():
    def load(name):
        spec = importlib.util.spec_from_file_location(name, helper.__file__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    one, other = load("plugin_one"), load("plugin_other")
    other.SCALE = 5.0
    for _ in STEPS:
        yield ms.grad(one.scaled)(X), ms.grad(other.scaled)(X)
        one.SCALE += 1.0


@program
def functions_of_one_code_compared():
    def make():
        return lambda x: x

    first, second = make(), make()
    table, members = {first: 2.0}, [first]
    functions = [
        ms.grad(lambda x: x * (2 if first == second else 3)),
        ms.grad(lambda x: x * (2 if first is second else 3)),
        ms.grad(lambda x: x * table.get(second, 5.0)),
        ms.grad(lambda x: x * (2 if second in members else 3)),
        ms.grad(lambda x: x * members.count(second)),
        ms.grad(lambda x: x * (2 if operator.eq(first, second) else 3)),
    ]
    for k in STEPS:
        second = first if k > 2 else make()
        yield [f(X) for f in functions]


@program(compiles=True)
def functions_given_without_effects():
    def twice(f, x):
        return f(f(x))

    def loss(x):
        total = sum(map(lambda a: a, [x])) + functools.reduce(lambda a, b: a + b, [x, x])
        return twice(lambda y: y * y, total) * max([1, 2], key=lambda v: -v)

    f = watch(ms.grad(loss))
    for _ in STEPS:
        yield f(X)


@program
def names_and_dictionaries_of_functions():
    def loss(x):
        loss.__dict__["n"] = loss.__dict__.get("n", 0) + 1
        return x * len(loss.__name__)

    f = ms.grad(loss)
    for k in STEPS:
        yield f(X), loss.n
        loss.__name__ = "loss" * (k + 1)


@program
def globals_of_a_function():
    def loss(x):
        loss.__globals__["COUNT"] = loss.__globals__.get("COUNT", 0) + 1
        return x * x

    f = ms.grad(loss)
    for _ in STEPS:
        yield f(X), globals()["COUNT"]


@program
def functions_chosen_by_type():
    global RATE
    mapped = ops.HyperMap()
    effects = ms.grad(lambda x: sum(mapped(functools.partial(clip, 2.0), (x, x * x))))
    reads = ms.grad(lambda x: sum(mapped(scale, (x, x * x))) + scale(x))
    for _ in STEPS:
        yield effects(X), len(CLIPPED), reads(X)
        RATE += 1.0


@program
def functions_chosen_by_type_in_a_step():
    global RATE

    class Step(nn.TrainOneStepCell):
        def __init__(self, *args):
            super().__init__(*args)
            self.mapped = ops.HyperMap()

        def construct(self, *inputs):
            loss = self.network(*inputs)
            gradients = self.grad(self.network, self.weights)(*inputs, ops.ones_like(loss))
            return ops.depend(loss, self.optimizer(self.mapped(scale, gradients)))

    net = nn.Dense(3, 1, weight_init="ones")
    step = watch(Step(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.125)))
    RATE = 0.5
    for _ in STEPS:
        yield step(ROWS, ROWS[:, :1]), net.weight.asnumpy()
        RATE += 0.25


@program
def constants_at_compile_time():
    log = []

    @ms.constexpr
    def sizes(n):
        log.append(n)
        return 2 * n

    f = ms.grad(lambda x: x * sizes(3))
    for _ in STEPS:
        log.clear()
        yield f(X), list(log)


@program
def functions_kept_by_morph():
    global RATE
    RATE = 1.0
    plain = ops.Morph(lambda x: x * RATE, lambda x: x, lambda x: x)
    ruled = ops.Morph(lambda x: x * RATE, lambda x: x, lambda x: x, lambda x, out, dout: (dout * RATE * 2,))
    f, g = ms.grad(lambda x: plain(x)), ms.grad(lambda x: ruled(x))
    for _ in STEPS:
        yield f(X), g(X)
        RATE += 1.0


@program
def activation_of_a_layer():
    log = []
    net = nn.Dense(3, 1, weight_init="ones")
    net.activation = lambda x: x * RATE
    net.activation_flag = True
    loud = nn.Dense(3, 1, weight_init="ones")
    loud.activation = lambda x: (log.append(1), x * 2)[1]
    loud.activation_flag = True
    global RATE
    f, g = ms.grad(lambda x: net(x).sum()), ms.grad(lambda x: loud(x).sum())
    for k in STEPS:
        RATE = float(k)
        log.clear()
        yield f(ROWS), g(ROWS), len(log)


@program
def loss_function_of_a_step():
    global RATE
    log = []

    def loud(out, label):
        log.append(1)
        return ((out - label) ** 2).mean()

    def read(out, label):
        return ((out - label) ** 2).mean() * RATE

    net = nn.Dense(3, 1, weight_init="ones")
    for function in (loud, read):
        step = nn.TrainOneStepCell(nn.WithLossCell(net, function), nn.SGD(net.trainable_params(), 0.0625))
        for k in range(4):
            RATE = 1.0 + k
            log.clear()
            yield step(ROWS, ROWS[:, :1]), net.weight.asnumpy(), len(log)


@program(compiles=True)
def jitted_function_inside():
    global RATE

    @ms.jit
    def inner(x):
        return x * x * RATE

    f = watch(ms.grad(lambda x: inner(x) * 2))
    for k in STEPS:
        RATE = 1.0 + k // 3
        yield f(X)


@program(compiles=True)
def counted_and_chained_inside():
    words = collections.OrderedDict(a=1.0, b=2.0)
    f = watch(ms.grad(lambda x: sum(itertools.chain.from_iterable([[x], [x * 2]])) * len(dict.fromkeys(words))))
    for _ in STEPS:
        yield f(X)


penalty = ops.MultitypeFuncGraph("penalty")


@penalty.register("Tensor")
def _(weight):
    return (weight * weight).sum()


@penalty.register("Number")
def _(weight):
    return weight * RATE


@program(compiles=True)
def functions_called_underscore():
    global RATE
    over = ops.HyperMap()
    weights = [Tensor([1.0, 2.0]), Tensor([3.0])]
    f = watch(ms.value_and_grad(lambda x: (x * weights[0]).sum() + sum(over(penalty, (*weights, 2.0)))))
    for k in STEPS:
        RATE = 1.0 + k // 3
        yield f(Tensor([1.0, 1.0]))


@program(compiles=True)
def lambdas_called_underscore():
    _ = lambda x: x * x  # noqa: E731
    f = watch(ms.grad(lambda x: sum(map(_, [x, x * 2])).sum()))
    for _k in STEPS:
        yield f(X)


class OfJitted(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w, self.factor = Parameter(Tensor([1.0, 2.0, 3.0]), name="w"), 3.0

    @ms.jit
    def scale(self, x):
        self.w += 0.5
        return self.w * self.factor * x, x

    def construct(self, x):
        return sum(self.scale(x))


@program(compiles=True)
def jitted_methods():
    net = watch(OfJitted())
    other, step = OfJitted(), ms.value_and_grad(net, None, net.trainable_params())
    for k in STEPS:
        yield step(X + k), other(X), net.w, other.w


@program
def jitted_methods_that_are_replaced():
    net = OfJitted()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for k in STEPS:
        yield step(X + k), net.w
        if k == 2:
            net.factor = 5.0
        elif k == 3:
            net.scale = lambda x: (x, -2 * x)
        elif k == 4:
            del net.scale
            OfJitted.scale = ms.jit(lambda self, x: (self.w, x))
