"""The first call of a function of a network compiles already: what differs between it and the second one."""

import copy
import gc
import pickle

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops


class Lazy(nn.Cell):
    """Makes its weight when it first sees an input."""

    def __init__(self):
        super().__init__()
        self.scale = Parameter(Tensor([2.0]), name="scale")
        self.weight = None

    def construct(self, x):
        if self.weight is None:
            self.weight = Parameter(ops.ones((x.shape[-1],), ms.float32), name="weight")
        return (x * self.weight * self.scale).sum()


@program(compiles=True)
def a_parameter_made_in_the_first_call():
    net = Lazy()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([1.0, float(i)])), [p.name for p in net.trainable_params()], list(net.__dict__)[-3:]


@program
def weights_taken_again_after_the_first_call():
    net = Lazy()
    for i in STEPS:
        step = watch(ms.value_and_grad(net, None, net.trainable_params()))
        yield step(Tensor([1.0, float(i)])), [p.name for p in net.trainable_params()]


class Counted(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0]), name="w")
        self.calls = 0

    def construct(self, x):
        self.calls += 1
        return (x * self.w).sum()


@program(compiles=True)
def a_count_of_calls_from_the_first():
    net = Counted()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for _ in STEPS:
        yield step(Tensor([1.0])), net.calls


@program
def called_once_each():
    for i in STEPS:
        net = Counted()
        yield ms.value_and_grad(net, None, net.trainable_params())(Tensor([float(i)])), net.calls


class Cached(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0]), name="w")
        self.cache = {}

    def construct(self, x):
        n = x.shape[0]
        if n not in self.cache:
            self.cache[n] = ops.arange(n).astype(ms.float32)
        return (x * self.w * self.cache[n]).sum()


@program(compiles=True)
def a_cache_filled_by_the_first_call():
    net = Cached()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([1.0, 2.0, 3.0][: 2 + i % 2])), sorted(net.cache), [net.cache[k] for k in sorted(net.cache)]


@program
def a_cache_of_activations():
    net = nn.Dense(2, 2, weight_init="ones")
    kept = []

    def forward(x):
        y = net(x)
        kept.append(y)
        return y.sum()

    step = watch(ms.value_and_grad(forward, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]])), kept


class Remembers(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0]), name="w")
        self.last = None

    def construct(self, x):
        y = x * self.w
        self.last = y
        return y.sum()


@program(compiles=True)
def an_attribute_that_was_none():
    net = Remembers()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([1.0 + i])), net.last, type(net.last).__name__, net.last.shape


class Modes(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = nn.SequentialCell(nn.Dense(2, 2, weight_init="ones"), nn.BatchNorm1d(2))

    def construct(self, x, train):
        self.net.set_train(train)
        return self.net(x).sum()


@program
def set_train_inside():
    net = Modes()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(8):
        yield step(Tensor([[1.0, float(i)], [0.0, 1.0]]), i % 2 == 0), net.net.training, net.net[1].moving_mean


@program
def the_first_call_raises():
    net = nn.Dense(2, 2, weight_init="ones")
    limit = [0]

    def forward(x):
        if limit[0] == 0:
            raise ValueError("not yet")
        return net(x).sum()

    step = watch(ms.value_and_grad(forward, None, net.trainable_params()))
    for i in range(7):
        limit[0] = i // 2
        yield attempt(step, Tensor([[1.0, float(i)]]))


@program
def the_first_call_raises_after_a_write():
    net = nn.Dense(2, 2, weight_init="ones")
    count = Parameter(Tensor([0.0]), name="count", requires_grad=False)

    def forward(x, n):
        ops.assign_add(count, Tensor([1.0]))
        if n < 2:
            raise KeyError(n)
        return net(x).sum()

    step = watch(ms.value_and_grad(forward, None, net.trainable_params()))
    for i in range(7):
        yield attempt(step, Tensor([[1.0, float(i)]]), i), count


@program
def the_first_call_has_wrong_shapes():
    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in range(6):
        yield attempt(step, Tensor(np.ones((1, 3 if i % 3 == 0 else 2), np.float32)))


@program
def names_are_set_between():
    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]])), [p.name for p in net.trainable_params()]
        net.update_parameters_name(f"n{i}.")


@program
def a_name_is_used_inside():
    net = nn.Dense(2, 2, weight_init="ones")

    def forward(x):
        factor = 2.0 if net.weight.name.startswith("n") else 1.0
        return net(x).sum() * factor

    step = watch(ms.value_and_grad(forward, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]]))
        if i == 2:
            net.weight.name = "n.weight"


@program
def recursion_from_the_first_call():
    net = nn.Dense(2, 2, weight_init="ones")

    def power(x, n):
        return x if n == 0 else power(net(x) * 0.25, n - 1)

    step = watch(ms.value_and_grad(lambda x, n: power(x, n).sum(), None, net.trainable_params()))
    for i in range(8):
        yield step(Tensor([[1.0, 0.5]]), i % 4)


@program
def modes_change_after_the_first():
    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in range(6):
        ms.set_context(mode=ms.GRAPH_MODE if i % 3 == 1 else ms.PYNATIVE_MODE)
        yield step(Tensor([[1.0, float(i)]]))


@program
def nets_at_the_same_id():
    def train(factor):
        net = nn.Dense(2, 2, weight_init="ones")
        net.factor = factor
        step = ms.value_and_grad(lambda x: net(x).sum() * net.factor, None, net.trainable_params())
        return [step(Tensor([[1.0, float(i)]])) for i in range(3)]

    for i in STEPS:
        yield train(float(i) if i % 2 else i)
        gc.collect()


@program
def a_copy_between_calls():
    net = nn.SequentialCell(nn.Dense(2, 2, weight_init="ones"), nn.BatchNorm1d(2))
    for i in STEPS:
        optimizer = nn.Momentum(net.trainable_params(), 0.125, 0.5)
        step = watch(ms.value_and_grad(lambda x: (net(x) ** 2).sum() * 0.5, None, optimizer.parameters))
        for j in range(3):
            value, grads = step(Tensor([[1.0, float(i)], [0.0, float(j)]]))
            optimizer(grads)
            yield value, grads
        old = net
        net = copy.deepcopy(net)
        yield list(old.get_parameters()), [p is q for p, q in zip(old.get_parameters(), net.get_parameters())]


@program
def a_pickled_net_between_calls():
    net = nn.Dense(2, 2, weight_init="ones")
    for i in STEPS:
        step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
        yield step(Tensor([[1.0, float(i)]])), net.weight.name
        found = attempt(lambda: pickle.loads(pickle.dumps(net)))
        if isinstance(found, nn.Cell):
            net = found


@program(compiles=True)
def lazily_made_layers():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.first = nn.Dense(2, 2, weight_init="ones")

        def construct(self, x):
            if not hasattr(self, "second"):
                self.second = nn.Dense(2, 1, weight_init="ones")
            return self.second(self.first(x)).sum()

    net = Net()
    for i in STEPS:
        step = watch(ms.value_and_grad(net, None, net.trainable_params()))
        yield step(Tensor([[1.0, float(i)]])), [p.name for p in net.trainable_params()], list(net.name_cells())


@program(compiles=True)
def a_property_that_caches():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([2.0]), name="w")
            self._table = None
            self.made = 0

        @property
        def table(self):
            if self._table is None:
                self.made += 1
                self._table = Tensor([1.0, 2.0])
            return self._table

        def construct(self, x):
            return (x * self.w * self.table).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([1.0, float(i)])), net.made, net._table


@program(compiles=True)
def functools_cached_property():
    import functools

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([2.0]), name="w")

        @functools.cached_property
        def table(self):
            return Tensor([1.0, 2.0])

        def construct(self, x):
            return (x * self.w * self.table).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([1.0, float(i)])), "table" in vars(net)


@program
def an_lru_cache_of_constants():
    import functools

    made = []

    @functools.lru_cache(None)
    def table(n):
        made.append(n)
        return ops.arange(n).astype(ms.float32)

    net = nn.Dense(3, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x * table(x.shape[-1])).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i), 2.0]])), made, table(3), table.cache_info()


@program
def a_generator_of_batches():
    net = nn.Dense(2, 2, weight_init="ones")
    source = iter([Tensor([[1.0, float(i)]]) for i in range(6)])
    step = watch(ms.value_and_grad(lambda: net(next(source)).sum(), None, net.trainable_params()))
    for _ in STEPS:
        yield step()


@program
def enumerate_batches_in_the_step():
    net = nn.Dense(2, 2, weight_init="ones")
    opt = nn.SGD(net.trainable_params(), 0.125)
    grad = watch(ms.value_and_grad(lambda x: net(x).sum(), None, opt.parameters))

    def epoch(data):
        for i, x in enumerate(data):
            value, g = grad(x)
            opt(g)
            yield i, value

    for n, v in epoch([Tensor([[1.0, float(i)]]) for i in range(5)]):
        yield n, v, net.weight


@program
def a_class_counter_of_instances():
    class Node:
        made = 0

        def __init__(self, x):
            Node.made += 1
            self.x = x

    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(Node(x).x).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]])), Node.made


@program
def itertools_count_in_new_objects():
    import itertools

    ids = itertools.count()

    class Node:
        def __init__(self, x):
            self.x, self.id = x, next(ids)

    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(Node(x).x).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]])), next(ids)


@program
def fresh_parameters_in_the_call():
    def f(x):
        w = Parameter(Tensor([3.0]), name="w")
        return (x * w).sum(), w

    net = nn.Dense(2, 2, weight_init="ones")

    def g(x):
        y, w = f(net(x))
        return y, w

    step = watch(ms.value_and_grad(g, None, net.trainable_params(), has_aux=True))
    for i in STEPS:
        (v, w), gr = step(Tensor([[1.0, float(i)]]))
        yield v, w, type(w).__name__, w.name, gr


@program
def fresh_layers_in_the_call():
    net = nn.Dense(2, 2, weight_init="ones")

    def g(x):
        layer = nn.Dense(2, 2)
        return (layer(net(x))).sum()

    step = watch(ms.value_and_grad(g, None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]]))


@program
def init_data_that_is_late():
    from msjax.common.initializer import initializer

    net = nn.Dense(2, 2)
    net.weight.set_data(initializer("ones", (2, 2), ms.float32))
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]])), net.weight.has_init
        if i == 2:
            net.weight.set_data(initializer("zeros", (2, 2), ms.float32))


@program
def requires_grad_changes_after_the_first():
    net = nn.Dense(2, 2, weight_init="ones")
    for i in range(6):
        step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
        yield step(Tensor([[1.0, float(i)]]))
        net.bias.requires_grad = i % 2 == 1


@program
def requires_grad_changes_with_one_step():
    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, list(net.get_parameters())))
    for i in range(6):
        yield step(Tensor([[1.0, float(i)]]))
        net.bias.requires_grad = i % 2 == 1


@program
def the_first_call_is_in_no_grad():
    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in range(6):
        if i % 2 == 0:
            with ms._no_grad():
                yield attempt(step, Tensor([[1.0, float(i)]]))
        else:
            yield step(Tensor([[1.0, float(i)]]))


@program
def weights_are_replaced_by_attribute():
    net = nn.Dense(2, 2, weight_init="ones")
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield step(Tensor([[1.0, float(i)]]))
        net.weight = Parameter(Tensor(np.full((2, 2), float(i), np.float32)), name="weight")


@program
def dtype_of_the_net_changes():
    net = nn.Dense(2, 2, weight_init="ones")
    for i in STEPS:
        step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
        yield attempt(step, Tensor([[1.0, float(i)]], net.weight.dtype))
        net.to_float(ms.float16 if i % 2 else ms.float32)
        if i == 3:
            for p in net.get_parameters():
                p.set_dtype(ms.float16)
