"""What is stored in objects from outside: containers of Tensors, elements, counts, lists that grow."""

import collections
import copy
import dataclasses
import pickle
from typing import Any, NamedTuple

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])
FEATURES: dict = {}


class Model:
    """A model as users write it, with what tests store."""

    def __init__(self):
        self.w = Parameter(Tensor([0.5, 1.0, -0.5]), name="w")
        self.losses: Any = {}
        self.parts: Any = {}
        self.last: Any = None
        self.history: Any = []
        self.calls: Any = 0

    def trained(self, loss):
        """What a step gives, and what it leaves, five times."""
        step = watch(ms.value_and_grad(loss, None, [self.w]))
        for k in STEPS:
            value, grads = step(X + k)
            self.w.set_data(self.w - 0.125 * grads[0])
            yield value, grads, self.w.copy()
            yield vars(self)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 1.0, -0.5]), name="w")
        self.losses = {}
        self.last = None
        self.calls = 0


class Pair(NamedTuple):
    a: Any
    b: Any


# -- attributes -------------------------------------------------------------------------------------------------------


@program(compiles=True)
def dict_of_losses():
    model = Model()

    def loss(x):
        a, b = (x * model.w).sum(), ops.square(model.w).sum()
        model.losses = {"a": a, "b": b, "weights": [0.5, (a, 2)], "name": "x"}
        return a + b

    yield from model.trained(loss)


@program(compiles=True)
def tuple_list_and_named_tuple():
    model = Model()

    def loss(x):
        y = x * model.w
        model.last = (y, y.sum())
        model.losses = [y * 2, [y]]
        model.parts = Pair(y, b=y.sum())
        model.more = collections.OrderedDict(y=y)
        return y.sum()

    yield from model.trained(loss)


@program(compiles=True)
def attribute_of_a_cell():
    class Mine(Net):
        def construct(self, x):
            y = x * self.w
            self.losses = {"y": y}
            self.last = [y.sum()]
            self.made = y * 2
            return y.sum()

    net = Mine()
    f = watch(ms.value_and_grad(net, None, [net.w]))
    for k in STEPS:
        yield f(X + k), net.losses, net.last, net.made, sorted(net.parameters_dict()), list(net.name_cells())


@program(compiles=True)
def read_after_it_was_stored():
    model = Model()

    def loss(x):
        model.losses = {"a": (x * model.w).sum()}
        model.losses["b"] = model.losses["a"] * 2
        model.last = model.losses
        return sum(model.last.values()) if hasattr(model, "losses") and len(model.last) == 2 else x.sum()

    yield from model.trained(loss)


@program(compiles=True)
def read_before_it_is_stored():
    model = Model()

    def loss(x):
        before = sum(model.losses.values()) if model.losses else 0.0
        y = (x * model.w).sum()
        model.losses = {"a": y, "b": y * 0.5}
        return y + 0.25 * before

    yield from model.trained(loss)


@program(compiles=True)
def stored_twice():
    model = Model()

    def loss(x):
        for k in range(3):
            model.last = (x * model.w * k, k)
            model.losses = {"k": k, "last": model.last}
        return model.last[0].sum()

    yield from model.trained(loss)


@program(compiles=True)
def one_object_in_several_places():
    model = Model()

    def loss(x):
        y = x * model.w
        model.losses = {"y": y}
        model.last = [model.losses, y]
        model.parts = {"losses": model.losses, "last": model.last}
        return y.sum(), model.losses, y

    step = watch(ms.value_and_grad(loss, None, [model.w], has_aux=True))
    for k in STEPS:
        (value, losses, y), grads = step(X + k)
        yield value, grads, losses is model.losses, model.last[0] is losses, model.parts["losses"] is losses
        yield y is model.losses["y"], model.last[1] is y, model.parts["last"] is model.last, vars(model)


@program(compiles=True)
def returned_and_stored():
    model = Model()

    def f(x):
        model.losses = {"a": x * 2}
        return model.losses

    g = watch(ms.jit(f))
    for k in STEPS:
        found = g(X + k)
        yield found, found is model.losses, model.losses


@program(compiles=True)
def argument_stored():
    model = Model()

    def loss(x):
        model.last = (x, model.w * 1)
        model.losses = {"x": x}
        return (x * model.w).sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        x = X + k
        yield f(x), model.last[0] is x, model.losses["x"] is x, vars(model)


@program(compiles=True)
def the_same_argument_or_another():
    model = Model()
    model.last = x = X * 1

    def loss(x):
        model.last = x
        return (x * model.w).sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(x), model.last is x, model.last
        x = X * k if k % 2 else x


@program(compiles=True)
def delay_line():
    model = Model()
    model.last, model.older = X, X * 2

    def loss(x):
        y = (x * model.older).sum()
        model.older, model.last = model.last, x * 2
        return y

    f = watch(ms.grad(loss))
    for k in STEPS:
        before = model.last
        yield f(X + k), model.older is before, model.last


@program(compiles=True)
def views_stored():
    model = Model()

    def loss(x):
        y = x * model.w
        model.last = (y, y[0:2], y.reshape(3, 1))
        return y.sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X + k)
        y, part, column = model.last
        part[0] = 7.0
        y[2] = 9.0
        yield y, part, column


@program(compiles=True)
def attribute_that_is_not_there():
    class Bare:
        pass

    model = Bare()

    def loss(x):
        if not hasattr(model, "first"):
            model.first = [x * 4]
        model.second = {"x": x * 2}
        return x.sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X + k), vars(model)


@program(compiles=True)
def attribute_with_a_default_in_the_class():
    class WithDefaults:
        calls = 0
        losses = None

        def loss(self, x):
            self.calls += 1
            self.losses = {"x": x * self.calls}
            return self.losses["x"].sum()

    model, other = WithDefaults(), WithDefaults()
    f = watch(ms.grad(model.loss))
    for k in STEPS:
        yield f(X + k), vars(model), vars(other), WithDefaults.calls


@program(compiles=True)
def dataclass_of_the_users():
    @dataclasses.dataclass
    class State:
        scale: float = 2.0
        calls: int = 0
        losses: dict = dataclasses.field(default_factory=dict)

    state = State()

    def loss(x):
        state.calls += 1
        state.losses = {"x": x * state.scale}
        return state.losses["x"].sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X + k), vars(state)


@program(compiles=False)
def frozen_dataclass():
    @dataclasses.dataclass(frozen=True)
    class State:
        last: Any = None
        scale: float = 2.0

    state = State(X)

    def loss(x):
        state.last = x * 2
        return x.sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield attempt(f, X + k), state.last


@program(compiles=False)
def setattr_of_the_users():
    class Noting:
        def __init__(self):
            object.__setattr__(self, "seen", [])

        def __setattr__(self, name, value):
            self.seen.append(name)
            object.__setattr__(self, name, value)

    model = Noting()

    def loss(x):
        model.last = {"x": x * 2}
        return x.sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X + k), list(model.seen), model.last


@program
def property_and_slot():
    class Guarded:
        __slots__ = ("_last", "free")

        @property
        def last(self):
            return self._last

        @last.setter
        def last(self, value):
            self._last = {"of": value}

    model = Guarded()

    def loss(x):
        model.last = x * 2
        model.free = [x]
        return x.sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield f(X + k), model.last, model.free


@program
def property_that_comes_later():
    class Plain:
        last = None

    model, sets = Plain(), []

    def loss(x):
        model.last = [x * 2]
        return x.sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield f(X + k), model.last, list(sets)
        if k == 2:
            Plain.last = property(lambda self: None, lambda self, value: sets.append(value))


@program
def attribute_of_a_cell_that_becomes_a_buffer_or_a_cell():
    class Mine(Net):
        def construct(self, x):
            self.last = x * 2
            return (x * self.w).sum()

    net = Mine()
    f = ms.grad(net)
    for k in STEPS:
        yield attempt(f, X + k), net.last, [n for n, _ in net.named_buffers()], [p.name for p in net.get_parameters()]
        if k == 1:
            del net.last
            net.register_buffer("last", X)
        if k == 3:
            del net.last
            net.last = Parameter(X, name="last")


@program
def modes_of_a_cell():
    class Mine(Net):
        def construct(self, x):
            self.phase = "mine"
            self.training = not self.training
            return (x * self.w).sum()

    net = Mine()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X + k), net.phase, net.training


@program
def parameters_and_cells_stored():
    model = Model()
    cell = nn.ReLU()

    def loss(x):
        model.last = [model.w]
        model.parts = {"cell": cell}
        return (x * model.w).sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield f(X + k), model.last[0] is model.w, model.parts["cell"] is cell


@program
def container_from_outside_stored():
    model = Model()
    pair, config = (X, X * 2), {"a": 1}

    def loss(x):
        model.last = pair
        model.parts = {"config": config}
        return (x * model.w).sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield f(X + k), model.last is pair, model.parts["config"] is config


@program
def container_that_contains_itself():
    model = Model()

    def loss(x):
        model.last = [x]
        model.last.append(model.last)
        return (x * model.w).sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield f(X + k), model.last[1] is model.last


@program
def user_changes_it_between_calls():
    model = Model()

    def loss(x):
        before = model.losses
        y = (x * model.w).sum()
        model.losses = {"y": y}
        return y * (0.5 if not before else 2.0)

    f = watch(ms.value_and_grad(loss, None, [model.w]))
    kept = []
    for k in range(12):
        yield f(X + k), model.losses
        kept.append(model.losses)
        if k == 3:
            model.losses = {}
        elif k == 5:
            model.losses = None
        elif k == 6:
            model.losses["more"] = 1
        elif k == 7:
            model.losses["y"].assign_value(Tensor(9.0))
        elif k == 8:
            model.losses = [1, "a", X]
        elif k == 9:
            del model.losses["y"]
    yield kept


@program(compiles=True)
def never_read_and_changed_between_calls():
    model = Model()

    def loss(x):
        y = (x * model.w).sum()
        model.losses = {"y": y}
        return y

    f = watch(ms.value_and_grad(loss, None, [model.w]))
    for k in range(10):
        yield f(X + k), model.losses
        if k == 2:
            del model.losses
        elif k == 4:
            model.losses = model
        elif k == 6:
            model.losses = 5


@program(compiles=True)
def two_instances():
    class Counting(Model):
        def loss(self, x):
            self.calls += 1
            self.losses = {"x": (x * self.w).sum()}
            return self.losses["x"] * self.calls

    one, two = Counting(), Counting()
    f, g = ms.value_and_grad(one.loss, None, [one.w]), watch(ms.value_and_grad(two.loss, None, [two.w]))
    for k in STEPS:
        yield f(X + k), g(X - k), f(X), one.calls, two.calls, one.losses, two.losses


@program(compiles=True)
def copied_and_pickled_afterwards():
    class Mine(Net):
        def construct(self, x):
            self.calls += 1
            self.losses = {"y": (x * self.w).sum()}
            return self.losses["y"]

    net = Mine()
    f = watch(ms.value_and_grad(net, None, [net.w]))
    for k in STEPS:
        yield f(X + k), net.losses, net.calls
        other = copy.deepcopy(net)
        yield ms.value_and_grad(other, None, [other.w])(X), other.calls, other.losses, net.calls
        yield pickle.loads(pickle.dumps((net.losses, net.calls)))


@program
def it_raises_after_it_stored():
    model = Model()

    def loss(x, fails):
        model.calls += 1
        model.losses = {"x": x * 2}
        if fails:
            raise ValueError("no")
        model.last = [x * 3]
        return x.sum()

    f = ms.grad(loss)
    for k in range(8):
        yield attempt(f, X + k, k in (3, 5)), vars(model)


@program
def index_that_is_out_of_range():
    model, index = Model(), Tensor(1)

    def loss(x):
        model.calls += 1
        model.losses = {"x": x * 2}
        model.parts["n"] = x * 3
        y = ops.gather(x, index, 0)
        model.last = (y,)
        return y

    f = ms.grad(loss)
    for k in range(8):
        yield attempt(f, X + k), vars(model)
        index.assign_value(Tensor(5 if k in (3, 4) else 2))


@program
def in_a_loop_of_an_operator():
    model = Model()

    def body(i, y):
        model.calls += 1
        model.last = {"y": y}
        return [i + 1, y * 2]

    def loss(x):
        _, y = ops.WhileLoop()(lambda state: state[0] < 3, lambda state: body(*state), [Tensor(0), x])
        return y.sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield attempt(f, X + k), model.calls


@program
def in_the_rule_of_a_gradient():
    model = Model()

    class Square(nn.Cell):
        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            model.calls += 1
            model.last = {"dout": dout}
            return (2 * x * dout,)

    net = Square()
    f = ms.grad(lambda x: net(x).sum())
    for k in STEPS:
        yield f(X + k), model.calls, model.last


@program
def in_hooks():
    model = Model()
    net = nn.ReLU()

    def seen(cell, args, out):
        model.calls += 1
        model.parts[f"out{len(args)}"] = out
        FEATURES["relu"] = out
        FEATURES["both"] = (args[0], out)

    net.register_forward_hook(seen)
    x0 = X * 1
    hooked = []

    def backward(cell, grad_in, grad_out):
        model.last = grad_out

    net.register_backward_hook(backward)

    def loss(x):
        return (net(x) * 2).sum()

    f = ms.grad(loss)
    for k in STEPS:
        yield f(x0 + k), model.calls, model.parts, dict(FEATURES), model.last, hooked


@program(compiles=True)
def under_other_transforms():
    model = Model()

    def energy(x):
        model.calls += 1
        y = (x * x * x).sum()
        model.losses = {"e": y}
        return y

    f = watch(ms.grad(lambda x: ms.grad(energy)(x).sum()))
    for k in STEPS:
        yield f(X + k), model.losses, model.calls


@program
def under_vmap_and_recompute():
    model = Model()

    def row(x):
        model.calls += 1
        model.losses = {"x": x * 2}
        return (x * model.w).sum()

    again = nn.Dense(3, 1)
    again.recompute()

    def loss(x):
        return ms.vmap(row)(x).sum() + again(x).sum() * 0

    f = ms.grad(loss)
    for k in STEPS:
        yield f(ops.stack((X + k, X))), model.losses, model.calls


@program
def in_graph_mode():
    ms.set_context(mode=ms.GRAPH_MODE)

    class Mine(Net):
        def construct(self, x):
            self.calls = self.calls + 1
            y = x * self.w
            self.last = y
            return y.sum()

    net = Mine()
    f = ms.value_and_grad(net, None, [net.w])
    for k in STEPS:
        yield attempt(net, X + k), attempt(f, X + k), net.last, net.calls


# -- numbers ----------------------------------------------------------------------------------------------------------


@program(compiles=True)
def counters():
    model = Model()
    model.time = 0.0

    def loss(x):
        for _ in range(3):
            model.calls += 1
        model.time = model.time + 0.25
        model.twice = model.calls * 2
        return (x * model.w).sum() * model.time, model.calls

    f = watch(ms.value_and_grad(loss, None, [model.w], has_aux=True))
    for k in range(8):
        yield f(X + k), model.calls, model.time, model.twice, type(model.calls), type(model.time)
        if k == 2:
            model.calls = 100
        if k == 4:
            model.calls = 0.5
        if k == 6:
            model.calls = True


@program
def counter_that_decides():
    model = Model()

    def loss(x):
        model.calls += 1
        if model.calls % 3 == 0:
            model.losses = {"third": x * 2}
        return (x * model.w).sum() * (2.0 if model.calls > 4 else 1.0)

    f = watch(ms.value_and_grad(loss, None, [model.w]))
    for k in range(10):
        yield f(X + k), model.calls, model.losses


@program
def counter_that_is_printed():
    model = Model()

    def loss(x):
        model.calls += 1
        if model.calls % 3 == 0:
            print("call", model.calls)
        return (x * model.w).sum()

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(10):
        yield f(X + k), model.calls


@program
def counter_that_is_an_index():
    model = Model()
    rates = [0.5, 1.0, 2.0]

    def loss(x):
        rate = rates[model.calls % 3]
        model.calls += 1
        return (x * model.w).sum() * rate

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield f(X + k), model.calls


@program
def flags_and_texts():
    model = Model()
    model.ready, model.stage = False, "first"

    def loss(x):
        scale = 2.0 if model.ready else 1.0
        model.ready, model.stage = True, f"stage{x.ndim}"
        model.on = not getattr(model, "on", False)
        return (x * model.w).sum() * scale

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield f(X + k), model.ready, model.stage, model.on
        if k == 4:
            model.ready = False


@program
def total_of_values():
    model = Model()
    model.total = 0

    def loss(x):
        y = (x * model.w).sum()
        model.total = model.total + y
        return y

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield f(X + k), model.total
        if k == 4:
            model.total = 0


# -- elements ---------------------------------------------------------------------------------------------------------


@program(compiles=True)
def elements_of_a_dict():
    model = Model()

    def loss(x):
        y = (x * model.w).sum()
        model.parts["a"] = y
        model.parts["b"] = {"y": y, "k": 3}
        model.parts["a"] = y * 2
        return sum([model.parts["a"], model.parts["b"]["y"]])

    yield from model.trained(loss)


@program(compiles=True)
def dict_updated():
    model, table = Model(), {"y": None}

    def loss(x):
        y = (x * model.w).sum()
        model.parts.update({"a": y, "b": (y, 1)}, c=x * 2)
        model.parts.update()
        table.update(y=y)
        model.last = {}
        model.last.update(model.parts)
        return model.parts["a"] * 2

    yield from model.trained(loss)


@program
def updated_by_others():
    class Mine(dict):
        def update(self, *others, **names):
            super().update(seen=len(self))

    model = Model()
    model.parts, model.losses = Mine(), {"n": 0}

    def loss(x):
        y = (x * model.w).sum()
        model.losses.update([("y", y)])
        model.parts.update(y=y)
        model.losses.update(n=model.losses["n"] + 1)
        return y

    yield from model.trained(loss)


@program(compiles=True)
def elements_of_a_list():
    model = Model()
    model.parts = [None, X, 3]

    def loss(x):
        y = x * model.w
        model.parts[1] = y
        model.parts[-3] = (y, y.sum())
        return (model.parts[1] + model.parts[0][1]).sum()

    yield from model.trained(loss)


@program(compiles=True)
def elements_with_other_keys():
    model = Model()
    model.parts = {0: X, (1, "a"): None}

    def loss(x):
        for k in range(3):
            model.parts[k] = x * k
        model.parts[1, "a"] = x
        return (x * model.w).sum()

    yield from model.trained(loss)


@program(compiles=True)
def global_dict():
    def loss(x):
        y = x * 2
        FEATURES["y"] = y
        FEATURES["pair"] = (y, x)
        return y.sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        x = X + k
        yield f(x), FEATURES["pair"][0] is FEATURES["y"], FEATURES["pair"][1] is x, FEATURES


@program
def elements_changed_between_calls():
    model = Model()

    def loss(x):
        before = len(model.parts)
        y = (x * model.w).sum()
        model.parts["y"] = y
        return y * before

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(14):
        yield attempt(f, X + k), model.parts, list(model.parts)
        if k == 2:
            del model.parts["y"]
        elif k == 4:
            model.parts = {}
        elif k == 5:
            model.parts["y"] = 3
        elif k == 6:
            model.parts = {"more": 1, "y": X}
        elif k == 8:
            model.parts = collections.OrderedDict(more=1)
        elif k == 10:
            model.parts = collections.defaultdict(list)
        elif k == 12:
            model.parts = [1, 2]


@program
def two_containers_that_become_one():
    model = Model()
    model.other = {}

    def loss(x):
        y = (x * model.w).sum()
        seen = len(model.other)
        model.parts["y"] = y
        return y * (1 + len(model.other) - seen)

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(10):
        yield f(X + k), list(model.parts), list(model.other)
        if k == 3:
            model.parts, model.other = {}, {}
        if k == 5:
            model.parts = model.other = {}
        if k == 7:
            model.parts, model.other = {}, {}


@program
def container_that_is_captured_too():
    model = Model()
    table = model.parts

    def loss(x):
        y = (x * model.w).sum()
        model.parts["y"] = y
        return y * len(table)

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield f(X + k), len(table)
        if k == 3:
            model.parts = {}


@program
def attributes_as_a_dict():
    model = Model()

    def loss(x):
        y = (x * model.w).sum()
        vars(model)["last"] = y
        model.__dict__["made"] = [y]
        return y + model.last

    f = ms.value_and_grad(loss, None, [model.w])
    for k in STEPS:
        yield f(X + k), model.last, model.made


@program
def numbers_in_a_dict():
    model = Model()
    model.parts = {"calls": 0, "scale": 2.0}

    def loss(x):
        model.parts["calls"] += 1
        return (x * model.w).sum() * model.parts["scale"]

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield f(X + k), model.parts
        if k == 4:
            model.parts["scale"] = 4.0


@program
def weights_that_become_tensors():
    model = Model()
    model.weights = {"a": 1.0, "b": 2.0}

    def loss(x):
        y = (x * model.w).sum()
        scaled = y * model.weights["a"] + y * model.weights["b"]
        if len(model.parts) == 3:
            model.weights["a"] = y
        return scaled

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield f(X + k), model.weights
        model.parts[k] = k
        if k < 4:
            model.weights["b"] = 2.0 + k


@program
def registries_of_cells():
    class Mine(Net):
        def construct(self, x):
            y = x * self.w
            self._flags["y"] = y
            self._params["extra"] = None
            return y.sum()

    net = Mine()
    f = ms.grad(net)
    for k in STEPS:
        yield attempt(f, X + k), list(net._params), list(net._flags)


# -- lists that grow --------------------------------------------------------------------------------------------------


@program(compiles=True)
def history():
    model = Model()
    model.parts = {"all": [], "deep": {"er": [1]}}

    def loss(x):
        y = (x * model.w).sum()
        model.history.append(y)
        model.history.append((y, {"x": x}))
        model.parts["all"].append(y * 2)
        model.parts["deep"]["er"].append("text")
        model.history.append(3)
        return y

    step = watch(ms.value_and_grad(loss, None, [model.w]))
    for k in range(8):
        x = X + k
        yield step(x), model.history, model.parts
        if k < 3:
            yield model.history[-2][1]["x"] is x, model.history[-2][0] is model.history[-3]
        if k == 2:
            model.history = []
        if k == 3:
            del model.history[1:3]
        if k == 4:
            model.parts["other"] = 3
        if k == 5:
            model.parts["all"] = model.history


@program(compiles=True)
def lists_that_are_made_when_they_are_missing():
    model = Model()
    model.history = collections.defaultdict(list)

    def loss(x):
        y = (x * model.w).sum()
        model.history["y"].append(y)
        model.history["twice"].append(y * 2)
        model.history["twice"].append(y * 3)
        return y

    step = watch(ms.value_and_grad(loss, None, [model.w]))
    for k in range(8):
        yield step(X + k), dict(model.history), list(model.history)
        if k == 3:
            model.history.clear()
        if k == 5:
            model.history["other"].append(1)


@program
def history_that_is_read():
    model = Model()
    model.other = model.history

    def loss(x):
        y = (x * model.w).sum()
        model.history.append(y)
        return y * len(model.other) + sum(model.history)

    step = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield step(X + k), model.history, model.other
        if k == 3:
            model.other = [1.0]
        if k == 5:
            model.other = model.history


@program
def history_that_becomes_what_is_read():
    model = Model()
    model.other = [1.0]

    def loss(x):
        y = (x * model.w).sum()
        before = len(model.other)
        model.history.append(y)
        return y * (len(model.other) - before + 1)

    step = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield step(X + k), model.history, model.other
        if k == 3:
            model.history = model.other
        if k == 5:
            model.history = [1.0]


@program
def append_of_the_users():
    class Log(list):
        def append(self, value):
            super().append((value, len(self)))

    class Sink:
        def __init__(self):
            self.seen = 0

        def append(self, value):
            self.seen += 1
            self.last = value

    model = Model()
    model.history, model.last, model.losses = Log(), Sink(), collections.deque(maxlen=2)

    def loss(x):
        y = (x * model.w).sum()
        model.last.append(y)
        if len(model.parts) > 2:
            model.history.append(y)
            model.losses.append(y)
        return y

    step = ms.value_and_grad(loss, None, [model.w])
    for k in range(8):
        yield step(X + k), list(model.history), model.last.seen, model.last.last, list(model.losses)
        model.parts[k] = k


@program
def what_append_gives_and_how_it_fails():
    model = Model()

    def loss(x):
        y = (x * model.w).sum()
        given = [model.history.append(y), 1]
        model.calls.append(y)
        return y * given[1]

    step = ms.value_and_grad(loss, None, [model.w])
    for k in STEPS:
        yield attempt(step, X + k), model.history
        if k == 2:
            model.calls = []


@program
def order_of_what_is_appended():
    model = Model()

    def noted(y):
        model.history.append(1)
        return y

    def loss(x):
        y = (x * model.w).sum()
        model.history.append(noted(y))
        model.history.append(2)
        return y

    step = ms.value_and_grad(loss, None, [model.w])
    for k in STEPS:
        yield step(X + k), model.history


# -- containers that the call brings ----------------------------------------------------------------------------------


@program(compiles=True)
def captured_dict():
    w, losses, slots = Parameter(Tensor([0.5, 1.0, -0.5]), name="w"), {"deep": {}}, [None, X]

    def loss(x):
        y = (x * w).sum()
        losses["y"] = y
        losses["deep"]["er"] = [y, x * 2]
        slots[0] = slots[1]
        slots[1] = x * 3
        return y + losses["y"]

    step = watch(ms.value_and_grad(loss, None, [w]))
    for k in range(9):
        yield step(X + k), losses, slots
        if k == 4:
            losses["deep"] = {}
        if k == 6:
            losses["deep"] = {"er": 1}


@program(compiles=True)
def dict_that_is_given():
    def loss(x, table):
        table["x"] = x * 2
        table["n"] = x.ndim
        return (x * x).sum()

    f = watch(ms.grad(loss))
    table = {}
    for k in range(6):
        yield f(X + k, table), table
        table = {} if k == 3 else table


@program
def captured_and_an_attribute():
    model = Model()
    table = model.parts
    net = nn.ReLU()
    net.table = other = {}

    def loss(x):
        y = (x * model.w).sum()
        table["y"] = y
        other["y"] = y * 2
        return net(y) * (1 + len(model.parts)) * len(net.table)

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(9):
        yield f(X + k), table, model.parts, other, net.table
        if k == 3:
            model.parts = {}
        if k == 5:
            net.table = model.parts


@program
def seen_by_a_cell_afterwards():
    class Keeps(nn.Cell):
        def __init__(self, table):
            super().__init__()
            self.table = table

        def construct(self, x):
            return x * 2

    table, log = {}, [1]
    net, box = Keeps(table), Model()
    other = Keeps(log)
    box.history = log

    def loss(x):
        table["y"] = x * 3
        box.history.append(x * 4)
        return other(net(x)).sum()

    f = ms.grad(loss)
    for k in range(6):
        yield f(X + k), table, log


@program
def captured_dicts_that_become_one():
    w = Parameter(Tensor([0.5, 1.0, -0.5]), name="w")

    def made(one, two):
        def loss(x):
            y = (x * w).sum()
            before = len(two)
            one["y"] = y
            return y * (1 + len(two) - before)

        return loss

    f = ms.value_and_grad(made({}, {}), None, [w])
    for k in range(3):
        yield f(X + k)
    for k in range(4):
        one = {}
        yield ms.value_and_grad(made(one, one), None, [w])(X + k), one
        yield ms.value_and_grad(made(one, {}), None, [w])(X + k), one


@program
def captured_attributes_of_an_object():
    model = Model()
    own = vars(model)

    def loss(x):
        own["last"] = x * 2
        own["made"] = [x * 3]
        return (x * model.last * model.w).sum()

    f = ms.value_and_grad(loss, None, [model.w])
    for k in STEPS:
        yield f(X + k), own


@program
def captured_numbers():
    weights, model = {"a": 1.0, "b": 2.0}, Model()

    def loss(x):
        y = (x * model.w).sum()
        scaled = y * weights["a"] + y * weights["b"]
        weights["c"] = 2.0
        return scaled

    f = ms.value_and_grad(loss, None, [model.w])
    for k in range(9):
        yield f(X + k), weights
        weights["a"] = 0.5 * k
        if k % 3 == 2:
            del weights["c"]
